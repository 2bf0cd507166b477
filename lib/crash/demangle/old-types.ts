import { LAYOUTS, param } from './generics';
import { child, giveUp, make, type Node, type } from './node';
import { readOldImplFunction } from './old-impl';
import {
  readOldBound,
  readOldDeclaration,
  readOldIdentifier,
  readOldNominal,
  readOldProtocol,
  readOldSubstitution,
} from './old-names';
import type { OldReader } from './old-reader';
import { builtin } from './types';

const FUNCTIONS: Readonly<Record<string, string>> = {
  b: 'block',
  c: 'c',
  F: '',
  f: 'uncurried',
  K: 'autoclosure',
};

/** A type by the letter of its kind. */
export function readOldBareType(r: OldReader): Node {
  const letter = r.next();
  const variant = FUNCTIONS[letter];
  if (variant !== undefined) return readFunctionType(r, variant);
  switch (letter) {
    case 'B':
      return child(readBuiltinType(r), 0);
    case 'a':
      return readOldDeclaration(r, 'TypeAlias');
    case 'D':
      r.readType();
      return make('SimpleText', [], 'Self');
    case 'E':
      return r.nextIf('RR') ? make('SimpleText', [], '<ERROR TYPE>') : giveUp();
    case 'G':
      return readOldBound(r);
    case 'M':
      return make('Metatype', [r.readType()]);
    case 'P':
      return r.nextIf('M') ? make('ExistentialMetatype', [r.readType()]) : readProtocols(r);
    case 'Q':
      return r.nextIf('u') ? make('OpaqueResult') : giveUp();
    case 'q':
      return readDependent(r);
    case 'x':
      return param(0, 0);
    case 'w':
      return readMember(r, readParam(r));
    case 'W':
      return readMemberPath(r);
    case 'R':
      return make('InOut', [r.deeper(() => readOldBareType(r))], 'inout ');
    case 'S':
      return readOldSubstitution(r);
    case 'T':
    case 't':
      return readTuple(r, letter === 't');
    case 'u': {
      const signature = readOldSignature(r);
      return make('Generic', [signature, r.readType()]);
    }
    case 'X':
      return readExotic(r);
    case 'C':
    case 'V':
    case 'O':
      r.back();
      return readOldNominal(r);
    default:
      return giveUp();
  }
}

function readBuiltinType(r: OldReader): Node {
  const letter = r.next();
  if (letter === 'v') {
    const count = r.natural();
    if (count < 0 || !r.nextIf('B') || !'ifp'.includes(r.peek())) giveUp();
    return builtin(`Vec${count}x${child(readBuiltinType(r), 0).text.slice(8)}`);
  }
  if (letter === 'f' || letter === 'i') {
    const size = r.natural();
    if (size < 0 || !r.nextIf('_')) giveUp();
    return builtin(`${letter === 'f' ? 'FPIEEE' : 'Int'}${size}`);
  }
  return builtin(BUILTINS[letter] ?? giveUp());
}

const BUILTINS: Readonly<Record<string, string>> = {
  b: 'BridgeObject',
  B: 'UnsafeValueBuffer',
  O: 'UnknownObject',
  o: 'NativeObject',
  p: 'RawPointer',
  t: 'SILToken',
  w: 'Word',
};

function readFunctionType(r: OldReader, variant: string): Node {
  const throws = r.nextIf('z') ? [make('Throws')] : [];
  if (['y', 'Z', 'D', 'Y'].includes(r.peek())) giveUp();
  const parameters = r.readType();
  return make('FunctionType', [parameters, r.readType(), ...throws], variant);
}

function readTuple(r: OldReader, variadic: boolean): Node {
  const elements: Node[] = [];
  while (!r.nextIf('_')) {
    const label = r.peek() >= '0' && r.peek() <= '9' ? readOldIdentifier(r).text : '';
    const element = r.readType();
    elements.push(make('TupleElement', [element], label, variadic && r.peek() === '_' ? 1 : 0));
  }
  return make('Tuple', elements);
}

function readProtocols(r: OldReader): Node {
  const protocols: Node[] = [];
  while (!r.nextIf('_')) protocols.push(type(readOldProtocol(r)));
  return make('ProtocolList', protocols);
}

