import type { JobItem, Outcome, Work } from '@/lib/jobs/types';
import { readTesters } from '@/lib/sync/members';
import type { Ctx } from '../ctx';
import { closed, refusalIn } from '../resources/send';
import { placeOf } from './place';
import { testerOf } from './tester-payload';

/**
 * After Apple's refusal of something about one tester: whether they are no longer in the app. They are taken out here
 * then, and the item says so; null when they are there, or the refusal is about something else.
 */
export async function goneOutcome(
  work: Work<Ctx>,
  item: JobItem,
  error: unknown,
  status: 'failed' | 'skipped',
): Promise<Outcome | null> {
  const refusal = refusalIn(error);
  if (!refusal || refusal.errors.length === 0) return null;
  if (!refusal.is('not_found', 'conflict', 'unprocessable')) return null;
  const { asc, accountId, appId } = await placeOf(work);
  const { db, clock } = work.context;
  const { testerId } = testerOf(item);
  const reader = { db, clock, asc, accountId, write: work.write };
  if (!(await readTesters(reader, appId, [testerId])).gone.has(testerId)) return null;
  return {
    status,
    code: 'FLIGHTDECK.GONE',
    detail: 'Was deleted at App Store Connect, and has been removed here.',
    statements: closed(error, refusal),
  };
}
