import { popProtocolConformance } from './bound';
import { popAssociatedName, popAssociatedPath } from './generics';
import { giveUp, isEntity, make, type Node, phrase } from './node';
import type { Reader } from './reader';
import { readFunctionSpecialization, readPartialSpecialization, readSpecialization } from './specializations';

/** What stands before an entity, by the letter after `T`; the second of a pair is left out of simplified names. */
const ATTRIBUTES: Readonly<Record<string, readonly [string, 'always' | 'in full']>> = {
  o: ['@objc ', 'always'],
  O: ['@nonobjc ', 'always'],
  D: ['dynamic ', 'always'],
  d: ['super ', 'always'],
  u: ['async function pointer to ', 'always'],
  E: ['distributed thunk ', 'in full'],
  F: ['distributed accessor for ', 'in full'],
  m: ['merged ', 'in full'],
  X: ['dynamically replaceable variable for ', 'in full'],
  x: ['dynamically replaceable key for ', 'in full'],
  I: ['dynamically replaceable thunk for ', 'in full'],
};

const LATER_ATTRIBUTES: Readonly<Record<string, readonly [string, 'always' | 'in full']>> = {
  b: ['back deployment thunk for ', 'in full'],
  B: ['back deployment fallback for ', 'always'],
  c: ['coro function pointer to ', 'always'],
  d: ['default override of ', 'always'],
  S: ['#_hasSymbol query for ', 'always'],
};

/** Thunks of one entity. */
const OF_ENTITIES: Readonly<Record<string, string>> = {
  c: 'curry thunk of %0',
  j: 'dispatch thunk of %0',
  q: 'method descriptor for %0',
  S: 'protocol self-conformance witness for %0',
};

const SPECIALIZATIONS: Readonly<Record<string, string>> = {
  g: 'generic specialization',
  G: 'generic not re-abstracted specialization',
  B: 'generic specialization',
  s: 'generic pre-specialization',
  i: 'inlined generic function',
};

/** Something that is said before the entity it is about. */
function attribute([words, when]: readonly [string, 'always' | 'in full']): Node {
  return make('Attribute', [], words, when === 'in full' ? 1 : 0);
}

/** `T`: thunks, specialisations and what else stands around a function. */
export function readThunk(r: Reader): Node {
  const letter = r.next();
  const known = ATTRIBUTES[letter];
  if (known) return attribute(known);
  const ofEntity = OF_ENTITIES[letter];
  if (ofEntity) return make('Descriptor', [r.needIf(isEntity)], ofEntity);
  const specialization = SPECIALIZATIONS[letter];
  if (specialization) return readSpecialization(r, specialization);
  switch (letter) {
    case 'a':
      return make('PartialApply', [], 'partial apply ObjC forwarder');
    case 'A':
      return make('PartialApply', [], 'partial apply forwarder');
    case 'T':
      if (r.next() !== 'I') giveUp();
      return make('Descriptor', [r.needIf(isEntity)], 'identity thunk of %0');
    case 'Y':
      return attribute([`(${r.indexNumber()}) suspend resume partial function for `, 'in full']);
    case 'Q':
      return attribute([`(${r.indexNumber()}) await resume partial function for `, 'in full']);
    case 'C':
      return make('Descriptor', [r.need('Type')], 'coroutine continuation prototype for %0');
    case 'z':
    case 'Z':
      return readCompletionHandler(r, letter === 'Z' ? 'checked ' : '');
    case 'V': {
      const base = r.needIf(isEntity);
      return make('Descriptor', [r.needIf(isEntity), base], 'vtable thunk for %1 dispatching to %0');
    }
    case 'W': {
      const entity = r.needIf(isEntity);
      return make(
        'Descriptor',
        [popProtocolConformance(r), entity],
        'protocol witness for %1 in conformance %0',
      );
    }
    case 'R':
    case 'r':
    case 'y':
      return readReabstraction(r, letter);
    case 'U': {
      const actor = r.need('Type');
      const thunk = r.pop() ?? giveUp();
      return make('Descriptor', [thunk, actor], '%0 with global actor constraint %1');
    }
    case 't': {
      do {
        r.natural();
      } while (r.nextIf('t'));
      const how = r.next();
      return how === 'g' || how === 'G' || how === 'B'
        ? readSpecialization(r, SPECIALIZATIONS[how] ?? '')
        : giveUp();
    }
    case 'p':
      return readPartialSpecialization(r, 'generic partial specialization');
    case 'P':
      return readPartialSpecialization(r, 'generic not-reabstracted partial specialization');
    case 'f':
      return readFunctionSpecialization(r);
    case 'v': {
      const index = r.indexNumber();
      const what = r.next() === 'r' ? 'read-only object' : 'variable';
      return attribute([`outlined ${what} #${index} of `, 'always']);
    }
    case 'e':
      return attribute([`outlined bridged method (${readBridged(r)}) of `, 'always']);
    case 'w':
      return attribute(LATER_ATTRIBUTES[r.next()] ?? giveUp());
    case 'K':
    case 'k':
      return readKeyPath(r, letter);
    case 'H':
    case 'h':
      return readKeyPathIndex(r, letter === 'H' ? 'equality' : 'hash');
    default:
      return readRequirementThunk(r, letter);
  }
}

