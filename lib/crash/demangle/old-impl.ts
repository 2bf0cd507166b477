import { giveUp, make, type Node } from './node';
import type { OldReader } from './old-reader';

const CALLEES: Readonly<Record<string, string>> = {
  t: '@convention(thin)',
  d: '@callee_unowned',
  g: '@callee_guaranteed',
  o: '@callee_owned',
};

const CONVENTIONS: Readonly<Record<string, string>> = {
  b: 'block',
  c: 'c',
  m: 'method',
  O: 'objc_method',
  w: 'witness_method',
};

const PARAMETERS: Readonly<Record<string, string>> = {
  d: '@unowned',
  g: '@guaranteed',
  e: '@deallocating',
  i: '@in',
  l: '@inout',
  o: '@owned',
};

const RESULTS: Readonly<Record<string, string>> = {
  a: '@autoreleased',
  d: '@unowned',
  D: '@unowned_inner_pointer',
  i: '@out',
  o: '@owned',
};

/** A function type as the compiler lowered it before Swift 4. */
export function readOldImplFunction(r: OldReader): Node {
  const attributes = [CALLEES[r.next()] ?? giveUp()];
  if (r.nextIf('C')) attributes.push(`@convention(${CONVENTIONS[r.next()] ?? giveUp()})`);
  if (r.nextIf('h')) attributes.push('@Sendable');
  if (r.nextIf('H')) attributes.push('@async');
  const signature = r.nextIf('G') || r.nextIf('g') ? [r.readSignature()] : [];
  if (!r.nextIf('_')) giveUp();
  const parts: Node[] = [];
  while (!r.nextIf('_')) parts.push(make('ImplParameter', ...readPart(r, PARAMETERS)));
  while (!r.nextIf('_')) {
    const error = r.nextIf('z') ? '@error ' : '';
    const [of, words] = readPart(r, RESULTS);
    parts.push(make('ImplResult', of, error + words));
  }
  const said = attributes.map((word) => make('ImplAttribute', [], word));
  return make('ImplFunction', [...said, ...signature, ...parts]);
}

function readPart(r: OldReader, conventions: Readonly<Record<string, string>>): [Node[], string] {
  const words = conventions[r.next()] ?? giveUp();
  return [[r.readType()], words];
}
