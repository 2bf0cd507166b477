import { brokenName } from './csv/broken-name';

const MAX_NAME = 255;

export interface Names {
  readonly firstName: string;
  readonly lastName: string;
}

/** What may follow a name after a comma; abbreviated first names such as “Md” are none of these. */
const SUFFIX = /^(?:[js]r|esq|dr|phd|II|III|IV|MD|DDS|MBA|CPA)$/;

/** “Ann Maria Lee” → Ann Maria, Lee; “Lee, Ann” → Ann, Lee; “Ann Lee, PhD” → Ann, Lee PhD. */
export function splitName(name: string): Names {
  const [head = '', ...rest] = name
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const suffix = rest.filter(isSuffix).join(' ');
  const first = rest.filter((part) => !isSuffix(part)).join(', ');
  const words = head.split(/\s+/);
  const last = first !== '' || (suffix !== '' && words.length === 1) ? head : words.slice(1).at(-1);
  return {
    firstName: last === head ? first : words.slice(0, Math.max(1, words.length - 1)).join(' '),
    lastName: [last ?? '', suffix].filter((part) => part !== '').join(' '),
  };
}

function isSuffix(part: string): boolean {
  const plain = part.replaceAll('.', '');
  return SUFFIX.test(plain) || SUFFIX.test(plain.toLowerCase());
}

/** A name as Apple gets it: cells may hold line breaks and tabs. */
export function inOneLine(name: string): string {
  return name.trim().split(/\s+/).join(' ');
}

/** Says which name is longer than Apple takes; null when none is. */
export function nameProblem(names: Names): string | null {
  for (const [label, name] of [
    ['first', names.firstName],
    ['last', names.lastName],
  ] as const) {
    const length = [...name].length;
    if (length > MAX_NAME)
      return `The ${label} name has ${length} characters; Apple takes at most ${MAX_NAME}.`;
  }
  return null;
}

/** Says why a name should be looked at before it is sent; null when it looks right. */
export function nameOnHold({ firstName, lastName }: Names, isEncodingUnsure: boolean): string | null {
  const whole = `${firstName}${lastName}`;
  const isNumber = /\d/.test(whole) && !/\p{L}/u.test(whole);
  const broken = isNumber ? 'it is a number' : (brokenName(firstName) ?? brokenName(lastName));
  if (broken !== null) return `The name looks broken: ${broken}.`;
  if (isEncodingUnsure && /\P{ASCII}/u.test(whole)) {
    return 'The encoding of the file was guessed and another would do as well: look whether the name is right.';
  }
  return null;
}
