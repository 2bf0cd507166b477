import { child, giveUp, type Kind, type Node } from './node';
import { printAccessor, printEntity, printExtension, printPrivateName } from './print-entities';
import { printFunctionType, printImplFunction } from './print-functions';
import { printSpecialization } from './print-specializations';
import { printBound, printMetatype, printProtocols, printSignature, withParentheses } from './print-types';

const LONGEST = 200_000;

/** How much of a name is said. */
export interface Style {
  readonly simplified: boolean;
  /** Whether optionals, arrays and dictionaries are written as in source. */
  readonly sugar: boolean;
  /** The text of a symbol that stands within this one. */
  readonly nested: (symbol: string) => string;
}

/** Writes the tree of a name down. */
export class Printer {
  text = '';
  /** A simplified name says once that it is specialized. */
  specialized = false;

  constructor(readonly style: Style) {}

  add(text: string): void {
    this.text += text;
    if (this.text.length > LONGEST) giveUp();
  }

  /** Writes a node; a context that cannot stand before a name is given back for its end. */
  print(node: Node, asPrefix = false): Node | undefined {
    const special = PRINTERS[node.kind];
    if (special) return special(this, node, asPrefix) ?? undefined;
    this.phrase(node);
    return undefined;
  }

  printAll(nodes: readonly Node[], separator = ''): void {
    nodes.forEach((one, at) => {
      if (at > 0) this.add(separator);
      this.print(one);
    });
  }

  /** %0 … %9 stand for children, %, and %. and %* for all of them, %( for the first in parentheses. */
  phrase(node: Node): void {
    const { text } = node;
    let from = 0;
    for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', from)) {
      this.add(text.slice(from, at));
      const mark = text.charAt(at + 1);
      if (mark === ',') this.printAll(node.children, ', ');
      else if (mark === '.') this.printAll(node.children, '.');
      else if (mark === '*') this.printAll(node.children);
      else if (mark === '(') withParentheses(this, child(node, 0));
      else if (mark === 'v') this.add(this.style.simplified ? '' : ' value witness');
      else this.print(child(node, Number(mark)));
      from = at + 2;
    }
    this.add(from === 0 ? text : text.slice(from));
  }
}

type Print = (p: Printer, node: Node, asPrefix: boolean) => Node | undefined | void;

const plain: Print = (p, node) => p.add(node.text);
const before: Print = (p, node) => {
  p.add(node.text);
  p.print(child(node, 0));
};
const unprintable: Print = () => giveUp();

