import type { AnyResource } from './types';

/** Whether JSON from outside has what makes a resource. */
export function isIdentified(value: unknown): value is AnyResource {
  return isRecord(value) && typeof value.type === 'string' && typeof value.id === 'string';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
