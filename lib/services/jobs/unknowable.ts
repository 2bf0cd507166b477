import type { JobItem, Outcome, Work } from '@/lib/jobs/types';
import { accountRows } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { unknownOutcome } from '../job-steps/send-item';

/** What is said of items that were being sent when their account was removed; null while the account can be asked. */
export async function unknowable(
  work: Work<Ctx>,
  items: readonly JobItem[],
): Promise<readonly Outcome[] | null> {
  const { accountId } = work.job;
  if (accountId === null) return null;
  if ((await accountRows(work.context.db)).some(({ id }) => id === accountId)) return null;
  return Promise.all(items.map((item) => unknownOutcome(work, item, REMOVED)));
}

const REMOVED =
  'It was being sent when the answer was lost, and the account was removed before App Store Connect could be asked: nobody can tell from here whether it was carried out. Look at App Store Connect.';
