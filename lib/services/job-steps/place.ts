import type { AscClient } from '@/lib/asc/client-interface';
import type { Work } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';

/** The account, app and client of a job about one app. @throws RefusedError when the job names none */
export async function placeOf(
  work: Work<Ctx>,
): Promise<{ asc: AscClient; accountId: string; appId: string }> {
  const { accountId, appId } = work.job;
  if (accountId === null || appId === null) {
    const detail = 'The job names no account or app.';
    throw new RefusedError({ status: 409, code: 'FLIGHTDECK.JOB', title: 'Job incomplete', detail });
  }
  return { accountId, appId, asc: await work.context.ascFor(accountId, 'write') };
}
