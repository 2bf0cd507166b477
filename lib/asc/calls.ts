import type { AppleCreateRequests, AppleUpdateRequests } from './apple-types';
import type { ResourceType } from './catalogue/types';
import type { WriteCall } from './operations';
import type { CreateInput, LinkageName, TypesWith, UpdateInput } from './types';

/** A request that makes a resource, as the compiler knows what Apple takes. */
export function createCall<T extends TypesWith<'create'> & keyof AppleCreateRequests>(
  type: T,
  input: CreateInput<T>,
): WriteCall {
  return { type, operation: 'create', input };
}

/** A request that changes a resource. */
export function updateCall<T extends TypesWith<'update'> & keyof AppleUpdateRequests>(
  type: T,
  id: string,
  input: UpdateInput<T>,
): WriteCall {
  return { type, operation: 'update', id, input };
}

/** A request that deletes a resource. */
export function deleteCall(type: TypesWith<'delete'>, id: string): WriteCall {
  return { type, operation: 'delete', id };
}

/** A request that adds members to a relationship. */
export function addCall<T extends ResourceType, N extends LinkageName<T, 'add'>>(
  type: T,
  id: string,
  name: N,
  ids: readonly string[],
): WriteCall {
  return { type, operation: 'addLinkage', id, name, input: ids };
}

/** A request that takes members out of a relationship. */
export function removeCall<T extends ResourceType, N extends LinkageName<T, 'remove'>>(
  type: T,
  id: string,
  name: N,
  ids: readonly string[],
): WriteCall {
  return { type, operation: 'removeLinkage', id, name, input: ids };
}
