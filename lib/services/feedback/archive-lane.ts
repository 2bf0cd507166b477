import { isAscError } from '@/lib/asc/errors';
import { type ArchiveDeps, AT_ONCE, archiveDue, inTurn } from '@/lib/feedback/archive/archive';
import { createDownloader, type Downloader } from '@/lib/feedback/archive/download';
import type { Renewal } from '@/lib/feedback/archive/fetch-report';
import { archivePlaces } from '@/lib/feedback/archive/places';
import { hasWork, noteWanted, WITH_PICTURES } from '@/lib/feedback/archive/rows';
import { accountRows } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { programmeNow } from '../programme-time';
import { readAfresh } from '../resources/refresh';

/** The longest that a link waits for the budget of requests before others are tried, ms. */
const PATIENCE_MS = 5_000;

/**
 * Fetches every picture of feedback that is due now, unless another process is at it.
 * @returns whether there was anything to do that this process did
 */
export async function archivePictures(ctx: Ctx, signal: AbortSignal): Promise<boolean> {
  const { db, log, env } = ctx;
  await noteWanted(db);
  // Apple's links end in the programme's time.
  const clock = { ...ctx.clock, now: () => programmeNow(ctx) };
  if (!(await hasWork(db, clock.now()))) return false;
  const downloaders = new Map<string, Downloader>();
  const bases = new Map((await accountRows(db)).map(({ id, baseUrl }) => [id, baseUrl]));
  const deps: ArchiveDeps = {
    ...{ db, clock, log },
    places: archivePlaces(env),
    async downloaderOf(accountId) {
      const baseUrl = bases.get(accountId);
      if (baseUrl === undefined) return null;
      const known = downloaders.get(baseUrl) ?? createDownloader({ baseUrl, atOnce: AT_ONCE });
      downloaders.set(baseUrl, known);
      return known;
    },
    renew: (key, appId, stop) => renewed(ctx, { ...key, appId }, stop),
  };
  try {
    return (
      (await inTurn({ ...deps, clock: ctx.clock }, signal, (turn) =>
        archiveDue(deps, turn).then(() => true),
      )) ?? false
    );
  } finally {
    for (const downloader of downloaders.values()) downloader.close();
  }
}

/** Reads a report again at Apple, inside the budget of its key. */
async function renewed(
  ctx: Ctx,
  { accountId, feedbackId, appId }: { accountId: string; feedbackId: string; appId: string },
  signal: AbortSignal,
): Promise<Renewal> {
  try {
    const which = { accountId, type: WITH_PICTURES, id: feedbackId, appId } as const;
    const isThere = await readAfresh(ctx, which, { lane: 'sync', signal, maxWaitMs: PATIENCE_MS });
    return isThere ? 'fresh' : 'gone';
  } catch (error) {
    if (!isAscError(error)) throw error;
    const afterMs = error.retryAt === undefined ? undefined : Math.max(1, error.retryAt - ctx.clock.now());
    const words = `Its link has ended, and a new one could not be had: ${error.message}`;
    return { words, ...(afterMs === undefined ? {} : { afterMs }) };
  }
}
