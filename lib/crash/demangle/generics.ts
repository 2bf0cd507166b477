import { popArguments } from './bound';
import { giveUp, isProtocol, type Kind, make, type Node, type } from './node';
import type { Reader } from './reader';

/** A generic parameter by its depth and its place. */
export function param(depth: number, index: number): Node {
  return make('Param', [], `${depth},${index}`);
}

/** A generic parameter as it is written: `z` is the first, `d` names the depth too. */
export function readParam(r: Reader): Node {
  if (r.nextIf('d')) {
    const depth = r.indexNumber() + 1;
    return param(depth, r.indexNumber());
  }
  if (r.nextIf('z')) return param(0, 0);
  if (r.nextIf('s')) return make('SimpleText', [], 'Self');
  return param(0, r.indexNumber() + 1);
}

/** `Q`: associated types, opaque results and packs. */
export function readArchetype(r: Reader): Node {
  switch (r.next()) {
    case 'O':
      return make('OpaqueResultOf', [r.needContext()], '<<opaque return type of %0>>');
    case 'o': {
      const index = r.indexNumber();
      const { lists } = popArguments(r);
      const of = r.pop() ?? giveUp();
      return r.substitutable(type(make('OpaqueType', [of, ...lists], `%0.${index}`)));
    }
    case 'r':
      return type(make('OpaqueResult'));
    case 'R':
      return type(make('OpaqueResult', [], '', r.indexNumber()));
    case 'a': {
      const name = r.need('Identifier');
      return r.substitutable(type(make('SimplePhrase', [r.needBare(), name], '%0.%1')));
    }
    case 'x':
      return r.substitutable(member(r, undefined));
    case 'X':
      return r.substitutable(memberPath(r, undefined));
    case 'y':
      return r.substitutable(member(r, readParam(r)));
    case 'Y':
      return r.substitutable(memberPath(r, readParam(r)));
    case 'z':
      return r.substitutable(member(r, param(0, 0)));
    case 'Z':
      return r.substitutable(memberPath(r, param(0, 0)));
    case 'p': {
      r.needBare();
      return type(make('PackExpansion', [r.needBare()], 'repeat %0'));
    }
    case 'e': {
      const pack = r.needBare();
      return type(make('PackElement', [pack], `/* level: ${r.indexNumber()} */ each %0`));
    }
    case 'P':
      return type(make('SimplePhrase', popPack(r), 'Pack{%,}'));
    case 'S': {
      const letter = r.next();
      const how = letter === 'd' ? '@direct' : letter === 'i' ? '@indirect' : giveUp();
      return type(make('SimplePhrase', popPack(r), `${how} Pack{%,}`));
    }
    default:
      return giveUp();
  }
}

function popPack(r: Reader): Node[] {
  return r.list(() => r.need('Type'));
}

/** The name of an associated type, with its protocol where it needs one. */
export function popAssociatedName(r: Reader): Node {
  const protocol = r.popKind('Type');
  if (protocol && !isProtocol(protocol)) giveUp();
  const name = r.need('Identifier');
  return make('AssociatedName', protocol ? [name, protocol] : [name]);
}

/** A path of associated types. */
export function popAssociatedPath(r: Reader): Node[] {
  const names: Node[] = [];
  for (let first = false; !first; ) {
    first = r.popKind('FirstElement') !== undefined;
    names.push(popAssociatedName(r));
  }
  return names.reverse();
}

function member(r: Reader, base: Node | undefined): Node {
  const name = popAssociatedName(r);
  return type(make('MemberType', [base ? type(base) : r.need('Type'), name]));
}

function memberPath(r: Reader, base: Node | undefined): Node {
  let whole: Node | undefined;
  const names = popAssociatedPath(r);
  whole = base ? type(base) : r.need('Type');
  for (const name of names) whole = type(make('MemberType', [whole, name]));
  return whole;
}

const REQUIREMENTS: ReadonlySet<Kind> = new Set(['Requirement', 'PackMarker', 'ValueMarker']);

const isRequirement = (node: Node): boolean => REQUIREMENTS.has(node.kind);

/** The requirements of a constrained existential. */
export function readRequirementList(r: Reader): Node[] {
  const requirements: Node[] = [];
  for (let first = false; !first; ) {
    first = r.popKind('FirstElement') !== undefined;
    requirements.push(r.needIf(isRequirement));
  }
  return requirements.reverse();
}

