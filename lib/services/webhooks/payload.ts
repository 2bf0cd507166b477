import { createHash } from 'node:crypto';
import { isRecord } from '@/lib/mirror/resource';

/** What is taken from an event: never its links, and no state, which is read from App Store Connect itself. */
export interface EventTold {
  readonly id: string;
  readonly type: string;
  readonly instance: { readonly type: string; readonly id: string } | null;
}

/** Longer words are none of Apple's, characters. */
const LONGEST = 200;

/**
 * Reads the text of an event as App Store Connect signs it: `{data: {type, id, relationships: {instance}}}`. The instance of
 * a background asset stands without `data`. What is no event of this shape is known by its bytes.
 */
export function readPayload(text: string): EventTold {
  const data = dataOf(text);
  const relationships = isRecord(data?.relationships) ? data.relationships : {};
  const { instance } = relationships;
  const linked = isRecord(instance) && isRecord(instance.data) ? instance.data : instance;
  const named = isRecord(linked) ? { type: wordOf(linked.type), id: wordOf(linked.id) } : null;
  return {
    id: wordOf(data?.id) ?? `sha256:${createHash('sha256').update(text).digest('hex')}`,
    type: wordOf(data?.type) ?? '',
    instance: named?.type && named.id ? { type: named.type, id: named.id } : null,
  };
}

function dataOf(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) && isRecord(parsed.data) ? parsed.data : null;
  } catch {
    return null;
  }
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST ? value : undefined;
}
