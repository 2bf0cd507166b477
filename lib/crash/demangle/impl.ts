import { popArguments } from './bound';
import { giveUp, make, type Node, type } from './node';
import type { Reader } from './reader';

const PARAMETERS: Readonly<Record<string, string>> = {
  i: '@in',
  c: '@in_constant',
  l: '@inout',
  b: '@inout_aliasable',
  n: '@in_guaranteed',
  X: '@in_cxx',
  x: '@owned',
  g: '@guaranteed',
  e: '@deallocating',
  y: '@unowned',
  v: '@pack_owned',
  p: '@pack_guaranteed',
  m: '@pack_inout',
};

const RESULTS: Readonly<Record<string, string>> = {
  r: '@out',
  o: '@owned',
  d: '@unowned',
  u: '@unowned_inner_pointer',
  a: '@autoreleased',
  k: '@pack_out',
  l: '@guaranteed_address',
  g: '@guaranteed',
  m: '@inout',
};

const CALLEES: Readonly<Record<string, string>> = {
  y: '@callee_unowned',
  g: '@callee_guaranteed',
  x: '@callee_owned',
  t: '@convention(thin)',
};

const CONVENTIONS: Readonly<Record<string, string>> = {
  B: 'block',
  C: 'c',
  M: 'method',
  O: 'objc_method',
  K: 'closure',
  W: 'witness_method',
};

const DIFFERENTIABILITY: Readonly<Record<string, string>> = {
  d: '@differentiable',
  l: '@differentiable(_linear)',
  f: '@differentiable(_forward)',
  r: '@differentiable(reverse)',
};

const COROUTINES: Readonly<Record<string, string>> = {
  A: '@yield_once',
  I: '@yield_once_2',
  G: '@yield_many',
};

/** A parameter or result whose type is popped only when all of them are known. */
interface Part {
  readonly kind: 'ImplParameter' | 'ImplResult';
  readonly words: string;
}

/** `I`: a function type as the compiler lowers it. */
export function readImplFunction(r: Reader): Node {
  const substitutions = readSubstitutions(r);
  const signature = r.popKind('Signature');
  if (signature) r.nextIf('P');
  const attributes = readAttributes(r);
  const sending = r.nextIf('T') ? [make('ImplSending')] : [];
  const parts = readParts(r);
  if (!r.nextIf('_')) giveUp();
  const types = parts.map(() => r.need('Type')).reverse();
  return type(
    make('ImplFunction', [
      ...substitutions,
      ...attributes.map((word) => make('ImplAttribute', [], word)),
      ...sending,
      ...(signature ? [signature] : []),
      ...parts.map((part, at) => make(part.kind, [types[at] ?? giveUp()], part.words)),
    ]),
  );
}

function readSubstitutions(r: Reader): Node[] {
  const found: Node[] = [];
  if (r.nextIf('s')) {
    const [only, more] = popArguments(r).lists;
    if (!only || more) giveUp();
    found.push(make('ImplPattern', [r.need('Signature'), only ?? giveUp()]));
  }
  if (r.nextIf('I')) {
    const [only, more] = popArguments(r).lists;
    if (!only || more) giveUp();
    found.push(make('ImplInvocation', [only ?? giveUp()]));
  }
  return found;
}

function readAttributes(r: Reader): string[] {
  const words: string[] = [];
  if (r.nextIf('e')) words.push('@escaping');
  if (r.nextIf('A')) words.push('@isolated(any)');
  const differentiable = DIFFERENTIABILITY[r.peek()];
  if (differentiable) words.push(differentiable);
  if (differentiable) r.next();
  words.push(CALLEES[r.next()] ?? giveUp());
  const convention = readConvention(r);
  if (convention) words.push(convention);
  const coroutine = COROUTINES[r.peek()];
  if (coroutine) words.push(coroutine);
  if (coroutine) r.next();
  if (r.nextIf('h')) words.push('@Sendable');
  if (r.nextIf('H')) words.push('@async');
  return words;
}

function readConvention(r: Reader): string | undefined {
  for (const letters of ['zB', 'zC']) {
    if (!r.nextIf(letters)) continue;
    const clang = r.slice(r.natural());
    return `@convention(${letters === 'zB' ? 'block' : 'c'}, mangledCType: "${clang}")`;
  }
  const name = CONVENTIONS[r.peek()];
  if (!name) return undefined;
  r.next();
  return `@convention(${name})`;
}

function readParts(r: Reader): Part[] {
  const parts: Part[] = [];
  for (let word = PARAMETERS[r.peek()]; word; word = PARAMETERS[r.peek()]) {
    r.next();
    parts.push({ kind: 'ImplParameter', words: word + readParameterNotes(r) });
  }
  for (let word = RESULTS[r.peek()]; word; word = RESULTS[r.peek()]) {
    r.next();
    parts.push({ kind: 'ImplResult', words: word + (r.nextIf('w') ? ' @noDerivative' : '') });
  }
  while (r.nextIf('Y'))
    parts.push({ kind: 'ImplResult', words: `@yields ${PARAMETERS[r.next()] ?? giveUp()}` });
  if (r.nextIf('z')) parts.push({ kind: 'ImplResult', words: `@error ${RESULTS[r.next()] ?? giveUp()}` });
  return parts;
}

/** Swift's own printer says nothing of these where two of the last three stand together. */
function readParameterNotes(r: Reader): string {
  const notes = r.nextIf('w') ? ['@noDerivative'] : [];
  const plain = notes.length;
  if (r.nextIf('T')) notes.push('sending');
  if (r.nextIf('I')) notes.push('isolated');
  if (r.nextIf('L')) notes.push('sil_implicit_leading_param');
  return notes.length - plain > 1 ? '' : notes.map((note) => ` ${note}`).join('');
}
