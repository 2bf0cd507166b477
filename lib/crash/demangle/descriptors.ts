import { popProtocolConformance } from './bound';
import { popAssociatedPath } from './generics';
import { child, giveUp, isEntity, isName, isNominal, make, type Node } from './node';
import type { Reader } from './reader';

/** What is made for a type, by the letter after `M`. */
const OF_TYPES: Readonly<Record<string, string>> = {
  a: 'type metadata accessor for ',
  b: 'canonical specialized generic type metadata accessor for ',
  B: 'reflection metadata builtin descriptor ',
  D: 'demangling cache variable for type metadata for ',
  f: 'full type metadata for ',
  F: 'reflection metadata field descriptor ',
  i: 'type metadata instantiation function for ',
  I: 'type metadata instantiation cache for ',
  l: 'type metadata singleton initialization cache for ',
  L: 'lazy cache variable for type metadata for ',
  m: 'metaclass for ',
  M: 'specialized generic metaclass for ',
  n: 'nominal type descriptor for ',
  N: 'noncanonical specialized generic type metadata for ',
  o: 'class metadata base offset for ',
  P: 'generic type metadata pattern for ',
  r: 'type metadata completion function for ',
  s: 'ObjC resilient class stub for ',
  t: 'full ObjC resilient class stub for ',
  u: 'method lookup function for ',
  U: 'ObjC metadata update function for ',
  z: 'flag for loading of canonical specialized generic type metadata for ',
};

/** What is made for anything, by the letter after `M`. */
const OF_ANYTHING: Readonly<Record<string, string>> = {
  g: 'opaque type descriptor accessor for ',
  h: 'opaque type descriptor accessor impl for ',
  j: 'opaque type descriptor accessor key for ',
  J: 'cache variable for noncanonical specialized generic type metadata for ',
  k: 'opaque type descriptor accessor var for ',
  K: 'metadata instantiation cache for ',
  q: 'uniquable ',
  Q: 'opaque type descriptor for ',
};

const about = (words: string, of: Node): Node => make('Descriptor', [of], `${words}%0`);

/** `M`: what the compiler makes so that a type is known when the programme runs. */
export function readMetadata(r: Reader): Node {
  const letter = r.next();
  const ofType = OF_TYPES[letter];
  if (ofType) return about(ofType, r.need('Type'));
  const ofAnything = OF_ANYTHING[letter];
  if (ofAnything) return about(ofAnything, r.pop() ?? giveUp());
  switch (letter) {
    case 'A':
      return about('reflection metadata associated type descriptor ', popProtocolConformance(r));
    case 'c':
      return about('protocol conformance descriptor for ', popProtocolConformance(r));
    case 'C': {
      const of = child(r.need('Type'), 0);
      return isNominal(of) ? about('reflection metadata superclass descriptor ', of) : giveUp();
    }
    case 'p':
      return about('protocol descriptor for ', r.needProtocol());
    case 'S':
      return about('protocol self-conformance descriptor for ', r.needProtocol());
    case 'V':
      return about('property descriptor for ', r.needIf(isEntity));
    case 'X':
      return readPrivateContext(r);
    default:
      return giveUp();
  }
}

function readPrivateContext(r: Reader): Node {
  switch (r.next()) {
    case 'E':
      return about('extension descriptor ', r.needContext());
    case 'M':
      return about('module descriptor ', r.needModule());
    case 'Y':
      if (!r.pop()) giveUp();
      return about('anonymous descriptor ', r.needContext());
    case 'X':
      return about('anonymous descriptor ', r.needContext());
    case 'A': {
      const path = make('AssociatedPath', popAssociatedPath(r), '%.');
      const words = 'generic parameter reference for associated type %0%1';
      return make('Descriptor', [r.need('Type'), path], words);
    }
    default:
      return giveUp();
  }
}

/** What is made for a conformance, by the letter after `W`. */
const OF_CONFORMANCES: Readonly<Record<string, string>> = {
  P: 'protocol witness table for ',
  p: 'protocol witness table pattern for ',
  G: 'generic protocol witness table for ',
  I: 'instantiation function for generic protocol witness table for ',
  r: 'resilient protocol witness table for ',
  a: 'protocol witness table accessor for ',
};

/** Copies and the like that the compiler moved out of functions, by the letter after `WO`. */
const OUTLINED: Readonly<Record<string, string>> = {
  B: 'init with take of ',
  b: 'init with take of ',
  C: 'init with copy of ',
  c: 'init with copy of ',
  D: 'assign with take of ',
  d: 'assign with take of ',
  F: 'assign with copy of ',
  f: 'assign with copy of ',
  H: 'destroy of ',
  h: 'destroy of ',
  r: 'retain of ',
  s: 'release of ',
  y: 'copy of ',
  e: 'consume of ',
  g: 'enum get tag of ',
  i: 'enum tag store of ',
  j: 'enum project data for load of ',
};

