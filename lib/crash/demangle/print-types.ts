import { child, type Kind, type Node } from './node';
import { nameOfParam, type Printer } from './printer';

const SIMPLE: ReadonlySet<Kind> = new Set([
  'Bound',
  'BoundFunction',
  'Builtin',
  'BuiltinTuple',
  'Class',
  'Structure',
  'Enum',
  'Protocol',
  'OtherNominal',
  'TypeAlias',
  'Generic',
  'MemberType',
  'Param',
  'SimpleText',
  'SimplePhrase',
  'SugaredOptional',
  'Metatype',
  'ExistentialMetatype',
  'Module',
  'Tuple',
  'TypeList',
  'Labels',
]);

function isSimple(node: Node): boolean {
  if (node.kind === 'Type') return isSimple(child(node, 0));
  if (node.kind === 'ProtocolList') return node.children.length <= 1;
  if (node.kind === 'ProtocolListWithAnyObject') return node.children.length === 0;
  return SIMPLE.has(node.kind);
}

/** Writes a type, within parentheses where something follows that would bind to a part of it. */
export function withParentheses(p: Printer, node: Node): void {
  const simple = isSimple(node);
  if (!simple) p.add('(');
  p.print(node);
  if (!simple) p.add(')');
}

/** Writes a generic type with its arguments, or with the sugar that Swift has for it. */
export function printBound(p: Printer, node: Node): void {
  const nominal = child(node, 0);
  const args = child(node, 1).children;
  const plain = node.children.length !== 2 || !p.style.sugar || node.text === 'Class';
  if (!plain && node.text === 'Protocol') {
    p.printAll(args);
    p.add(' as ');
    p.print(nominal);
    return;
  }
  if (!plain && printSugar(p, node.text, child(nominal, 0), args)) return;
  p.print(nominal);
  p.add('<');
  p.printAll(args, ', ');
  p.add('>');
}

function printSugar(p: Printer, kind: string, nominal: Node, args: readonly Node[]): boolean {
  const [module, name] = nominal.children;
  if (module?.kind !== 'Module' || module.text !== 'Swift' || name?.kind !== 'Identifier') return false;
  const [first, second, third] = args;
  if (!first || third) return false;
  if (
    kind === 'Enum' &&
    !second &&
    (name.text === 'Optional' || name.text === 'ImplicitlyUnwrappedOptional')
  ) {
    withParentheses(p, first);
    p.add(name.text === 'Optional' ? '?' : '!');
    return true;
  }
  if (kind !== 'Structure' || name.text !== (second ? 'Dictionary' : 'Array')) return false;
  p.add('[');
  p.printAll(args, ' : ');
  p.add(']');
  return true;
}

const EXISTENTIAL: ReadonlySet<Kind> = new Set([
  'ExistentialMetatype',
  'ProtocolList',
  'ProtocolListWithClass',
  'ProtocolListWithAnyObject',
]);

/** Writes the type of a type. */
export function printMetatype(p: Printer, node: Node): void {
  p.add(node.text);
  const of = child(child(node, 0), 0);
  withParentheses(p, of);
  p.add(EXISTENTIAL.has(of.kind) ? '.Protocol' : '.Type');
}

/** Writes a composition of protocols. */
export function printProtocols(p: Printer, node: Node): void {
  if (node.kind === 'ProtocolList' && node.children.length === 0) p.add('Any');
  p.printAll(node.children, ' & ');
  if (node.kind === 'ProtocolListWithClass' && node.children.length === 1) p.add(' & ');
  if (node.kind !== 'ProtocolListWithAnyObject') return;
  if (node.children.length > 0) p.add(' & ');
  p.add('Swift.AnyObject');
}

const MOST_PARAMETERS = 128;

/** Writes the parameters of a generic signature, depth by depth, and what is required of them. */
export function printSignature(p: Printer, node: Node): void {
  const counts = node.children.filter((one) => one.kind === 'ParamCount');
  const rest = node.children.slice(counts.length);
  const isMarker = (one: Node): boolean => one.kind === 'PackMarker' || one.kind === 'ValueMarker';
  const markers = rest.slice(0, rest.findIndex((one) => !isMarker(one)) >>> 0);
  p.add('<');
  counts.forEach((count, depth) => {
    if (depth > 0) p.add('><');
    for (let index = 0; index < count.index; index++) {
      if (index > 0) p.add(', ');
      if (index >= MOST_PARAMETERS) {
        p.add('...');
        break;
      }
      for (const marker of markers) {
        const marked = child(child(marker, 0), 0);
        if (marked.kind !== 'Param' || marked.text !== `${index},${depth}`) continue;
        p.add(marker.kind === 'PackMarker' ? 'each ' : 'let ');
        break;
      }
      p.add(nameOfParam(depth, index));
    }
  });
  const requirements = rest.slice(markers.length);
  if (requirements.length > 0 && !p.style.simplified) {
    p.add(' where ');
    p.printAll(requirements, ', ');
  }
  p.add('>');
}