const REFERENCES: Readonly<Record<string, string>> = { o: 'unowned ', u: 'unowned(unsafe) ', w: 'weak ' };

const METATYPES: Readonly<Record<string, string>> = { t: '@thin ', T: '@thick ', o: '@objc_metatype ' };

function readExotic(r: OldReader): Node {
  const letter = r.next();
  const reference = REFERENCES[letter];
  if (reference) return make('Modified', [r.readType()], reference);
  if (letter === 'f') return readFunctionType(r, 'thin');
  if (letter === 'F') return readOldImplFunction(r);
  if (letter === 'b') return make('SimplePhrase', [r.readType()], '@box %0');
  if (letter === 'M') {
    const representation = METATYPES[r.next()] ?? giveUp();
    return make('Metatype', [r.readType()], representation);
  }
  if (letter !== 'P') giveUp();
  if (!r.nextIf('M')) return readProtocols(r);
  const representation = METATYPES[r.next()] ?? giveUp();
  return make('ExistentialMetatype', [r.readType()], representation);
}

function readParam(r: OldReader): Node {
  if (r.nextIf('x')) return param(0, 0);
  if (!r.nextIf('d')) return param(0, r.indexNumber() + 1);
  const depth = r.indexNumber() + 1;
  return param(depth, r.indexNumber());
}

function readDependent(r: OldReader): Node {
  const letter = r.peek();
  if (letter === 'd' || letter === '_' || (letter >= '0' && letter <= '9')) return readParam(r);
  const base = r.readType();
  return readMember(r, child(base, 0));
}

function readMember(r: OldReader, base: Node): Node {
  let name: Node;
  if (r.nextIf('S')) {
    name = readOldSubstitution(r);
    if (name.kind !== 'AssociatedName') giveUp();
  } else {
    const protocol = r.nextIf('P') ? [type(readOldProtocol(r))] : [];
    name = r.substitutable(make('AssociatedName', [readOldIdentifier(r), ...protocol]));
  }
  return make('MemberType', [type(base), name]);
}

function readMemberPath(r: OldReader): Node {
  let base = readParam(r);
  while (!r.nextIf('_')) base = readMember(r, base);
  return base;
}

/** The parameters of every depth, then what is required of them. */
export function readOldSignature(r: OldReader): Node {
  const parts: Node[] = [];
  while (r.peek() !== 'R' && r.peek() !== 'r')
    parts.push(make('ParamCount', [], '', r.nextIf('z') ? 0 : r.indexNumber() + 1));
  if (parts.length === 0) parts.push(make('ParamCount', [], '', 1));
  if (r.next() === 'r') return make('Signature', parts);
  while (!r.nextIf('r')) parts.push(readRequirement(r));
  return make('Signature', parts);
}

function readRequirement(r: OldReader): Node {
  const of = type(
    r.nextIf('w') ? readMember(r, readParam(r)) : r.nextIf('W') ? readMemberPath(r) : readParam(r),
  );
  if (r.nextIf('z')) return make('Requirement', [of, r.readType()], '%0 == %1');
  if (r.nextIf('l')) return make('Requirement', [of], `%0: ${readLayout(r)}`);
  const bound =
    r.peek() === 'C' ? r.readType() : r.nextIf('S') ? readBoundSubstitution(r) : readOldProtocol(r);
  return make('Requirement', [of, bound], '%0: %1');
}

function readBoundSubstitution(r: OldReader): Node {
  const known = readOldSubstitution(r);
  if (known.kind === 'Protocol' || known.kind === 'Class') return known;
  return known.kind === 'Module' ? readOldProtocol(r, known) : giveUp();
}

function readLayout(r: OldReader): string {
  const letter = r.next();
  if (!'EeMm'.includes(letter)) return (letter !== 'C' && letter !== 'D' && LAYOUTS[letter]) || giveUp();
  const name = letter === 'E' || letter === 'e' ? '_Trivial' : '_TrivialAtMost';
  const size = r.natural();
  if (size < 0) giveUp();
  if (letter === 'e' || letter === 'm') return `${name}(${size})`;
  const alignment = r.nextIf('_') ? r.natural() : -1;
  return alignment < 0 ? giveUp() : `${name}(${size}, ${alignment})`;
}
