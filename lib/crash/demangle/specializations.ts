import { giveUp, make, type Node } from './node';
import type { Reader } from './reader';
import { popTypes } from './types';

/** What was made special of a parameter: either one of these … */
export const SPECIAL = {
  function: 0,
  global: 1,
  integer: 2,
  float: 3,
  string: 4,
  closure: 5,
  boxToValue: 6,
  boxToStack: 7,
  inOutToOut: 8,
  keyPath: 9,
  struct: 10,
  sameClosure: 11,
} as const;

/** … or several of these together. */
export const FLAGS = { dead: 64, toGuaranteed: 128, exploded: 256, toOwned: 512, toGeneric: 1024 } as const;

/** The pass that made a specialisation, and what it says about the whole: none of the passes is shown. */
function readNotes(r: Reader): Node[] {
  // Swift 5.9 to 6.2 said here that metatypes are not passed; no version shows it.
  r.nextIf('m');
  const notes: Node[] = [];
  if (r.nextIf('q')) notes.push(make('SpecNote', [], 'serialized'));
  if (r.nextIf('a')) notes.push(make('SpecNote'));
  if (r.nextIf('r')) notes.push(make('SpecNote', [], 'representation changed'));
  const pass = r.next();
  return pass >= '0' && pass <= '9' ? notes : giveUp();
}

/** A generic function for given types. */
export function readSpecialization(r: Reader, words: string): Node {
  const notes = readNotes(r);
  const params = popTypes(r).map((one) => make('GenericParam', [one]));
  return make('Specialization', [...notes, ...params], words);
}

/** A generic function for some of its types: the type on top holds the signature that is left. */
export function readPartialSpecialization(r: Reader, words: string): Node {
  const notes = readNotes(r);
  return make('Specialization', [...notes, make('GenericParam', [r.need('Type')], 'Signature = ')], words);
}

/** A function whose parameters, or whose result, are passed in another way. */
export function readFunctionSpecialization(r: Reader): Node {
  const notes = readNotes(r);
  const words = 'function signature specialization';
  if (notes[0]?.text === 'representation changed') return make('Specialization', notes, words);
  const params: Node[][] = [];
  while (!r.nextIf('_')) params.push(readParameter(r));
  const result = r.nextIf('n') ? undefined : readParameter(r);
  const whole = [...params].reverse().map((kinds) => make('SpecParam', [...kinds, ...popPayloads(r, kinds)]));
  const shown = [...notes, ...whole.reverse()];
  return make('Specialization', result ? [...shown, make('SpecReturn', result)] : shown, words);
}

/** What the kinds of a parameter are about stands before the operator, the last first. */
function popPayloads(r: Reader, kinds: readonly Node[]): Node[] {
  const payloads: Node[] = [];
  for (const kind of [...kinds].reverse()) {
    switch (kind.index) {
      case SPECIAL.closure:
        for (let one = r.popKind('Type'); one; one = r.popKind('Type')) payloads.push(one);
        break;
      case SPECIAL.keyPath:
        payloads.push(r.need('Type'), r.need('Type'));
        break;
      case SPECIAL.struct:
        payloads.push(r.need('Type'));
        continue;
      case SPECIAL.function:
      case SPECIAL.global:
      case SPECIAL.string:
        break;
      default:
        continue;
    }
    payloads.push(r.need('Identifier'));
  }
  return payloads.reverse();
}

function kind(index: number, payload = ''): Node {
  return make('SpecKind', [], payload, index);
}

function readParameter(r: Reader): Node[] {
  const letter = r.next();
  switch (letter) {
    case 'n':
      return [];
    case 'c':
      return [kind(SPECIAL.closure)];
    case 'C': {
      const earlier = r.natural();
      return earlier < 0 ? giveUp() : [kind(SPECIAL.sameClosure, String(earlier))];
    }
    case 'p':
      return readConstants(r);
    case 'e':
      return [kind(FLAGS.toGeneric + readFlags(r, 'DGOX'))];
    case 'd':
      return [kind(FLAGS.dead + readFlags(r, 'GOX'))];
    case 'g':
      return [kind(FLAGS.toGuaranteed + readFlags(r, 'X'))];
    case 'o':
      return [kind(FLAGS.toOwned + readFlags(r, 'X'))];
    case 'x':
      return [kind(FLAGS.exploded)];
    case 'i':
      return [kind(SPECIAL.boxToValue)];
    case 's':
      return [kind(SPECIAL.boxToStack)];
    case 'r':
      return [kind(SPECIAL.inOutToOut)];
    default:
      return giveUp();
  }
}

const FLAG_LETTERS: Readonly<Record<string, number>> = {
  D: FLAGS.dead,
  G: FLAGS.toGuaranteed,
  O: FLAGS.toOwned,
  X: FLAGS.exploded,
};

function readFlags(r: Reader, allowed: string): number {
  let flags = 0;
  for (const letter of allowed) if (r.nextIf(letter)) flags += FLAG_LETTERS[letter] ?? 0;
  return flags;
}

const ENCODINGS: Readonly<Record<string, string>> = { b: 'u8', w: 'u16', c: 'objc' };

function readConstants(r: Reader): Node[] {
  const kinds: Node[] = [];
  for (;;) {
    switch (r.next()) {
      case 'S':
        kinds.push(kind(SPECIAL.struct));
        break;
      case 'f':
        kinds.push(kind(SPECIAL.function));
        break;
      case 'g':
        kinds.push(kind(SPECIAL.global));
        break;
      case 'i':
        kinds.push(kind(SPECIAL.integer, readDigits(r)));
        break;
      case 'd':
        kinds.push(kind(SPECIAL.float, readDigits(r)));
        break;
      case 's':
        kinds.push(kind(SPECIAL.string, ENCODINGS[r.next()] ?? giveUp()));
        break;
      case 'k':
        kinds.push(kind(SPECIAL.keyPath));
        break;
      default:
        r.back();
        return kinds;
    }
  }
}

function readDigits(r: Reader): string {
  let digits = '';
  while (r.peek() >= '0' && r.peek() <= '9') digits += r.next();
  return digits === '' ? giveUp() : digits;
}
