import { entryOf } from './catalogue';
import type { Call } from './operations';
import { relationshipOf } from './operations';

/** The JSON:API body of a call, or undefined where the operation takes none. */
export function requestBody({ type, operation, id, name = '', input }: Call): unknown {
  if (operation === 'create' || operation === 'update') {
    const { included, ...parts } = (input ?? {}) as { included?: unknown };
    const identity = operation === 'update' ? { type, id } : { type };
    return { data: { ...identity, ...parts }, ...(included === undefined ? {} : { included }) };
  }
  if (operation === 'addLinkage' || operation === 'removeLinkage') {
    return { data: (input as readonly string[]).map((target) => identifier({ type, name }, target)) };
  }
  if (operation === 'replaceLinkage') return { data: identifier({ type, name }, input as string) };
  return undefined;
}

function identifier({ type, name }: Pick<Call, 'type'> & { name: string }, id: string) {
  return { type: relationshipOf(type, name)?.target, id };
}

/** Whether sending the call twice has the effect of sending it once. */
export function isIdempotent({ type, operation }: Call): boolean {
  const { idempotent } = entryOf(type);
  if (operation === 'update') return idempotent.update;
  if (operation === 'delete') return idempotent.delete;
  // Adding is a POST: it is not repeated even where a second time would be harmless.
  return operation !== 'create' && operation !== 'addLinkage';
}
