import { brokenName } from './csv/broken-name';

const MAX_NAME = 255;

export interface Names {
  readonly firstName: string;
  readonly lastName: string;
}

/** “Ann Maria Lee” → Ann Maria, Lee; “Lee, Ann” → Ann, Lee. */
export function splitName(name: string): Names {
  const [last, first] = name.split(/,\s*/, 2);
  if (first) return { firstName: first.trim(), lastName: last?.trim() ?? '' };
  const words = name.trim().split(/\s+/);
  return {
    firstName: words.slice(0, -1).join(' ') || (words[0] ?? ''),
    lastName: words.length > 1 ? (words.at(-1) ?? '') : '',
  };
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
