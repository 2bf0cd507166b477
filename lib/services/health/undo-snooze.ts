import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { AuditEntry } from '@/lib/audit/entry';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';
import { keepSnooze, keptSnooze, snoozeOf } from './snoozes';

const kept = z.object({ snooze: keptSnooze });

/** What takes a snooze, or its end, back; null where the entry is neither. */
export function snoozeBack(entry: AuditEntry): ((ctx: Ctx) => Promise<string>) | null {
  const { type, action, resourceId: key, accountId, appId } = entry;
  if (type !== 'lights' || action !== 'update' || key === null || accountId === null) return null;
  const before = kept.safeParse(entry.before);
  const after = kept.safeParse(entry.after);
  if (!before.success || !after.success) return null;
  return async (ctx) => {
    // Somebody else's later change must not be lost by an undo.
    if (!isDeepStrictEqual(await snoozeOf(ctx, key), after.data.snooze))
      throw conflict('FLIGHTDECK.NOT_UNDOABLE', 'It was snoozed or woken again since, and that stays.');
    const light = { key, accountId, appId, label: entry.label ?? key };
    return (await keepSnooze(ctx, light, before.data.snooze, entry.id)).auditId;
  };
}