/** What is made for the requirements of a protocol. */
function readRequirementThunk(r: Reader, letter: string): Node {
  switch (letter) {
    case 'l':
      return make('Descriptor', [popAssociatedName(r)], 'associated type descriptor for %0');
    case 'L':
      return make('Descriptor', [r.needProtocol()], 'protocol requirements base descriptor for %0');
    case 'M':
      return make('Descriptor', [popAssociatedName(r)], 'default associated type metadata accessor for %0');
    case 'n':
    case 'N': {
      const required = r.needProtocol();
      const path = make('AssociatedPath', popAssociatedPath(r), '%.');
      const what =
        letter === 'n' ? 'associated conformance descriptor' : 'default associated conformance accessor';
      return make('Descriptor', [r.need('Type'), path, required], `${what} for %0.%1: %2`);
    }
    case 'b': {
      const required = r.needProtocol();
      return make('Descriptor', [r.need('Type'), required], 'base conformance descriptor for %0: %1');
    }
    default:
      return giveUp();
  }
}

function readReabstraction(r: Reader, letter: string): Node {
  const signature = r.popKind('Signature');
  const self = letter === 'y' ? r.need('Type') : undefined;
  const to = r.need('Type');
  const from = r.need('Type');
  const generic = signature ? '%2 ' : '';
  const extra = signature ? [signature] : [];
  if (self) {
    const words = `reabstraction thunk ${signature ? '%3 ' : ''}from %1 to %0 self %2`;
    return make('Descriptor', [to, from, self, ...extra], words);
  }
  const helper = letter === 'R' ? 'helper ' : '';
  return make('Reabstraction', [to, from, ...extra], `reabstraction thunk ${helper}${generic}from %1 to %0`);
}

function readCompletionHandler(r: Reader, checked: string): Node {
  const mode = r.indexNumber();
  const signature = r.popKind('Signature');
  const result = r.need('Type');
  const block = r.need('Type');
  const failure = ['', ' nonzero on error', ' zero on error'][mode] ?? ' <invalid error flag>';
  const words = `${checked}@objc completion handler block implementation for ${signature ? '%2' : ''}%0`;
  return make(
    'Descriptor',
    signature ? [block, result, signature] : [block, result],
    `${words} with result type %1${failure}`,
  );
}

function readBridged(r: Reader): string {
  let letters = r.next();
  if (!'opam'.includes(letters) || letters === '') giveUp();
  while (!r.nextIf('_')) {
    const letter = r.next();
    if (letter === '' || !'nbg'.includes(letter)) giveUp();
    letters += letter;
  }
  return letters;
}

function popTypesFromTop(r: Reader): Node[] {
  const types: Node[] = [];
  for (let one = r.popKind('Type'); one; one = r.popKind('Type')) types.push(one);
  return types.reverse();
}

function readKeyPath(r: Reader, letter: string): Node {
  const what = r.nextIf('mu')
    ? 'unapplied method '
    : r.nextIf('MA')
      ? 'applied method '
      : letter === 'K'
        ? 'getter for '
        : 'setter for ';
  const serialized = r.nextIf('q') ? ', serialized' : '';
  const types = popTypesFromTop(r);
  if (types.length === 0) giveUp();
  const signature = r.popKind('Signature');
  const of = r.pop() ?? giveUp();
  const rest = signature ? [signature, ...types] : types;
  return make('Descriptor', [of, phrase('%*', ...rest)], `key path ${what}%0 : %1${serialized}`);
}

function readKeyPathIndex(r: Reader, what: string): Node {
  r.nextIf('q');
  const signature = r.popKind('Signature');
  const types = popTypesFromTop(r);
  if ((!signature && types.length === 0) || r.pop()) giveUp();
  const indices = phrase('%,', ...types);
  const words = `key path index ${what} operator for `;
  return signature
    ? make('Descriptor', [signature, indices], `${words}%0(%1)`)
    : make('Descriptor', [indices], `${words}(%0)`);
}