/** `W`: witness tables, value witnesses, field offsets, outlined copies, once-functions. */
export function readWitness(r: Reader): Node {
  const letter = r.next();
  const ofConformance = OF_CONFORMANCES[letter];
  if (ofConformance) return about(ofConformance, popProtocolConformance(r));
  switch (letter) {
    case 'C':
      return about('enum case for ', r.needIf(isEntity));
    case 'V':
      return about('value witness table for ', r.need('Type'));
    case 'v': {
      const how = r.next();
      const word = how === 'd' ? 'direct' : how === 'i' ? 'indirect' : giveUp();
      return about(`${word} field offset for `, r.needIf(isEntity));
    }
    case 'S':
      return about('protocol self-conformance witness table for ', r.needProtocol());
    case 'l':
    case 'L': {
      const conformance = popProtocolConformance(r);
      const what = letter === 'l' ? 'accessor' : 'cache variable';
      const words = `lazy protocol witness table ${what} for type %0 and conformance %1`;
      return make('Descriptor', [r.need('Type'), conformance], words);
    }
    case 't': {
      const name = r.needIf(isName);
      const words = 'associated type metadata accessor for %1 in %0';
      return make('Descriptor', [popProtocolConformance(r), name], words);
    }
    case 'T': {
      const protocol = r.need('Type');
      const path = make('AssociatedPath', popAssociatedPath(r), '%.');
      const words = 'associated type witness table accessor for %1 : %2 in %0';
      return make('Descriptor', [popProtocolConformance(r), path, protocol], words);
    }
    case 'b': {
      const protocol = r.need('Type');
      return make(
        'Descriptor',
        [popProtocolConformance(r), protocol],
        'base witness table accessor for %1 in %0',
      );
    }
    case 'O':
      return readOutlined(r);
    case 'Z':
    case 'z':
      return readOnce(r, letter === 'Z' ? 'function' : 'token');
    default:
      return giveUp();
  }
}

function readOutlined(r: Reader): Node {
  const letter = r.next();
  const words = `outlined ${OUTLINED[letter] ?? giveUp()}`;
  if (letter === 'i' || letter === 'j') r.indexNumber();
  const signature = r.popKind('Signature');
  const of = r.need('Type');
  const shown = signature && (letter === 'y' || letter === 'e');
  return shown ? make('Descriptor', [of, signature], `${words}%0%1`) : about(words, of);
}

function readOnce(r: Reader, what: string): Node {
  const names: Node[] = [];
  while (r.popKind('FirstElement')) names.push(r.needIf(isName));
  r.needContext();
  const words = `one-time initialization ${what} for `;
  return make('Descriptor', names.reverse(), names.length === 1 ? `${words}%0` : `${words}(%,)`);
}

/** Value witnesses by their two letters. */
const VALUE_WITNESSES: Readonly<Record<string, string>> = {
  al: 'allocateBuffer',
  ca: 'assignWithCopy',
  ta: 'assignWithTake',
  de: 'deallocateBuffer',
  xx: 'destroy',
  XX: 'destroyBuffer',
  Xx: 'destroyArray',
  CP: 'initializeBufferWithCopyOfBuffer',
  Cp: 'initializeBufferWithCopy',
  cp: 'initializeWithCopy',
  Tk: 'initializeBufferWithTake',
  tk: 'initializeWithTake',
  pr: 'projectBuffer',
  TK: 'initializeBufferWithTakeOfBuffer',
  Cc: 'initializeArrayWithCopy',
  Tt: 'initializeArrayWithTakeFrontToBack',
  tT: 'initializeArrayWithTakeBackToFront',
  xs: 'storeExtraInhabitant',
  xg: 'getExtraInhabitantIndex',
  ug: 'getEnumTag',
  up: 'destructiveProjectEnumData',
  ui: 'destructiveInjectEnumTag',
  et: 'getEnumTagSinglePayload',
  st: 'storeEnumTagSinglePayload',
};

/** The words for a value witness, which is said shorter where names are simplified. */
export function valueWitness(letters: string, of: Node): Node {
  return make('Descriptor', [of], `${VALUE_WITNESSES[letters] ?? giveUp()}%v for %0`);
}

/** `w`: a value witness of a type. */
export function readValueWitness(r: Reader): Node {
  const letters = r.next() + r.next();
  return valueWitness(letters, r.need('Type'));
}