/** How each kind is written that is not a phrase. */
const PRINTERS: Partial<Record<Kind, Print>> = {
  EmptyList: unprintable,
  FirstElement: unprintable,
  Variadic: unprintable,
  Labels: () => undefined,
  Identifier: plain,
  OperatorName: plain,
  LocalName: (p, node) => {
    p.print(child(node, 0));
    p.add(` #${node.index + 1}`);
  },
  PrivateName: printPrivateName,
  RelatedName: (p, node) => {
    p.add(`related decl '${node.text}' for `);
    p.print(child(node, 0));
  },
  Suffix: (p, node) => {
    if (!p.style.simplified) p.add(` with unmangled suffix "${node.text.replace(/[\\"]/g, '\\$&')}"`);
  },
  Module: (p, node) => {
    if (!p.style.simplified) p.add(node.text);
  },
  Class: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true }),
  Structure: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true }),
  Enum: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true }),
  Protocol: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true }),
  TypeAlias: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true }),
  OtherNominal: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true }),
  TypeParameter: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true }),
  BuiltinTuple: (p) => p.add('Builtin.TheTupleType'),
  AnonymousContext: (p, node) => {
    if (p.style.simplified) return;
    const [name, context, ...types] = node.children;
    p.print(context ?? giveUp());
    p.add('.(unknown context at ');
    p.print(name ?? giveUp());
    p.add(')');
    if (types.length === 0) return;
    p.add('<');
    p.printAll(types);
    p.add('>');
  },
  Extension: printExtension,
  Function: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true, typed: 'function' }),
  BoundFunction: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true, typed: 'function' }),
  Variable: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true, typed: 'colon' }),
  Subscript: (p, node, asPrefix) => printEntity(p, node, asPrefix, { typed: 'function', instead: 'subscript' }),
  Macro: (p, node, asPrefix) => {
    const typed = node.children.length === 3 ? 'colon' : 'function';
    return printEntity(p, node, asPrefix, { named: true, typed });
  },
  Accessor: printAccessor,
  Allocator: (p, node, asPrefix) => printEntity(p, node, asPrefix, { typed: 'function', extra: node.text }),
  Constructor: (p, node, asPrefix) => {
    const named = node.children.length > 2;
    return printEntity(p, node, asPrefix, { named, typed: 'function', extra: node.text });
  },
  Member: (p, node, asPrefix) => printEntity(p, node, asPrefix, { extra: node.text }),
  Initializer: (p, node, asPrefix) => printEntity(p, node, asPrefix, { extra: node.text }),
  DefaultArgument: (p, node, asPrefix) =>
    printEntity(p, node, asPrefix, { extra: `default argument ${node.index}` }),
  Closure: (p, node, asPrefix) => {
    const extra = node.text + node.index;
    return printEntity(p, node, asPrefix, p.style.simplified ? { extra } : { typed: 'function', extra });
  },
  Expansion: (p, node, asPrefix) =>
    printEntity(p, node, asPrefix, { named: true, extra: node.text + node.index }),
  Type: (p, node) => void p.print(child(node, 0)),
  TypeList: (p, node) => p.printAll(node.children),
  Bound: printBound,
  Builtin: plain,
  SimpleText: plain,
  FunctionType: (p, node) => printFunctionType(p, undefined, node),
  LabelledType: (p, node) => {
    const fn = child(child(node, 1), 0);
    if (fn.kind !== 'FunctionType') giveUp();
    printFunctionType(p, child(node, 0), fn);
  },
  Tuple: (p, node) => {
    p.add('(');
    p.printAll(node.children, ', ');
    p.add(')');
  },
  TupleElement: (p, node) => {
    if (node.text) p.add(`${node.text}: `);
    p.print(child(node, 0));
    if (node.index === 1) p.add('...');
  },
  InOut: before,
  Modified: before,
  Metatype: printMetatype,
  ExistentialMetatype: (p, node) => {
    before(p, node, false);
    p.add('.Type');
  },
  ProtocolList: printProtocols,
  ProtocolListWithClass: printProtocols,
  ProtocolListWithAnyObject: printProtocols,
  ConstrainedExistential: (p, node) => {
    p.add('any ');
    p.print(child(node, 0));
    p.add('<');
    p.printAll(node.children.slice(1), ', ');
    p.add('>');
  },
  OpaqueResult: (p) => p.add('some'),
  Generic: (p, node) => {
    p.print(child(node, 0));
    if (needsSpace(child(node, 1))) p.add(' ');
    p.print(child(node, 1));
  },
  Signature: printSignature,
  ParamCount: unprintable,
  PackMarker: unprintable,
  ValueMarker: unprintable,
  Param: (p, node) => p.add(paramName(node)),
  'Member.Type': (p, node) => p.printAll(node.children, '.'),
  AssociatedName: (p, node) => p.printAll([...node.children].reverse(), '.'),
  ImplFunction: printImplFunction,
  ImplAttribute: plain,
  ImplParameter: (p, node) => {
    p.add(`${node.text} `);
    p.print(child(node, 0));
  },
  ImplResult: (p, node) => {
    p.add(`${node.text} `);
    p.print(child(node, 0));
  },
  Async: unprintable,
  Throws: (p) => p.add(' throws'),
  TypedThrows: (p, node) => {
    p.add(' throws(');
    p.print(child(node, 0));
    p.add(')');
  },
  Sendable: unprintable,
  Caller: unprintable,
  Differentiable: plain,
  SendingResult: unprintable,
  Conformance: (p, node) => {
    const [conforming, protocol, module, storage] = node.children;
    if (!conforming || !protocol || !module) return giveUp();
    if (storage) {
      p.add('property behavior storage of ');
      p.print(module);
      p.add(' in ');
    }
    p.print(conforming);
    if (p.style.simplified && !storage) return undefined;
    p.add(' : ');
    p.print(protocol);
    if (storage) return undefined;
    p.add(' in ');
    p.print(module);
    return undefined;
  },
  ConcreteConformance: (p, node) => {
    p.add('concrete protocol conformance ');
    p.print(child(node, 0));
    p.add(' to ');
    p.print(child(node, 1));
    const conditions = child(node, 2);
    if (conditions.children.length === 0) return;
    p.add(' with conditional requirements: ');
    p.print(conditions);
  },
  ConformanceList: (p, node) => {
    if (node.children.length === 0) return;
    p.add('(');
    p.printAll(node.children, ', ');
    p.add(')');
  },
  Attribute: (p, node) => {
    if (node.index !== 1 || !p.style.simplified) p.add(node.text);
  },
  Specialization: printSpecialization,
  SpecParam: unprintable,
  SpecReturn: unprintable,
  SpecKind: unprintable,
  SpecNote: unprintable,
  Reabstraction: (p, node) => {
    if (!p.style.simplified) return p.phrase(node);
    p.add('thunk for ');
    p.print(node.children.at(1) ?? giveUp());
  },
};

/** A generic parameter by letters and depth: A, B, A1. */
export function paramName(node: Node): string {
  const [depth = 0, index = 0] = node.text.split(',').map(Number);
  return nameOfParam(depth, index);
}

/** The letters of a generic parameter count like the columns of a sheet, the lowest first. */
export function nameOfParam(depth: number, index: number): string {
  let name = '';
  let rest = index;
  do {
    name += String.fromCharCode(65 + (rest % 26));
    rest = Math.floor(rest / 26);
  } while (rest > 0);
  return depth === 0 ? name : name + depth;
}

/** Whether a space stands between a name and its type. */
export function needsSpace(typed: Node): boolean {
  if (typed.kind === 'Type') return needsSpace(child(typed, 0));
  if (typed.kind === 'Generic') return false;
  return typed.kind !== 'FunctionType' || !['', 'noescape', 'uncurried'].includes(typed.text);
}

/** Writes a whole name: what is said before it, the thing itself, what stands after it. */
export function printName(nodes: readonly Node[], style: Style): string {
  const p = new Printer(style);
  nodes.forEach((node, at) => {
    if (node.kind !== 'PartialApply') {
      p.print(node);
      return;
    }
    p.add(style.simplified ? 'partial apply' : node.text);
    const next = nodes[at + 1];
    if (next && next.kind !== 'Suffix') p.add(' for ');
  });
  return p.text;
}
