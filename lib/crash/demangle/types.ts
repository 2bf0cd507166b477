import { popNominal } from './bound';
import { readRequirementList } from './generics';
import { child, giveUp, type Kind, make, type Node, phrase, type } from './node';
import type { Reader } from './reader';

const BUILTINS: Readonly<Record<string, string>> = {
  A: 'ImplicitActor',
  b: 'BridgeObject',
  B: 'UnsafeValueBuffer',
  c: 'RawUnsafeContinuation',
  D: 'DefaultActorStorage',
  d: 'NonDefaultDistributedActorStorage',
  e: 'Executor',
  I: 'IntLiteral',
  j: 'Job',
  O: 'UnknownObject',
  o: 'NativeObject',
  P: 'PackIndex',
  p: 'RawPointer',
  t: 'SILToken',
  w: 'Word',
};

const LARGEST_BUILTIN = 4096;

/** `B`: a type of the compiler itself. */
export function readBuiltin(r: Reader): Node {
  const letter = r.next();
  const simple = BUILTINS[letter];
  if (simple) return builtin(simple);
  if (letter === 'T') return type(make('BuiltinTuple'));
  if (letter === 'V') {
    const element = r.need('Type');
    return type(make('SimplePhrase', [r.need('Type'), element], 'Builtin.FixedArray<%0, %1>'));
  }
  const size = r.indexNumber() - 1;
  if (size <= 0 || size > LARGEST_BUILTIN) giveUp();
  if (letter === 'i') return builtin(`Int${size}`);
  if (letter === 'f') return builtin(`FPIEEE${size}`);
  if (letter !== 'v') giveUp();
  const element = r.needBare();
  return element.kind === 'Builtin' ? builtin(`Vec${size}x${element.text.slice(8)}`) : giveUp();
}

/** A type of the compiler by its name. */
export function builtin(name: string): Node {
  return type(make('Builtin', [], `Builtin.${name}`));
}

const ISOLATIONS: ReadonlySet<Kind> = new Set(['Isolation', 'Caller']);

/** A function type: its parameters, its result, then whatever is said about it. */
export function popFunctionType(r: Reader, variant: string, clangType = false): Node {
  const said: Node[] = [];
  const add = (node: Node | undefined): void => {
    if (node) said.push(node);
  };
  if (clangType) add(make('ClangType', [], r.slice(r.natural())));
  add(r.popKind('SendingResult'));
  add(r.popIf((node) => ISOLATIONS.has(node.kind)));
  add(r.popKind('Differentiable'));
  add(r.popIf((node) => node.kind === 'Throws' || node.kind === 'TypedThrows'));
  add(r.popKind('Sendable'));
  add(r.popKind('Async'));
  const parameters = popParameters(r);
  return type(make('FunctionType', [parameters, popParameters(r), ...said], variant));
}

function popParameters(r: Reader): Node {
  return r.popKind('EmptyList') ? type(make('Tuple')) : r.need('Type');
}

/** The labels of a function with this type, where it has any, and the type without them. */
export function popLabels(r: Reader, of: Node | undefined): { labels?: Node; type: Node | undefined } {
  if (!r.labelsInTypes && r.popKind('EmptyList')) return { labels: make('Labels'), type: of };
  if (of?.kind !== 'Type') return { type: of };
  const outer = child(of, 0);
  const fn = outer.kind === 'Generic' ? child(child(outer, 1), 0) : outer;
  if (fn.kind !== 'FunctionType' || (fn.text !== '' && fn.text !== 'noescape')) return { type: of };
  const parameters = child(child(fn, 0), 0);
  if (r.labelsInTypes) return labelsOfTuple(of, outer, fn, parameters);
  const count = parameters.kind === 'Tuple' ? parameters.children.length : 1;
  if (count === 0) return { type: of };
  const labels: Node[] = [];
  for (let i = 0; i < count; i++)
    labels.push(r.needIf((node) => node.kind === 'Identifier' || node.kind === 'FirstElement'));
  return { labels: labelList(labels.reverse()), type: of };
}

function labelList(labels: readonly Node[]): Node {
  return make('Labels', labels.some((one) => one.kind === 'Identifier') ? labels : []);
}

function labelsOfTuple(of: Node, outer: Node, fn: Node, tuple: Node): { labels?: Node; type: Node } {
  if (tuple.kind !== 'Tuple') return { labels: make('Labels'), type: of };
  if (tuple.children.length === 0) return { type: of };
  const labels = tuple.children.map((one) =>
    one.text ? make('Identifier', [], one.text) : make('FirstElement'),
  );
  const bare = tuple.children.map((one) => make('TupleElement', one.children, '', one.index));
  const without = make(fn.kind, [type(make('Tuple', bare)), ...fn.children.slice(1)], fn.text);
  const whole = outer.kind === 'Generic' ? make('Generic', [child(outer, 0), type(without)]) : without;
  return { labels: labelList(labels), type: type(whole) };
}

/** `t`: a tuple, whose elements may have labels and the last of them be variadic. */
export function popTuple(r: Reader): Node {
  const elements = r.list(() => {
    const variadic = r.popKind('Variadic');
    const label = r.popKind('Identifier');
    return make('TupleElement', [r.need('Type')], label?.text ?? '', variadic ? 1 : 0);
  });
  return type(make('Tuple', elements));
}

/** Types written as a list. */
export function popTypes(r: Reader): Node[] {
  return r.list(() => r.need('Type'));
}

/** Protocols written as a list. */
export function popProtocols(r: Reader): Node[] {
  return r.list(() => r.needProtocol());
}

/** A bare type with a word before it. */
export function modified(word: string, bare: Node): Node {
  return type(make('Modified', [bare], word));
}

