import { giveUp, isEntity, isName, type Kind, make, type Node, type } from './node';
import type { Reader } from './reader';
import { popFunctionType, popLabels } from './types';

/** `F`: a function. */
export function readFunction(r: Reader): Node {
  const signature = r.popKind('Signature');
  const plain = popFunctionType(r, '');
  const { labels, type: bare } = popLabels(r, plain);
  const whole = bare ?? giveUp();
  const typed = signature ? type(make('Generic', [signature, whole])) : whole;
  const name = r.needIf(isName);
  return make('Function', labelled([r.needContext(), name], labels, typed));
}

function labelled(start: readonly Node[], labels: Node | undefined, typed: Node): Node[] {
  return labels ? [...start, labels, typed] : [...start, typed];
}

/** Something with a type, a name and a context. */
function popEntity(r: Reader, kind: Kind): Node {
  const { labels, type: typed } = popLabels(r, r.need('Type'));
  const name = r.needIf(isName);
  return make(kind, labelled([r.needContext(), name], labels, typed ?? giveUp()));
}

export const ACCESSORS: Readonly<Record<string, string>> = {
  m: 'materializeForSet',
  s: 'setter',
  g: 'getter',
  G: 'getter',
  w: 'willset',
  W: 'didset',
  r: 'read',
  y: 'read2',
  M: 'modify',
  x: 'modify2',
  i: 'init',
  b: 'borrow',
  z: 'mutate',
};

export const MUTABLE_ADDRESSORS: Readonly<Record<string, string>> = {
  O: 'owningMutableAddressor',
  o: 'nativeOwningMutableAddressor',
  P: 'nativePinningMutableAddressor',
  u: 'unsafeMutableAddressor',
};

export const ADDRESSORS: Readonly<Record<string, string>> = {
  O: 'owningAddressor',
  o: 'nativeOwningAddressor',
  p: 'nativePinningAddressor',
  u: 'unsafeAddressor',
};

/** The accessor of a variable or a subscript; `p` is the thing itself. */
function readAccessor(r: Reader, of: Node): Node {
  const letter = r.next();
  if (letter === 'p') return of;
  const name =
    letter === 'a' ? MUTABLE_ADDRESSORS[r.next()] : letter === 'l' ? ADDRESSORS[r.next()] : ACCESSORS[letter];
  return make('Accessor', [of], name ?? giveUp());
}

/** `v`: a variable or one of its accessors. */
export function readVariable(r: Reader): Node {
  return readAccessor(r, popEntity(r, 'Variable'));
}

/** `i`: a subscript or one of its accessors. */
export function readSubscript(r: Reader): Node {
  const privateName = r.popKind('PrivateName');
  const { labels, type: typed } = popLabels(r, r.need('Type'));
  const parts = labelled([r.needContext()], labels, typed ?? giveUp());
  return readAccessor(r, make('Subscript', privateName ? [...parts, privateName] : parts));
}

/** `Z`: a member of a type rather than of its values. */
export function readStatic(r: Reader): Node {
  return make('Static', [r.needIf(isEntity)], 'static %0');
}

/** `E`: an extension, with what it requires of the type. */
export function readExtension(r: Reader): Node {
  const signature = r.popKind('Signature');
  const module = r.needModule();
  const extended = r.needNominal();
  return make('Extension', signature ? [module, extended, signature] : [module, extended]);
}

const MEMBERS: Readonly<Record<string, string>> = {
  d: 'deinit',
  E: '__ivar_destroyer',
  e: '__ivar_initializer',
};

const INITIALIZERS: Readonly<Record<string, string>> = {
  i: 'variable initialization expression',
  P: 'property wrapper backing initializer',
  F: 'property wrapped field init accessor',
  W: 'property wrapper init from projected value',
};

/** `f`: constructors, destructors, closures, initial values, macros. */
export function readFunctionEntity(r: Reader): Node {
  const letter = r.next();
  const member = MEMBERS[letter];
  if (member) return make('Member', [r.needContext()], member);
  const initializer = INITIALIZERS[letter];
  if (initializer) return make('Initializer', [r.needContext()], initializer);
  switch (letter) {
    case 'D':
    case 'Z': {
      const context = r.needContext();
      const isolated = letter === 'Z' ? '__isolated_deallocating_deinit' : '__deallocating_deinit';
      return make('Member', [context], context.kind === 'Class' ? isolated : 'deinit');
    }
    case 'C':
    case 'c':
      return readConstructor(r, letter === 'C' ? 'Allocator' : 'Constructor');
    case 'U':
    case 'u': {
      const index = r.indexNumber();
      const typed = r.need('Type');
      return make(
        'Closure',
        [r.needContext(), typed],
        letter === 'U' ? 'closure #' : 'implicit closure #',
        index + 1,
      );
    }
    case 'A': {
      const index = r.indexNumber();
      return make('DefaultArgument', [r.needContext()], '', index);
    }
    case 'm':
      return popEntity(r, 'Macro');
    case 'p':
      return popEntity(r, 'TypeParameter');
    case 'M':
      return readExpansion(r);
    default:
      return giveUp();
  }
}

function readConstructor(r: Reader, kind: Kind): Node {
  const privateName = r.popKind('PrivateName');
  const { labels, type: typed } = popLabels(r, r.need('Type'));
  const context = r.needContext();
  const parts = labelled([context], labels, typed ?? giveUp());
  const name = kind === 'Allocator' && context.kind === 'Class' ? '__allocating_init' : 'init';
  return make(kind, privateName ? [...parts, privateName] : parts, name);
}

const ATTACHED: Readonly<Record<string, string>> = {
  a: 'accessor',
  r: 'memberAttribute',
  m: 'member',
  p: 'peer',
  c: 'conformance',
  e: 'extension',
  q: 'preamble',
  b: 'body',
};

/** What another expansion can stand within. */
const isOuterExpansion = (node: Node): boolean =>
  node.kind === 'ExpansionPlace' ||
  (node.kind === 'Expansion' && !/^(?:unique|preamble|body) /.test(node.text));

/** `fM`: what a macro expanded to, or a name that it made unique. */
function readExpansion(r: Reader): Node {
  const letter = r.next();
  if (letter === 'X') {
    const line = r.indexNumber();
    const column = r.indexNumber();
    const file = r.need('Identifier');
    const place = `module %0 file %1 line ${line} column ${column}`;
    return make('ExpansionPlace', [r.need('Identifier'), file], place);
  }
  const role = ATTACHED[letter];
  if (!role && letter !== 'f' && letter !== 'u') giveUp();
  const macro = r.need('Identifier');
  const privateName = letter === 'f' ? r.popKind('PrivateName') : undefined;
  const attachedTo = role ? r.needIf(isName) : undefined;
  const context = r.popIf(isOuterExpansion) ?? r.needContext();
  const number = r.indexNumber() + 1;
  if (attachedTo)
    return make('Expansion', [context, attachedTo], `${role} macro @${macro.text} expansion #`, number);
  const what = letter === 'f' ? 'freestanding macro expansion #' : 'unique name #';
  return make('Expansion', privateName ? [context, macro, privateName] : [context, macro], what, number);
}
