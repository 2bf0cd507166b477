import type { AuditEntry } from '@/lib/audit/entry';
import { isRecord } from '@/lib/mirror/resource';

export interface Member {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Which attributes a change names whose value differs. */
export function changedMembers({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Member[] {
  const was = flat(before);
  const is = flat(after);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => name in is && JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => ({ name, before: was[name], after: is[name] }));
}

// Entries hold either attributes or whole resource objects.
export function flat(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) return {};
  if (isRecord(value.attributes)) return value.attributes;
  const { relationships: _, included: __, ...rest } = value;
  return rest;
}