const DIFFERENTIABLE: Readonly<Record<string, string>> = {
  f: '@differentiable(_forward) ',
  r: '@differentiable(reverse) ',
  d: '@differentiable ',
  l: '@differentiable(_linear) ',
};

/** `Y`: what is said about a function type, a parameter or a result. */
export function readAnnotation(r: Reader): Node {
  switch (r.next()) {
    case 'a':
      return make('Async');
    case 'A':
      return make('Isolation', [], '@isolated(any) ');
    case 'b':
      return make('Sendable');
    case 'c':
      return make('Isolation', [r.needBare()], '@%0 ');
    case 'C':
      return make('Caller');
    case 'i':
      return modified('isolated ', r.needBare());
    case 'j':
      return make('Differentiable', [], DIFFERENTIABLE[r.next()] ?? giveUp());
    case 'k':
      return modified('@noDerivative ', r.needBare());
    case 'K':
      return make('TypedThrows', [r.needBare()]);
    case 't':
      return modified('_const ', r.needBare());
    case 'g':
      return modified('@const ', r.needBare());
    case 'T':
      return make('SendingResult');
    case 'u':
      return modified('sending ', r.needBare());
    default:
      return giveUp();
  }
}

const FUNCTION_VARIANTS: Readonly<Record<string, string>> = {
  E: 'noescape',
  A: 'autoclosure',
  f: 'thin',
  K: 'autoclosure',
  U: 'uncurried',
  L: 'escaping block',
  B: 'block',
  C: 'c',
};

const METATYPES: Readonly<Record<string, string>> = { t: '@thin ', T: '@thick ', o: '@objc_metatype ' };

/** `X`: function types of other conventions, references, metatypes, compositions. */
export function readSpecialType(r: Reader): Node {
  const letter = r.next();
  const variant = FUNCTION_VARIANTS[letter];
  if (variant) return popFunctionType(r, variant);
  switch (letter) {
    case 'z': {
      const convention = r.next();
      return popFunctionType(r, convention === 'B' ? 'block' : convention === 'C' ? 'c' : giveUp(), true);
    }
    case 'o':
      return modified('unowned ', r.need('Type'));
    case 'u':
      return modified('unowned(unsafe) ', r.need('Type'));
    case 'w':
      return modified('weak ', r.need('Type'));
    case 'b':
      return type(make('SimplePhrase', [r.need('Type')], '@box %0'));
    case 'D':
      r.need('Type');
      return type(make('SimpleText', [], 'Self'));
    case 'e':
      return type(make('SimpleText', [], '<ERROR TYPE>'));
    case 'M':
    case 'm': {
      const representation = METATYPES[r.next()] ?? giveUp();
      return type(
        make(letter === 'M' ? 'Metatype' : 'ExistentialMetatype', [r.need('Type')], representation),
      );
    }
    case 'p':
      return type(make('ExistentialMetatype', [r.need('Type')]));
    case 'P': {
      const requirements = readRequirementList(r);
      return type(make('ConstrainedExistential', [r.need('Type'), ...requirements]));
    }
    case 'c': {
      const superclass = r.need('Type');
      return type(make('ProtocolListWithClass', [superclass, ...popProtocols(r)]));
    }
    case 'l':
      return type(make('ProtocolListWithAnyObject', popProtocols(r)));
    case 'X':
    case 'x':
      return readBox(r, letter === 'X');
    case 'Y':
      return popNominal(r, 'OtherNominal');
    case 'Z':
      return readAnonymousContext(r);
    case 'S':
      return readSugar(r);
    default:
      return giveUp();
  }
}

/** The debugger keeps the sugar of types as it was written. */
function readSugar(r: Reader): Node {
  const simple = (text: string, ...children: Node[]): Node => type(make('SimplePhrase', children, text));
  switch (r.next()) {
    case 'q':
      return type(make('SugaredOptional', [r.need('Type')]));
    case 'a':
      return simple('[%0]', r.need('Type'));
    case 'A': {
      const element = r.need('Type');
      return simple('[%0 of %1]', r.need('Type'), element);
    }
    case 'D': {
      const value = r.need('Type');
      return simple('[%0 : %1]', r.need('Type'), value);
    }
    case 'p':
      return simple('(%0)', r.need('Type'));
    default:
      return giveUp();
  }
}

function readAnonymousContext(r: Reader): Node {
  const types = popTypes(r);
  const name = r.need('Identifier');
  return make('AnonymousContext', [name, r.needContext(), ...types]);
}

/** A box holds fields; one that is written as `inout` may be changed. */
function readBox(r: Reader, generic: boolean): Node {
  const signature = generic ? r.need('Signature') : undefined;
  const args = generic ? popTypes(r) : [];
  const fields = popTypes(r).map((field) => {
    const bare = child(field, 0);
    return bare.kind === 'InOut' ? phrase('var %0', child(bare, 0)) : phrase('let %0', field);
  });
  const layout = phrase(fields.length ? '{ %, }' : '{ }', ...fields);
  if (!signature) return type(make('SimplePhrase', [layout], '%0'));
  return type(make('SimplePhrase', [signature, layout, phrase('%,', ...args)], '%0 %1 <%2>'));
}

/** `$`: a number as an argument of a generic type. */
export function readInteger(r: Reader): Node {
  const negative = r.nextIf('n');
  const value = r.indexNumber();
  return type(make('SimpleText', [], negative ? String(-value) : String(value)));
}

/** `p`: the composition of protocols. */
export function readProtocolList(r: Reader): Node {
  return type(make('ProtocolList', popProtocols(r)));
}
