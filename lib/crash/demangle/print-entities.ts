import { child, childOf, giveUp, type Node } from './node';
import { printFunctionType } from './print-functions';
import { needsSpace, type Printer, type WriteEntity, type Writers } from './printer';

/** How an entity is written. */
interface Manner {
  readonly named?: boolean;
  /** Its type: after a colon, or as the parameters and the result of a function. */
  readonly typed?: 'colon' | 'function';
  /** What is said besides its name. */
  readonly extra?: string;
  /** What is said instead of its name. */
  readonly instead?: string;
}

/** An entity stands after its context, or before it where the name has several words. */
function printEntity(p: Printer, node: Node, asPrefix: boolean, manner: Manner): Node | undefined {
  const args = node.kind === 'BoundFunction' ? child(node, 1) : undefined;
  const entity = args ? child(node, 0) : node;
  const extra = manner.extra ?? '';
  const local = manner.named === true && child(entity, 1).kind === 'LocalName';
  const words = local || extra.includes(' ');
  if (asPrefix && (manner.typed || words)) return entity;

  let after: Node | undefined;
  const context = child(entity, 0);
  if (words) after = context;
  else {
    const length = p.text.length;
    after = p.print(context, true);
    if (p.text.length !== length) p.add('.');
  }
  printEntityName(p, entity, manner, extra, words);
  if (manner.typed) printTyped(p, entity, manner.typed, args, words);
  if (asPrefix || !after) return after;
  p.add(entity.kind === 'DefaultArgument' || entity.kind === 'Initializer' ? ' of ' : ' in ');
  p.print(after);
  return undefined;
}

function printEntityName(p: Printer, entity: Node, manner: Manner, extra: string, words: boolean): void {
  let rest = extra;
  if (manner.named || manner.instead) {
    if (rest && words) {
      p.add(`${rest} of `);
      rest = '';
    }
    const length = p.text.length;
    if (manner.instead) p.add(manner.instead);
    else {
      const name = child(entity, 1);
      if (name.kind !== 'PrivateName') p.print(name);
      const privateName = childOf(entity, 'PrivateName');
      if (privateName) p.print(privateName);
    }
    if (p.text.length !== length && rest) p.add('.');
  }
  p.add(rest);
}

const FUNCTION_LIKE = ['', 'noescape', 'uncurried', 'c', 'thin'];

function printTyped(
  p: Printer,
  entity: Node,
  typed: 'colon' | 'function',
  args: Node | undefined,
  words: boolean,
): void {
  const own = child(childOf(entity, 'Type') ?? giveUp(), 0);
  let inner = own;
  while (inner.kind === 'Generic') inner = child(child(inner, 1), 0);
  const isFunction = inner.kind === 'FunctionType' && FUNCTION_LIKE.includes(inner.text);
  if (typed === 'colon' || !isFunction) {
    if (p.style.simplified) return;
    p.add(' : ');
  } else if (words || needsSpace(own)) p.add(' ');
  printEntityType(p, entity, own, args);
}

function printEntityType(p: Printer, entity: Node, own: Node, args: Node | undefined): void {
  const labels = childOf(entity, 'Labels');
  if (!labels && !args) {
    p.print(own);
    return;
  }
  if (args) {
    p.add('<');
    p.printAll(args.children, ', ');
    p.add('>');
  }
  let fn = own;
  if (own.kind === 'Generic') {
    if (!args) p.print(child(own, 0));
    const dependent = child(own, 1);
    if (needsSpace(dependent)) p.add(' ');
    fn = child(dependent, 0);
  }
  if (fn.kind !== 'FunctionType') giveUp();
  printFunctionType(p, labels, fn);
}

/** An accessor is said as a part of its variable or subscript. */
function printAccessor(p: Printer, node: Node, asPrefix: boolean): Node | undefined {
  const of = child(node, 0);
  const extra = node.text;
  if (of.kind === 'Variable') return printEntity(p, of, asPrefix, { named: true, typed: 'colon', extra });
  if (of.kind !== 'Subscript') giveUp();
  return printEntity(p, of, asPrefix, { typed: 'colon', extra, instead: 'subscript' });
}

/** Writes where an extension stands and what it extends. */
export function printExtension(p: Printer, node: Node): void {
  if (!p.style.simplified) {
    p.add('(extension in ');
    p.print(child(node, 0), true);
    p.add('):');
  }
  p.print(child(node, 1));
  const signature = node.children[2];
  if (signature) p.print(signature);
}

/** Writes a name that only its file knows. */
export function printPrivateName(p: Printer, node: Node): void {
  const name = node.children[0];
  const full = !p.style.simplified;
  if (full) p.add('(');
  if (name) p.print(name);
  if (full) p.add(`${name ? ' ' : ''}in ${node.text})`);
}

const byName: WriteEntity = (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true });
const byExtra: WriteEntity = (p, node, asPrefix) => printEntity(p, node, asPrefix, { extra: node.text });

/** How every entity is written. */
export const ENTITIES: Writers['entities'] = {
  Class: byName,
  Structure: byName,
  Enum: byName,
  Protocol: byName,
  TypeAlias: byName,
  OtherNominal: byName,
  TypeParameter: byName,
  Function: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true, typed: 'function' }),
  BoundFunction: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true, typed: 'function' }),
  Variable: (p, node, asPrefix) => printEntity(p, node, asPrefix, { named: true, typed: 'colon' }),
  Subscript: (p, node, asPrefix) =>
    printEntity(p, node, asPrefix, { typed: 'function', instead: 'subscript' }),
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
  Member: byExtra,
  Initializer: byExtra,
  DefaultArgument: (p, node, asPrefix) =>
    printEntity(p, node, asPrefix, { extra: `default argument ${node.index}` }),
  Closure: (p, node, asPrefix) => {
    const extra = node.text + node.index;
    return printEntity(p, node, asPrefix, p.style.simplified ? { extra } : { typed: 'function', extra });
  },
  Expansion: (p, node, asPrefix) =>
    printEntity(p, node, asPrefix, { named: true, extra: node.text + node.index }),
};