/** `l`, `r`: a generic signature; `r` counts the parameters of every depth. */
export function readSignature(r: Reader, counted: boolean): Node {
  const counts: Node[] = [];
  if (!counted) counts.push(make('ParamCount', [], '', 1));
  while (counted && !r.nextIf('l'))
    counts.push(make('ParamCount', [], '', r.nextIf('z') ? 0 : r.indexNumber() + 1));
  const requirements: Node[] = [];
  for (let one = r.popIf(isRequirement); one; one = r.popIf(isRequirement)) requirements.push(one);
  return make('Signature', [...counts, ...requirements.reverse()]);
}

/** `u`: a type with a signature of its own. */
export function readGenericType(r: Reader): Node {
  const signature = r.need('Signature');
  return type(make('Generic', [signature, r.need('Type')]));
}

type Subject = 'parameter' | 'member' | 'path' | 'popped';
type Constraint = 'protocol' | 'class' | 'same' | 'shape' | 'layout' | 'pack' | 'value' | 'inverse';

const REQUIREMENT_LETTERS: Readonly<Record<string, readonly [Constraint, Subject]>> = {
  V: ['value', 'parameter'],
  v: ['pack', 'parameter'],
  c: ['class', 'member'],
  C: ['class', 'path'],
  b: ['class', 'parameter'],
  B: ['class', 'popped'],
  t: ['same', 'member'],
  T: ['same', 'path'],
  s: ['same', 'parameter'],
  S: ['same', 'popped'],
  m: ['layout', 'member'],
  M: ['layout', 'path'],
  l: ['layout', 'parameter'],
  L: ['layout', 'popped'],
  p: ['protocol', 'member'],
  P: ['protocol', 'path'],
  Q: ['protocol', 'popped'],
  h: ['shape', 'parameter'],
  i: ['inverse', 'parameter'],
  I: ['inverse', 'popped'],
};

const INVERTIBLE = ['Swift.Copyable', 'Swift.Escapable'];

/** `R`: what is required of a generic parameter or of a type within it. */
export function readRequirement(r: Reader): Node {
  const letter = r.next();
  const known = REQUIREMENT_LETTERS[letter];
  if (!known) r.back();
  const [constraint, subject] = known ?? ['protocol', 'parameter'];
  const inverse = constraint === 'inverse' ? r.indexNumber() : 0;
  const of = readSubject(r, subject);
  switch (constraint) {
    case 'value':
      return make('ValueMarker', [of, r.need('Type')]);
    case 'pack':
      return make('PackMarker', [of]);
    case 'protocol':
      return make('Requirement', [of, r.needProtocol()], '%0: %1');
    case 'class':
      return make('Requirement', [of, r.need('Type')], '%0: %1');
    case 'same':
      return make('Requirement', [of, r.need('Type')], '%0 == %1');
    case 'shape':
      return make('Requirement', [of, r.need('Type')], '%0.shape == %1.shape');
    case 'inverse':
      return make('Requirement', [of], `%0: ~${INVERTIBLE[inverse] ?? `Swift.<bit ${inverse}>`}`);
    case 'layout':
      return make('Requirement', [of], `%0: ${layoutOf(r)}`);
  }
}

function readSubject(r: Reader, subject: Subject): Node {
  if (subject === 'parameter') return type(readParam(r));
  if (subject === 'popped') return r.need('Type');
  const base = readParam(r);
  return r.substitutable(subject === 'member' ? member(r, base) : memberPath(r, base));
}

/** The layouts that take no sizes. */
export const LAYOUTS: Readonly<Record<string, string>> = {
  U: '_UnknownLayout',
  R: '_RefCountedObject',
  N: '_NativeRefCountedObject',
  C: 'AnyObject',
  D: '_NativeClass',
  T: '_Trivial',
};

function layoutOf(r: Reader): string {
  const letter = r.next();
  switch (letter) {
    case 'E':
    case 'M': {
      const size = r.indexNumber();
      return `${letter === 'E' ? '_Trivial' : '_TrivialAtMost'}(${size}, ${r.indexNumber()})`;
    }
    case 'e':
      return `_Trivial(${r.indexNumber()})`;
    case 'm':
      return `_TrivialAtMost(${r.indexNumber()})`;
    default:
      return LAYOUTS[letter] ?? giveUp();
  }
}
