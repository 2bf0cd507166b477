import { child, giveUp, isName, type Kind, make, type Node, type } from './node';
import type { Reader } from './reader';

/** A nominal type, declared in a context by a name. */
export function popNominal(r: Reader, kind: Kind): Node {
  const name = r.needIf(isName);
  return r.substitutable(type(make(kind, [r.needContext(), name])));
}

/** The arguments of a generic type and of the types around it, the innermost first. */
export interface Arguments {
  readonly lists: readonly Node[];
  readonly retroactive: readonly Node[];
}

/** Arguments of generic types: one list for each type around the innermost, from the outermost. */
export function popArguments(r: Reader): Arguments {
  const retroactive: Node[] = [];
  for (let one = r.popKind('Retroactive'); one; one = r.popKind('Retroactive')) retroactive.push(one);
  const lists: Node[] = [];
  for (;;) {
    const types: Node[] = [];
    for (let one = r.popKind('Type'); one; one = r.popKind('Type')) types.push(one);
    lists.push(make('TypeList', types.reverse()));
    if (r.popKind('EmptyList')) break;
    r.need('FirstElement');
  }
  return { lists, retroactive: retroactive.reverse() };
}

/** `G`: a generic type with its arguments. */
export function readBound(r: Reader): Node {
  const { lists, retroactive } = popArguments(r);
  const bound = bind(r.needNominal(), lists, 0);
  const whole = retroactive.length
    ? make(bound.kind, [...bound.children, make('TypeList', retroactive)], bound.text, bound.index)
    : bound;
  return r.substitutable(type(whole));
}

/** What stands in a generic function, but has no generic parameters of its own. */
const WITHOUT_PARAMETERS: ReadonlySet<Kind> = new Set([
  'Variable',
  'Subscript',
  'Closure',
  'DefaultArgument',
  'Initializer',
  'Static',
]);

const BINDABLE: ReadonlySet<Kind> = new Set([
  'Class',
  'Structure',
  'Enum',
  'Protocol',
  'OtherNominal',
  'TypeAlias',
]);

function bind(nominal: Node, lists: readonly Node[], at: number): Node {
  const own = lists[at] ?? giveUp();
  const context = child(nominal, 0);
  const takes = !WITHOUT_PARAMETERS.has(nominal.kind);
  const rest = takes ? at + 1 : at;
  let whole = nominal;
  if (rest < lists.length) {
    const outer =
      context.kind === 'Extension'
        ? make('Extension', [
            child(context, 0),
            bind(child(context, 1), lists, rest),
            ...context.children.slice(2),
          ])
        : bind(context, lists, rest);
    whole = make(nominal.kind, [outer, ...nominal.children.slice(1)], nominal.text, nominal.index);
  }
  if (!takes || own.children.length === 0) return whole;
  if (BINDABLE.has(whole.kind)) return make('Bound', [type(whole), own], whole.kind);
  if (whole.kind === 'Function' || whole.kind === 'Constructor') return make('BoundFunction', [whole, own]);
  return giveUp();
}

/** `H`: how a type conforms to a protocol, as arguments of generic types need it. */
export function readConformance(r: Reader): Node {
  switch (r.next()) {
    case 'A': {
      const index = conformanceIndex(r);
      const protocol = r.needProtocol();
      const associated = make('Phrase', [r.need('Type'), protocol], 'dependent associated conformance %0%1');
      return dependent('associated', index, r.need('DependentConformance'), associated);
    }
    case 'C': {
      const conditions = make(
        'ConformanceList',
        r.list(() => popConformance(r)),
      );
      const home = r.popKind('HomeConformance') ?? retroactiveHome(r);
      return make('ConcreteConformance', [r.need('Type'), home, conditions]);
    }
    case 'D': {
      const index = conformanceIndex(r);
      const protocol = r.needProtocol();
      return dependent('root', index, r.need('Type'), protocol);
    }
    case 'I': {
      const index = conformanceIndex(r);
      const protocol = r.needProtocol();
      return dependent('inherited', index, r.need('DependentConformance'), protocol);
    }
    case 'O': {
      const of = r.need('Type');
      return make(
        'OpaqueConformance',
        [r.need('DependentConformance'), of],
        'opaque result conformance %0 of %1',
      );
    }
    case 'P':
      return make('HomeConformance', [r.needProtocol()], "protocol conformance ref (type's module) %0");
    case 'p':
      return make('HomeConformance', [r.needProtocol()], "protocol conformance ref (protocol's module) %0");
    case 'X': {
      const conditions = make(
        'ConformanceList',
        r.list(() => popConformance(r)),
      );
      return make('PackConformance', [conditions], 'pack protocol conformance %0');
    }
    case 'c':
      return make(
        'Descriptor',
        [popProtocolConformance(r)],
        'protocol conformance descriptor runtime record for %0',
      );
    case 'n':
      return make('Descriptor', [r.need('Type')], 'nominal type descriptor runtime record for %0');
    case 'o':
      return make('Descriptor', [r.pop() ?? giveUp()], 'opaque type descriptor runtime record for %0');
    case 'r':
      return make('Descriptor', [r.needProtocol()], 'protocol descriptor runtime record for %0');
    case 'F':
      return make('Attribute', [], 'accessible function runtime record for ', 1);
    default:
      return giveUp();
  }
}

/** 1 says that the place is not known; others stand two too high. */
function conformanceIndex(r: Reader): number {
  const index = r.indexNumber();
  return index > 0 ? index - 2 : giveUp();
}

function dependent(how: string, index: number, from: Node, to: Node): Node {
  const place = index < 0 ? '' : `#${index} `;
  return make('DependentConformance', [from, to], `dependent ${how} protocol conformance ${place}%0 to %1`);
}

function retroactiveHome(r: Reader): Node {
  const module = r.needModule();
  return make('HomeConformance', [r.needProtocol(), module], 'protocol conformance ref (retroactive) %0%1');
}

const CONFORMANCES: ReadonlySet<Kind> = new Set([
  'ConcreteConformance',
  'PackConformance',
  'DependentConformance',
  'OpaqueConformance',
]);

function popConformance(r: Reader): Node {
  return r.needIf((node) => CONFORMANCES.has(node.kind));
}

/** `g`: a conformance that is declared neither with the type nor with the protocol. */
export function readRetroactive(r: Reader): Node {
  const index = r.indexNumber();
  return make('Retroactive', [popConformance(r)], `retroactive @ ${index}%0`);
}

/** A conformance by type, protocol and module, as witnesses and descriptors name it. */
export function popProtocolConformance(r: Reader): Node {
  const signature = r.popKind('Signature');
  const module = r.needModule();
  const protocol = r.needProtocol();
  let conforming = r.popKind('Type');
  const storage = conforming ? undefined : r.need('Identifier');
  conforming ??= r.need('Type');
  const whole = signature ? type(make('Generic', [signature, conforming])) : conforming;
  return make('Conformance', storage ? [whole, protocol, module, storage] : [whole, protocol, module]);
}
