/** What a piece of a mangled name is: the nodes of the tree that the operators build and the printer reads. */
export type Kind =
  // Marks and names
  | 'EmptyList'
  | 'FirstElement'
  | 'Variadic'
  | 'Identifier'
  | 'LocalName'
  | 'PrivateName'
  | 'RelatedName'
  | 'OperatorName'
  | 'Labels'
  | 'Suffix'
  // Nominal types and contexts
  | 'Module'
  | 'Class'
  | 'Structure'
  | 'Enum'
  | 'Protocol'
  | 'TypeAlias'
  | 'OtherNominal'
  | 'BuiltinTuple'
  | 'AnonymousContext'
  | 'Extension'
  // Entities
  | 'Function'
  | 'Variable'
  | 'Subscript'
  | 'Accessor'
  | 'Static'
  | 'Allocator'
  | 'Constructor'
  | 'Member'
  | 'Initializer'
  | 'DefaultArgument'
  | 'Closure'
  | 'Macro'
  | 'TypeParameter'
  | 'Expansion'
  | 'ExpansionPlace'
  | 'BoundFunction'
  | 'OpaqueResultOf'
  // Types
  | 'Type'
  | 'TypeList'
  | 'Bound'
  | 'Builtin'
  | 'FunctionType'
  | 'LabelledType'
  | 'Tuple'
  | 'TupleElement'
  | 'Pack'
  | 'PackExpansion'
  | 'PackElement'
  | 'InOut'
  | 'Modified'
  | 'Metatype'
  | 'ExistentialMetatype'
  | 'ProtocolList'
  | 'ProtocolListWithClass'
  | 'ProtocolListWithAnyObject'
  | 'ConstrainedExistential'
  | 'SimpleText'
  | 'SimplePhrase'
  | 'SugaredOptional'
  | 'OpaqueResult'
  | 'OpaqueType'
  | 'Generic'
  | 'Signature'
  | 'ParamCount'
  | 'Requirement'
  | 'PackMarker'
  | 'ValueMarker'
  | 'Param'
  | 'MemberType'
  | 'AssociatedName'
  | 'AssociatedPath'
  | 'ImplFunction'
  | 'ImplAttribute'
  | 'ImplParameter'
  | 'ImplResult'
  | 'ImplPattern'
  | 'ImplInvocation'
  | 'ImplSending'
  // Attributes of function types
  | 'Async'
  | 'Throws'
  | 'TypedThrows'
  | 'Sendable'
  | 'Isolation'
  | 'Caller'
  | 'Differentiable'
  | 'SendingResult'
  | 'ClangType'
  // Conformances
  | 'Conformance'
  | 'ConcreteConformance'
  | 'PackConformance'
  | 'DependentConformance'
  | 'OpaqueConformance'
  | 'HomeConformance'
  | 'ConformanceList'
  | 'Retroactive'
  // What stands before an entity, and sentences made of others
  | 'Attribute'
  | 'PartialApply'
  | 'Specialization'
  | 'SpecParam'
  | 'SpecReturn'
  | 'SpecKind'
  | 'SpecNote'
  | 'GenericParam'
  | 'Reabstraction'
  | 'Phrase'
  | 'Descriptor';

export interface Node {
  readonly kind: Kind;
  readonly text: string;
  readonly index: number;
  readonly children: readonly Node[];
  /** How deep and how large the printed tree is: both are bounded where a node is made. */
  readonly depth: number;
  readonly weight: number;
}

const DEEPEST = 500;
const HEAVIEST = 200_000;

class Unreadable extends Error {}

const UNREADABLE = new Unreadable('This is not a name that can be read');

/** Gives the whole name up: what cannot be read stays raw. */
export function giveUp(): never {
  throw UNREADABLE;
}

/** Whether an error says that a name was given up. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof Unreadable;
}

const NONE: readonly Node[] = [];

/** Makes a node, and gives up when the tree under it outgrows what a name can hold. */
export function make(kind: Kind, children: readonly Node[] = NONE, text = '', index = -1): Node {
  let depth = 0;
  let weight = 1 + text.length;
  for (const one of children) {
    if (one.depth > depth) depth = one.depth;
    weight += one.weight;
  }
  if (depth >= DEEPEST || weight > HEAVIEST) giveUp();
  return { kind, text, index, children, depth: depth + 1, weight };
}

/** A node wrapped as a type. */
export function type(node: Node): Node {
  return make('Type', [node]);
}

/** A sentence: `text` with %0, %1 … where its children stand. */
export function phrase(text: string, ...children: Node[]): Node {
  return make('Phrase', children, text);
}

/** The child at a place; a tree without it cannot be read. */
export function child(node: Node, at: number): Node {
  return node.children[at] ?? giveUp();
}

/** The first child of a kind, if there is one. */
export function childOf(node: Node, kind: Kind): Node | undefined {
  return node.children.find((one) => one.kind === kind);
}

const NAMES: ReadonlySet<Kind> = new Set([
  'Identifier',
  'LocalName',
  'PrivateName',
  'RelatedName',
  'OperatorName',
]);

const NOMINALS: ReadonlySet<Kind> = new Set([
  'Class',
  'Structure',
  'Enum',
  'Protocol',
  'TypeAlias',
  'OtherNominal',
  'BuiltinTuple',
]);

const CONTEXTS: ReadonlySet<Kind> = new Set<Kind>([
  ...NOMINALS,
  'Module',
  'AnonymousContext',
  'Extension',
  'Function',
  'Variable',
  'Subscript',
  'Accessor',
  'Static',
  'Allocator',
  'Constructor',
  'Member',
  'Initializer',
  'DefaultArgument',
  'Closure',
  'OpaqueResultOf',
]);

const ATTRIBUTES: ReadonlySet<Kind> = new Set(['Attribute', 'PartialApply', 'Specialization']);

/** Whether a node names a declaration. */
export const isName = (node: Node): boolean => NAMES.has(node.kind);
/** Whether a node is a type that may be generic. */
export const isNominal = (node: Node): boolean => NOMINALS.has(node.kind);
/** Whether a declaration can stand within this node. */
export const isContext = (node: Node): boolean => CONTEXTS.has(node.kind);
/** Whether a thunk can be made of this node. */
export const isEntity = (node: Node): boolean => node.kind === 'Type' || CONTEXTS.has(node.kind);
/** Whether a node stands before the function that it is about. */
export const isAttribute = (node: Node): boolean => ATTRIBUTES.has(node.kind);
/** Whether a node is a protocol, or the type of one. */
export const isProtocol = (node: Node): boolean =>
  node.kind === 'Protocol' || (node.kind === 'Type' && child(node, 0).kind === 'Protocol');
