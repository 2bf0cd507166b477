import { StaleWriteError } from '@/lib/store/database';
import { LeaseLostError } from '@/lib/store/lease';
import { unseenStatements } from './outbox';
import { allItems } from './rows';
import { commit, type Run } from './run';
import type { JobItem, Unseen } from './types';

/** What a former run did this long before this one is looked at too, ms: it may have ended before it could look. */
const BEFORE_MS = 15 * 60_000;

/**
 * Looks at Apple, many items at once, whether what it called a success is so, and marks what is not. An absence is
 * believed when it is seen twice; when Apple cannot be asked, nothing is said.
 */
export async function checkEffects<C>(run: Run<C>): Promise<void> {
  const { deps, handler, work } = run;
  if (!handler.unseen || work.signal.aborted) return;
  const since = run.startedAt - BEFORE_MS;
  const told = (await allItems(deps.db, work.job.id, ['done'])).filter((item) => isOnlyTold(item, since));
  if (told.length === 0) return;
  let missed: readonly Unseen[];
  try {
    missed = await handler.unseen(work, told);
    if (missed.length === 0) return;
    await deps.clock.sleep(deps.effectLagMs, work.signal);
    missed = await handler.unseen(
      work,
      missed.map(({ item }) => item),
    );
  } catch (error) {
    deps.log.debug({ jobId: work.job.id, error }, 'What the job did could not be looked at again.');
    return;
  }
  if (missed.length === 0) return;
  try {
    await commit(run, unseenStatements(work.job.id, missed, deps.clock.now()));
  } catch (error) {
    // Somebody has sent it on its way again meanwhile.
    if (error instanceof LeaseLostError || !(error instanceof StaleWriteError)) throw error;
    return;
  }
  const wrong = missed.filter(({ code }) => code === 'FLIGHTDECK.NO_EFFECT').map(({ item }) => item);
  if (wrong.length === 0) return;
  await handler.relearn?.(work, wrong).catch((error: unknown) => {
    deps.log.debug({ jobId: work.job.id, error }, 'The copy is left to the next sync.');
  });
}

function isOnlyTold({ sentAt, reconciledAt, finishedAt, errorCode }: JobItem, since: number): boolean {
  return sentAt !== null && reconciledAt === null && errorCode === null && (finishedAt ?? 0) >= since;
}
