import { child, childOf, type Node } from './node';
import type { Printer } from './printer';

const CONVENTIONS: Readonly<Record<string, string>> = {
  autoclosure: '@autoclosure ',
  thin: '@convention(thin) ',
  'escaping block': '@escaping ',
};

/** Writes a function type; simplified names say the labels of its parameters only. */
export function printFunctionType(p: Printer, labels: Node | undefined, fn: Node): void {
  p.add(CONVENTIONS[fn.text] ?? '');
  if (fn.text === 'c' || fn.text.endsWith('block')) {
    const clang = childOf(fn, 'ClangType');
    const mangled = clang ? `, mangledCType: "${clang.text}"` : '';
    p.add(`@convention(${fn.text === 'c' ? 'c' : 'block'}${mangled}) `);
  }
  const isolation = childOf(fn, 'Isolation');
  if (isolation) p.print(isolation);
  const differentiable = childOf(fn, 'Differentiable');
  if (differentiable) p.print(differentiable);
  if (childOf(fn, 'Caller')) p.add('nonisolated(nonsending) ');
  if (childOf(fn, 'Sendable')) p.add('@Sendable ');
  printParameters(p, labels, child(child(fn, 0), 0));
  if (p.style.simplified) return;
  if (childOf(fn, 'Async')) p.add(' async');
  const throws = childOf(fn, 'Throws') ?? childOf(fn, 'TypedThrows');
  if (throws) p.print(throws);
  p.add(' -> ');
  if (childOf(fn, 'SendingResult')) p.add('sending ');
  p.print(child(fn, 1));
}

function printParameters(p: Printer, labels: Node | undefined, parameters: Node): void {
  const full = !p.style.simplified;
  if (parameters.kind !== 'Tuple') {
    p.add('(');
    if (full) p.print(parameters);
    p.add(full ? ')' : '_:)');
    return;
  }
  p.add('(');
  parameters.children.forEach((one, at) => {
    if (full && at > 0) p.add(', ');
    if (labels && labels.children.length > 0) {
      const label = child(labels, at);
      p.add(`${label.kind === 'Identifier' ? label.text : '_'}:${full ? ' ' : ''}`);
    } else if (!full) p.add(`${one.text || '_'}:`);
    if (full) p.print(one);
  });
  p.add(')');
}

/** Writes a function type as the compiler lowers it. */
export function printImplFunction(p: Printer, fn: Node): void {
  const pattern = childOf(fn, 'ImplPattern');
  const invocation = childOf(fn, 'ImplInvocation');
  const of = (kind: Node['kind']): Node[] => fn.children.filter((one) => one.kind === kind);
  for (const one of [...of('ImplAttribute'), ...of('Signature')]) {
    p.print(one);
    p.add(' ');
  }
  if (pattern) {
    p.add('@substituted ');
    p.print(child(pattern, 0));
    p.add(' ');
  }
  p.add('(');
  p.printAll(of('ImplParameter'), ', ');
  p.add(childOf(fn, 'ImplSending') ? ') -> sending (' : ') -> (');
  p.printAll(of('ImplResult'), ', ');
  p.add(')');
  for (const types of [pattern?.children[1], invocation?.children[0]]) {
    if (!types) continue;
    p.add(' for <');
    p.printAll(types.children);
    p.add('>');
  }
}
