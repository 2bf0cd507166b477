import { acquireLease, type Lease, releaseLease } from '@/lib/store/lease';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { readJob } from './rows';
import { type Job, LONGEST_SLEEP_MS } from './types';

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

/** Asked twice a second by every worker. */
const due = shape((build, given: { now: number; tooLate: number }) =>
  build
    .selectFrom('jobs')
    .select(['id', 'status', 'crashes'])
    .where(({ eb, or, and, exists, selectFrom }) =>
      or([
        and([
          eb('status', '=', 'queued'),
          or([
            eb('scheduledAt', 'is', null),
            eb('scheduledAt', '<=', given.now),
            and([eb('waitUntil', 'is not', null), eb('scheduledAt', '>', given.tooLate)]),
          ]),
        ]),
        eb('status', '=', 'running'),
        and([
          eb('status', 'in', ['paused', 'cancelled']),
          // Apple could not be asked: not again before its time, unless the clock was set back since.
          or([
            eb('waitUntil', 'is', null),
            eb('waitUntil', '<=', given.now),
            eb('waitUntil', '>', given.tooLate),
          ]),
          exists(
            selectFrom('jobItems')
              .select('jobItems.position')
              .whereRef('jobItems.jobId', '=', 'jobs.id')
              .where('jobItems.status', 'in', ['sending', 'ambiguous']),
          ),
        ]),
      ]),
    )
    .orderBy('createdAt')
    .orderBy('id')
    .limit(50),
);
const runs = shape((build, given: { id: string; status: string; crashes: number; now: number }) =>
  build
    .updateTable('jobs')
    .set(({ fn, val }) => ({
      status: 'running',
      crashes: given.crashes,
      startedAt: fn.coalesce('startedAt', val(given.now)),
      updatedAt: given.now,
    }))
    .where('id', '=', given.id)
    .where('status', '=', given.status),
);

/**
 * Takes the oldest job that is due and that nobody works on; null when there is none. Several workers may ask at once:
 * a job's lease is one row that one of them can take, and it is taken before the job says that it runs.
 * @param own what the same worker works on now, and what it had to leave because the store failed, which is no crash
 */
export async function claimJob(
  db: Store,
  owner: string,
  now: number,
  own: { readonly running?: ReadonlySet<string>; readonly left?: ReadonlySet<string> } = {},
): Promise<Claim | null> {
  for (const candidate of await db.read(due({ now, tooLate: now + LONGEST_SLEEP_MS }))) {
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
  db: Store,
  candidate: Candidate,
  lease: Lease,
  { isCrash, now }: { readonly isCrash: boolean; readonly now: number },
): Promise<Claim | null> {
  const { id, status } = candidate;
  // A job that still says `running` was left by a worker that ended without a word.
  const crashes = isCrash ? candidate.crashes + 1 : candidate.crashes;
  const isSettleOnly = status !== 'queued' && status !== 'running';
  if (!isSettleOnly && crashes >= MAX_CRASHES) {
    await park(db, candidate, crashes, now);
    return null;
  }
  if (!isSettleOnly) {
    // Whoever was slower read the job before it was taken: it is another's, or over by now.
    const [changed] = await db.write([runs({ id, status, crashes, now })]);
    if (changed !== 1) return null;
  }
  const job = await readJob(db, id);
  return job ? { job, lease, isSettleOnly } : null;
}

async function park(db: Store, { id, status }: Candidate, crashes: number, now: number): Promise<void> {
  const error = `The worker ended ${crashes} times in a row without finishing a single item. Resume it to try again.`;
  const parked = { status: 'parked', crashes, error, updatedAt: now };
  await db.write([
    db.build.updateTable('jobs').set(parked).where('id', '=', id).where('status', '=', status),
  ]);
}
