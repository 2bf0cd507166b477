import { z } from 'zod';
import { personId } from '@/lib/access/policy';
import type { AuditEntry } from '@/lib/audit/entry';
import { inTurn } from '@/lib/feedback/counts';
import { asItStands } from '@/lib/feedback/standing';
import { type TakeBack, takenBack } from '@/lib/feedback/take-back';
import { announced } from '@/lib/store/feed';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';

const at = z.object({ id: z.string(), issueId: z.string() });
const takeBack = z.object({
  accountId: z.string(),
  to: z.string().nullable(),
  reports: z.array(at.extend({ isPlaced: z.number() })),
  aliases: z.array(
    z.object({
      ...{ appId: z.string(), hash: z.string(), issueId: z.string().nullable() },
      ...{ source: z.string(), rule: z.number() },
    }),
  ),
  notes: z.array(at),
  labels: z.array(z.string()),
  merged: z.array(z.string()),
  made: z.object({ issueId: z.string(), from: z.string() }).nullable(),
});
const kept = z.object({ placing: z.string(), takeBacks: z.array(takeBack).min(1) });

const MOST_TOLD = 200;

/** What takes a merge, a split or an attaching back, with what came since by the same hashes; null where it is none. */
export function placingBack(entry: AuditEntry): ((ctx: Ctx) => Promise<string>) | null {
  if (entry.action !== 'update' || entry.type !== 'issues') return null;
  const after = kept.safeParse(entry.after);
  if (!after.success) return null;
  const { placing, takeBacks } = after.data;
  return async (ctx) => {
    const standing: TakeBack[] = [];
    for (const one of takeBacks.toReversed()) {
      const stands = await asItStands(ctx.db, one);
      if (stands) standing.push(stands);
    }
    const [first] = standing;
    if (!first)
      throw conflict(
        'FLIGHTDECK.NOT_UNDOABLE',
        'Somebody has placed it otherwise since. Take that back first, or merge, split and attach anew.',
      );
    const now = ctx.clock.now();
    const draft = {
      ...{ accountId: entry.accountId, appId: entry.appId, action: 'update', type: 'issues' },
      ...{ resourceId: entry.resourceId, label: entry.label, undoOf: entry.id },
      requested: { placing, isBack: true },
    };
    return audited(ctx, draft, async (auditId) => ({
      result: auditId,
      after: { placing, isBack: true },
      statements: inTurn(ctx.db, first.accountId, [
        ...standing.flatMap((one) => takenBack(ctx.db, one, { now, by: personId(ctx.actor) })),
        ...announced('feedback', touched(standing).slice(0, MOST_TOLD), now),
      ]),
    }));
  };
}

function touched(all: readonly TakeBack[]): string[] {
  return all.flatMap(({ to, merged, reports, made }) => [
    ...(to === null ? [] : [to]),
    ...merged,
    ...(made ? [made.from] : []),
    ...reports.map(({ issueId }) => issueId),
  ]);
}
