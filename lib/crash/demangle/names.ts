import { giveUp, isName, make, type Node } from './node';
import { decodePunycode } from './punycode';
import type { Reader } from './reader';

const LONGEST = 10_000;

const isUpper = (letter: string): boolean => letter >= 'A' && letter <= 'Z';
const isLower = (letter: string): boolean => letter >= 'a' && letter <= 'z';

/** An identifier: its length and text, with `0` before it where it repeats words, `00` where it is punycode. */
export function readIdentifier(r: Reader): Node {
  const plain = r.peek() !== '0';
  if (!plain) r.next();
  const punycode = !plain && r.nextIf('0');
  const words = !plain && !punycode;
  let name = '';
  for (let more = words; ; ) {
    while (more && (isLower(r.peek()) || isUpper(r.peek()))) {
      const letter = r.next();
      more = isLower(letter);
      name += r.words[letter.toLowerCase().charCodeAt(0) - 97] ?? giveUp();
      if (name.length > LONGEST) giveUp();
    }
    if (r.nextIf('0')) break;
    const length = r.natural();
    if (length <= 0) giveUp();
    if (punycode) r.nextIf('_');
    const part = r.slice(length);
    if (name.length + part.length > LONGEST) giveUp();
    if (punycode) name += decodePunycode(part) ?? giveUp();
    else {
      name += part;
      rememberWords(r, part);
    }
    if (!more) break;
  }
  if (name === '') giveUp();
  return r.substitutable(make('Identifier', [], name));
}

/** A word ends at an underscore or before an upper-case letter; digits and underscores start none. */
function rememberWords(r: Reader, text: string): void {
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const letter = text.charAt(at);
    const ends = letter === '' || letter === '_' || (isUpper(letter) && !isUpper(text.charAt(at - 1)));
    if (start >= 0 && ends) {
      if (at - start >= 2) r.remember(text.slice(start, at));
      start = -1;
    }
    if (start < 0 && letter !== '' && letter !== '_' && !(letter >= '0' && letter <= '9')) start = at;
  }
}

const OPERATOR_LETTERS: Readonly<Record<string, string>> = {
  a: '&',
  c: '@',
  d: '/',
  e: '=',
  g: '>',
  l: '<',
  m: '*',
  n: '!',
  o: '|',
  p: '+',
  q: '?',
  r: '%',
  s: '-',
  t: '~',
  x: '^',
  z: '.',
};

const FIXITIES: Readonly<Record<string, string>> = { i: ' infix', p: ' prefix', P: ' postfix' };

/** The operator that the letters of an identifier stand for. */
export function operatorOf(letters: string): string {
  let name = '';
  for (const letter of letters) name += letter > '\u007f' ? letter : (OPERATOR_LETTERS[letter] ?? giveUp());
  return name;
}

/** The name of an operator, made of the identifier on top. */
export function readOperatorName(r: Reader): Node {
  const name = operatorOf(r.need('Identifier').text);
  return make('OperatorName', [], name + (FIXITIES[r.next()] ?? giveUp()));
}

/** A name that is private to a file, local to a function, or related to another declaration. */
export function readLocalName(r: Reader): Node {
  if (r.nextIf('L')) {
    const discriminator = r.need('Identifier');
    return make('PrivateName', [r.needIf(isName)], discriminator.text);
  }
  if (r.nextIf('l')) return make('PrivateName', [], r.need('Identifier').text);
  const letter = r.peek().toLowerCase();
  if (letter >= 'a' && letter <= 'j') {
    const kind = r.next();
    return make('RelatedName', [r.pop() ?? giveUp()], kind);
  }
  const index = r.indexNumber();
  return make('LocalName', [r.needIf(isName)], '', index);
}
