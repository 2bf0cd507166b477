import { popNominal, readBound, readConformance, readRetroactive } from './bound';
import { readMetadata, readValueWitness, readWitness } from './descriptors';
import {
  readExtension,
  readFunction,
  readFunctionEntity,
  readStatic,
  readSubscript,
  readVariable,
} from './entities';
import { param, readArchetype, readGenericType, readParam, readRequirement, readSignature } from './generics';
import { readImplFunction } from './impl';
import { readIdentifier, readLocalName, readOperatorName } from './names';
import { giveUp, isAttribute, make, type Node, type } from './node';
import { Reader } from './reader';
import { readStandard, readSubstitutions } from './standard';
import { readThunk } from './thunks';
import {
  modified,
  popFunctionType,
  popLabels,
  popTuple,
  readAnnotation,
  readBuiltin,
  readInteger,
  readProtocolList,
  readSpecialType,
} from './types';

/** Every operator: what it makes of what stands before it. */
const OPERATORS: Readonly<Record<string, (r: Reader) => Node>> = {
  A: readSubstitutions,
  B: readBuiltin,
  C: (r) => popNominal(r, 'Class'),
  D: readTypeMangling,
  E: readExtension,
  F: readFunction,
  G: readBound,
  H: readConformance,
  I: readImplFunction,
  K: () => make('Throws'),
  L: readLocalName,
  M: readMetadata,
  N: (r) => make('Descriptor', [r.need('Type')], 'type metadata for %0'),
  O: (r) => popNominal(r, 'Enum'),
  P: (r) => popNominal(r, 'Protocol'),
  Q: readArchetype,
  R: readRequirement,
  S: readStandard,
  T: readThunk,
  V: (r) => popNominal(r, 'Structure'),
  W: readWitness,
  X: readSpecialType,
  Y: readAnnotation,
  Z: readStatic,
  a: (r) => popNominal(r, 'TypeAlias'),
  c: (r) => popFunctionType(r, ''),
  d: () => make('Variadic'),
  f: readFunctionEntity,
  g: readRetroactive,
  h: (r) => modified('__shared ', r.needBare()),
  i: readSubscript,
  l: (r) => readSignature(r, false),
  m: (r) => type(make('Metatype', [r.need('Type')])),
  n: (r) => modified('__owned ', r.needBare()),
  o: readOperatorName,
  p: readProtocolList,
  q: (r) => type(readParam(r)),
  r: (r) => readSignature(r, true),
  s: () => make('Module', [], 'Swift'),
  t: popTuple,
  u: readGenericType,
  v: readVariable,
  w: readValueWitness,
  x: () => type(param(0, 0)),
  y: () => make('EmptyList'),
  z: (r) => type(make('InOut', [r.needBare()], 'inout ')),
  _: () => make('FirstElement'),
  $: readInteger,
};

/** `D`: a type that stands alone, as the debugger and the runtime write it. */
function readTypeMangling(r: Reader): Node {
  const { labels, type: typed } = popLabels(r, r.need('Type'));
  const whole = typed ?? giveUp();
  return labels ? make('LabelledType', [labels, whole]) : make('Descriptor', [whole], '%0');
}

/** The tree of a name without its prefix: what is said before it, then what it is. */
export function readName(text: string, labelsInTypes: boolean): Node[] {
  const r = new Reader(text, labelsInTypes);
  let suffix: Node | undefined;
  while (!r.ended && !suffix) {
    const letter = r.peek();
    if (letter === '.') suffix = make('Suffix', [], r.rest());
    else r.push(readOne(r, letter));
  }
  const said: Node[] = [];
  for (let one = r.popIf(isAttribute); one; one = r.popIf(isAttribute)) said.push(one);
  const [only, ...more] = r.drain();
  if (more.length > 0 || (!only && said.length === 0)) giveUp();
  const whole = only ? [...said, only] : said;
  return suffix ? [...whole, suffix] : whole;
}

function readOne(r: Reader, letter: string): Node {
  if (letter >= '0' && letter <= '9') return readIdentifier(r);
  const operator = OPERATORS[letter] ?? giveUp();
  r.next();
  return operator(r);
}
