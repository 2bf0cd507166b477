import { giveUp, type Kind, make, type Node, type } from './node';
import type { Reader } from './reader';

/** The types of the standard library that have a letter of their own after `S`. */
const STRUCTURES: Readonly<Record<string, string>> = {
  A: 'AutoreleasingUnsafeMutablePointer',
  a: 'Array',
  b: 'Bool',
  D: 'Dictionary',
  d: 'Double',
  f: 'Float',
  h: 'Set',
  I: 'DefaultIndices',
  i: 'Int',
  J: 'Character',
  N: 'ClosedRange',
  n: 'Range',
  O: 'ObjectIdentifier',
  P: 'UnsafePointer',
  p: 'UnsafeMutablePointer',
  R: 'UnsafeBufferPointer',
  r: 'UnsafeMutableBufferPointer',
  S: 'String',
  s: 'Substring',
  u: 'UInt',
  V: 'UnsafeRawPointer',
  v: 'UnsafeMutableRawPointer',
  W: 'UnsafeRawBufferPointer',
  w: 'UnsafeMutableRawBufferPointer',
};

const PROTOCOLS: Readonly<Record<string, string>> = {
  B: 'BinaryFloatingPoint',
  E: 'Encodable',
  e: 'Decodable',
  F: 'FloatingPoint',
  G: 'RandomNumberGenerator',
  H: 'Hashable',
  j: 'Numeric',
  K: 'BidirectionalCollection',
  k: 'RandomAccessCollection',
  L: 'Comparable',
  l: 'Collection',
  M: 'MutableCollection',
  m: 'RangeReplaceableCollection',
  Q: 'Equatable',
  T: 'Sequence',
  t: 'IteratorProtocol',
  U: 'UnsignedInteger',
  X: 'RangeExpression',
  x: 'Strideable',
  Y: 'RawRepresentable',
  y: 'StringProtocol',
  Z: 'SignedInteger',
  z: 'BinaryInteger',
};

/** The types of concurrency, which have a letter after `Sc`. */
const CONCURRENT_STRUCTURES: Readonly<Record<string, string>> = {
  C: 'CheckedContinuation',
  c: 'UnsafeContinuation',
  E: 'CancellationError',
  e: 'UnownedSerialExecutor',
  G: 'TaskGroup',
  g: 'ThrowingTaskGroup',
  J: 'UnownedJob',
  P: 'TaskPriority',
  S: 'AsyncStream',
  s: 'AsyncThrowingStream',
  T: 'Task',
  t: 'UnsafeCurrentTask',
};

const CONCURRENT_PROTOCOLS: Readonly<Record<string, string>> = {
  A: 'Actor',
  F: 'Executor',
  f: 'SerialExecutor',
  h: 'TaskExecutor',
  I: 'AsyncIteratorProtocol',
  i: 'AsyncSequence',
};

const MOST_REPEATS = 2048;

/** A type of the standard library. */
export function swiftType(kind: Kind, name: string): Node {
  return type(make(kind, [make('Module', [], 'Swift'), make('Identifier', [], name)]));
}

/** The standard type that a letter stands for, where it does. */
export function standardType(letter: string, concurrent: boolean): Node | undefined {
  if (!concurrent && letter === 'q') return swiftType('Enum', 'Optional');
  if (concurrent && letter === 'M') return swiftType('Class', 'MainActor');
  const structure = (concurrent ? CONCURRENT_STRUCTURES : STRUCTURES)[letter];
  if (structure) return swiftType('Structure', structure);
  const protocol = (concurrent ? CONCURRENT_PROTOCOLS : PROTOCOLS)[letter];
  return protocol ? swiftType('Protocol', protocol) : undefined;
}

/** `S`: a module of C, an optional, or a standard type, which may stand several times. */
export function readStandard(r: Reader): Node {
  if (r.nextIf('o')) return make('Module', [], '__C');
  if (r.nextIf('C')) return make('Module', [], '__C_Synthesized');
  if (r.nextIf('g')) {
    const wrapped = make('TypeList', [r.need('Type')]);
    return r.substitutable(type(make('Bound', [swiftType('Enum', 'Optional'), wrapped], 'Enum')));
  }
  const repeats = r.natural();
  const concurrent = r.nextIf('c');
  return repeated(r, standardType(r.next(), concurrent) ?? giveUp(), repeats);
}

/** `A`: what stood before, by its place; lower-case letters are followed by more. */
export function readSubstitutions(r: Reader): Node {
  for (;;) {
    const repeats = r.natural();
    const letter = r.next();
    if (letter === '_') return r.substitution(repeats + 27);
    if (letter >= 'A' && letter <= 'Z')
      return repeated(r, r.substitution(letter.charCodeAt(0) - 65), repeats);
    if (!(letter >= 'a' && letter <= 'z')) giveUp();
    r.push(repeated(r, r.substitution(letter.charCodeAt(0) - 97), repeats));
  }
}

/** Pushes a node as often as it is repeated, but for the last. */
function repeated(r: Reader, node: Node, times: number): Node {
  if (times > MOST_REPEATS) giveUp();
  for (let left = times; left > 1; left--) r.push(node);
  return node;
}
