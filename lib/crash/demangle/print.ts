import { child, giveUp, type Node } from './node';
import { ENTITIES, printExtension, printPrivateName } from './print-entities';
import { printFunctionType, printImplFunction } from './print-functions';
import { printSpecialization } from './print-specializations';
import { printBound, printMetatype, printProtocols, printSignature, withParentheses } from './print-types';
import { nameOfParam, needsSpace, Printer, type Style, type Write, type Writers } from './printer';

const plain: Write = (p, node) => p.add(node.text);
const before: Write = (p, node) => {
  p.add(node.text);
  p.print(child(node, 0));
};
const unprintable: Write = () => giveUp();

/** How each kind is written that is not a phrase. */
const PLAIN: Writers['plain'] = {
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
  Type: (p, node) => p.print(child(node, 0)),
  TypeList: (p, node) => p.printAll(node.children),
  Bound: printBound,
  Builtin: plain,
  SimpleText: plain,
  SugaredOptional: (p, node) => {
    withParentheses(p, child(node, 0));
    p.add('?');
  },
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
    before(p, node);
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
  Param: (p, node) => {
    const [depth = 0, index = 0] = node.text.split(',').map(Number);
    p.add(nameOfParam(depth, index));
  },
  MemberType: (p, node) => p.printAll(node.children, '.'),
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
    if (!conforming || !protocol || !module) giveUp();
    if (storage) {
      p.add('property behavior storage of ');
      p.print(module);
      p.add(' in ');
    }
    p.print(conforming);
    if (p.style.simplified && !storage) return;
    p.add(' : ');
    p.print(protocol);
    if (storage) return;
    p.add(' in ');
    p.print(module);
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

/** Writes a whole name: what is said before it, the thing itself, what stands after it. */
export function printName(nodes: readonly Node[], style: Style): string {
  const p = new Printer(style, { plain: PLAIN, entities: ENTITIES });
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
