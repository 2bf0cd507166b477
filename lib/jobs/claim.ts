import { type Database, StaleWriteError, type Statement } from '@/lib/store/database';
import { acquireLease, type Lease, releaseLease } from '@/lib/store/lease';
import { readJob } from './rows';
import type { Job } from './types';

/** This many crashes without a single item finished in between park a job. */
export const MAX_CRASHES = 3;

/** A job that this worker alone works on. */
export interface Claim {
  readonly job: Job;
  readonly lease: Lease;
  /** The job was paused or cancelled while something was being sent: only find out what became of that. */
  readonly isSettleOnly: boolean;
}

interface Candidate {
  id: string;
  status: string;
  crashes: number;
}

/**
 * Takes the oldest job that is due and that nobody works on; null when there is none.
 * @param own what the same worker works on now, and what it had to leave because the store failed, which is no crash
 */
export async function claimJob(
  db: Database,
  owner: string,
  now: number,
  own: { readonly running?: ReadonlySet<string>; readonly left?: ReadonlySet<string> } = {},
): Promise<Claim | null> {
  const candidates = await db.query<Candidate>(
    `SELECT id, status, crashes FROM jobs
     WHERE (status = 'queued' AND (scheduledAt IS NULL OR scheduledAt <= ?)) OR status = 'running'
       OR (status IN ('paused', 'cancelled') AND EXISTS (
         SELECT 1 FROM jobItems WHERE jobId = jobs.id AND status IN ('sending', 'ambiguous')))
     ORDER BY createdAt, id LIMIT 50`,
    [now],
  );
  for (const candidate of candidates) {
    if (own.running?.has(candidate.id)) continue;
    const lease = await acquireLease(db, `jobs/${candidate.id}`, owner, now, { takesBack: true });
    if (!lease) continue;
    const isCrash = candidate.status === 'running' && !own.left?.has(candidate.id);
    const claim = await start(db, candidate, lease, { isCrash, now });
    if (claim) return claim;
    await releaseLease(db, lease);
  }
  return null;
}

async function start(
  db: Database,
  candidate: Candidate,
  lease: Lease,
  { isCrash, now }: { readonly isCrash: boolean; readonly now: number },
): Promise<Claim | null> {
  // A job that still says `running` was left by a worker that ended without a word.
  const crashes = isCrash ? candidate.crashes + 1 : candidate.crashes;
  const isSettleOnly = candidate.status !== 'queued' && candidate.status !== 'running';
  if (!isSettleOnly && crashes >= MAX_CRASHES) {
    await db.write([park(candidate, crashes, now)]);
    return null;
  }
  if (!isSettleOnly) {
    const run: Statement = {
      sql: `UPDATE jobs SET status = 'running', crashes = ?, startedAt = COALESCE(startedAt, ?), updatedAt = ?
        WHERE id = ? AND status = ?`,
      params: [crashes, now, now, candidate.id, candidate.status],
      expectChanges: 1,
    };
    try {
      await db.write([run]);
    } catch (error) {
      if (error instanceof StaleWriteError) return null;
      throw error;
    }
  }
  const job = await readJob(db, candidate.id);
  return job ? { job, lease, isSettleOnly } : null;
}

function park(candidate: Candidate, crashes: number, now: number): Statement {
  const error = `The worker ended ${crashes} times in a row without finishing a single item. Resume it to try again.`;
  return {
    sql: "UPDATE jobs SET status = 'parked', crashes = ?, error = ?, updatedAt = ? WHERE id = ? AND status = ?",
    params: [crashes, error, now, candidate.id, candidate.status],
  };
}
