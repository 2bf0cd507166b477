import type { Found } from '@/lib/format/lights';
import { type Ask, DAY_MS, isoAt } from './ask';

/** How much feedback of an app nobody has looked at. */
export interface Unread {
  readonly accountId: string;
  readonly appId: string;
  /** Reports, not issues: a crash that many met is many. */
  readonly reports: number;
  /** Since when the first of it waits, ISO text. */
  readonly oldest: string | null;
}

/** Of every app that has any. What is snoozed waits for nobody. */
export function unreadOfApps(ask: Ask): Promise<readonly Unread[]> {
  return ask.once('unread', async () => {
    const rows = await ask.rows('unread', { now: ask.now }, (build, at, isOne) =>
      build
        .selectFrom('issues as i')
        // Feedback outlives its account and its app.
        .innerJoin('apps as a', (join) =>
          join.onRef('a.accountId', '=', 'i.accountId').onRef('a.id', '=', 'i.appId'),
        )
        .select(({ fn }) => [
          'i.accountId',
          'i.appId',
          fn.sum<number>('i.reportCount').as('reports'),
          fn.min('i.firstDate').filterWhere('i.regressedAt', 'is', null).as('first'),
          fn.min('i.regressedAt').as('regressed'),
        ])
        .where('i.status', '=', 'new')
        .where('i.mergedInto', 'is', null)
        .where('i.reportCount', '>', 0)
        .where('i.snoozedDate', 'is', null)
        .where((eb) => eb.or([eb('i.snoozedUntil', 'is', null), eb('i.snoozedUntil', '<=', at.now)]))
        .$if(isOne, (of) => of.where('i.accountId', '=', at.accountId))
        .groupBy(['i.accountId', 'i.appId'])
        .orderBy('i.accountId')
        .orderBy('i.appId'),
    );
    return rows.map(({ first, regressed, reports, ...row }) => {
      // What came back is unread since then.
      const waits = [first, isoAt(regressed)].filter((at) => at !== null).sort();
      return { ...row, reports: Number(reports), oldest: waits[0] ?? null };
    });
  });
}

/** Apps with feedback that has waited so many days for somebody to look at it. */
export async function findUnread(
  ask: Ask,
  { days }: { readonly days: number },
): Promise<Found<'feedback_unread'>[]> {
  const before = ask.now - days * DAY_MS;
  return (await unreadOfApps(ask)).flatMap(({ accountId, appId, reports, oldest }) =>
    oldest !== null && Date.parse(oldest) <= before
      ? [{ accountId, appId, id: appId, name: null, since: oldest, facts: { reports, oldest } }]
      : [],
  );
}
