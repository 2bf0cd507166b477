import type { Alarm } from '@/lib/clock';
import type { AppContext } from '@/lib/context';
import { accountRows } from '@/lib/services/accounts/rows';
import type { Ctx } from '@/lib/services/ctx';
import { collectLogs, regroupLogs, takeInFeedback } from '@/lib/services/feedback/collect';
import { lookForTool, symbolicate, tidySymbols } from '@/lib/services/symbols/symbolicate';

/** How often to look whether there is something to take in or to fetch, ms. */
const POLL_MS = 5_000;
/** How often to look what reads symbols here, and for what uploads left behind, ms. */
const TIDY_MS = 60 * 60_000;
/** How soon a lane that failed is begun again, ms. */
const RETRY_MS = 30_000;

/** One kind of work on an account; gives when to begin again at the earliest, ms since 1970. */
type Lane = (ctx: Ctx, accountId: string, signal: AbortSignal) => Promise<number | null>;

/** Beside each other, so that what is slow holds nothing up: 20,000 logs take hours of the quota. */
const LANES: Readonly<Record<string, Lane>> = {
  intake: async (ctx, accountId, signal) => {
    await takeInFeedback(ctx, accountId, signal);
    return null;
  },
  logs: collectLogs,
  // After a log's names are found it is grouped anew by them.
  symbols: (ctx, accountId, signal) => symbolicate(ctx, accountId, signal),
  regroup: async (ctx, accountId, signal) => {
    await regroupLogs(ctx, accountId, signal);
    return null;
  },
};

/**
 * Takes feedback in, fetches crash logs and groups them, for every account, until `signal` is aborted.
 * @param alarm rung when a sync has brought something
 */
export async function collectFeedback(context: AppContext, signal: AbortSignal, alarm: Alarm): Promise<void> {
  const { db, clock, log } = context;
  const notBefore = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  const begin = (name: string, lane: Lane, accountId: string) => {
    const key = `${name}/${accountId}`;
    if (running.has(key) || (notBefore.get(key) ?? 0) > clock.now()) return;
    const ctx = context.ctx({ kind: 'system', name: 'worker' }, `${name}-${clock.now()}`);
    const work = lane(ctx, accountId, signal)
      .then((again) => void notBefore.set(key, again ?? 0))
      .catch((error: unknown) => {
        log.warn({ error, accountId, lane: name }, 'Feedback cannot be collected now; trying again.');
        notBefore.set(key, clock.now() + RETRY_MS);
      })
      .finally(() => running.delete(key));
    running.set(key, work);
  };
  let tidyAt = 0;
  while (!signal.aborted) {
    try {
      if (clock.now() >= tidyAt) {
        tidyAt = clock.now() + TIDY_MS;
        const ctx = context.ctx({ kind: 'system', name: 'worker' }, `symbols-${clock.now()}`);
        await lookForTool(ctx);
        await tidySymbols(ctx);
      }
      for (const { id } of await accountRows(db)) {
        for (const [name, lane] of Object.entries(LANES)) begin(name, lane, id);
      }
    } catch (error) {
      log.warn({ error }, 'The accounts cannot be read now; trying again.');
    }
    await alarm.sleep(POLL_MS);
  }
  await Promise.all(running.values());
}
