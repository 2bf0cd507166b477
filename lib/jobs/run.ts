import type { Clock } from '@/lib/clock';
import type { Log } from '@/lib/log';
import { type Database, DatabaseUnavailableError, StaleWriteError } from '@/lib/store/database';
import { fence, holdsLease, LeaseLostError } from '@/lib/store/lease';
import type { Write } from '@/lib/store/store';
import type { Claim } from './claim';
import { holdStatements, pendingStatements, sleepStatements, waitStatement } from './outbox';
import { readJob } from './rows';
import type {
  Hold,
  HoldKind,
  Job,
  JobHandler,
  JobItem,
  Outcome,
  Pace,
  Registry,
  Target,
  Trouble,
  Work,
} from './types';

/** What a runner is made of; everything that varies is passed in. */
export interface RunnerDeps<C> {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly registry: Registry<C>;
  /** The context in which the job's items run: its creator's name, its account's client. */
  contextFor(job: Job): Promise<C>;
  /** How long a call may be open at the other end after its item was marked as being sent, ms. */
  readonly callLimitMs: number;
  /** Apple may show a change this late: a success is doubted only when it is missed twice this far apart, ms. */
  readonly effectLagMs: number;
  /** What an error thrown by a handler means; whatever it does not know is `unknown`. */
  classify(error: unknown, now: number): Trouble;
  /** Whether anything was sent for an item since it was marked as being sent. */
  hasBegun?(item: JobItem): boolean;
  /** The first thing the items work on that Apple no longer has, with what the copy must forget then. */
  missingTarget?(work: Work<C>, items: readonly JobItem[]): Promise<MissingTarget | null>;
  /** What is to be said of items whose outcome nobody can look up any more; null while Apple can be asked. */
  unknowable?(work: Work<C>, items: readonly JobItem[]): Promise<readonly Outcome[] | null>;
  /** The quota of the job's key, for the estimate of the end. */
  paceOf?(job: Job, context: C): Promise<Pace | null>;
}

export interface MissingTarget {
  readonly target: Target;
  readonly reason: string;
  readonly statements: readonly Write[];
}

/** One run of one claimed job. */
export interface Run<C> {
  /** ms since 1970 */
  readonly startedAt: number;
  readonly deps: RunnerDeps<C>;
  readonly claim: Claim;
  readonly handler: JobHandler<C>;
  readonly work: Work<C>;
  /** Items refused in a row for one reason that the next ones may share. */
  alike: { readonly reason: string; readonly items: readonly JobItem[] };
  /** How many refusals ago it was looked whether what the job works on still exists. */
  sinceLook: number;
  /** Position → from when an absence proves something (ms since 1970): its call may still be open until then. */
  readonly later: Map<number, number>;
  /** Doubles with every wait for which Apple names no end, ms. */
  backoffMs: number;
}

/** Ends the run for a reason that stands in the job by now. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
}

export const FIRST_BACKOFF_MS = 1000;
export const MAX_BACKOFF_MS = 30_000;
/** The longest pause between two tries of a write. */
const STORE_BACKOFF_MS = 5_000;
/** How soon a pause or a stop is noticed while a job waits, ms. */
export const LOOK_UP_MS = 500;

/** What a write of a run needs of it. */
type Writing<C> = Pick<Run<C>, 'deps' | 'claim'> & { readonly work: Pick<Work<C>, 'signal'> };

/**
 * Writes behind the lease's fence, all or nothing; gives the changed rows of each. What is known of a call must not be
 * lost: a store that has no room or is locked is waited for, as long as the worker goes on.
 * @param writes a function where the instant of the write itself matters
 * @throws LeaseLostError when another worker has taken over
 * @throws StaleWriteError when the job or an item has moved on meanwhile
 */
export async function commit<C>(
  { deps, claim, work }: Writing<C>,
  writes: readonly Write[] | ((now: number) => readonly Write[]),
): Promise<number[]> {
  const { db, clock, log } = deps;
  for (let pauseMs = FIRST_BACKOFF_MS; ; pauseMs = Math.min(pauseMs * 2, STORE_BACKOFF_MS)) {
    try {
      const now = clock.now();
      const all = typeof writes === 'function' ? writes(now) : writes;
      const [, ...changes] = await db.write([fence(claim.lease, now), ...all]);
      return changes;
    } catch (error) {
      if (error instanceof StaleWriteError && !(await holdsLease(db, claim.lease))) {
        throw new LeaseLostError(`The lease ${claim.lease.name} was taken over.`);
      }
      if (work.signal.aborted || !isPassing(error)) throw error;
      log.warn({ jobId: claim.job.id, error }, 'What the job did cannot be stored now; trying again.');
      await clock.sleep(pauseMs, work.signal).catch(() => undefined);
    }
  }
}

/** Nothing was written, and the same can be written later. */
function isPassing(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError && error.reason !== 'unsure';
}

/** Whether the run may go on sending: neither stopped nor paused nor cancelled. */
export async function mayGoOn<C>(run: Run<C>): Promise<boolean> {
  if (run.work.signal.aborted) return false;
  return (await readJob(run.deps.db, run.work.job.id))?.status === 'running';
}

/**
 * Says why the job waits, and waits; ends early when the worker stops or, unless what is sent must be settled, when
 * the job is paused.
 */
export async function waitOut<C>(
  run: Run<C>,
  until: number,
  reason: string,
  { isSettling = false } = {},
): Promise<void> {
  const { deps, work } = run;
  await commit(run, [waitStatement(work.job.id, until, reason, deps.clock.now())]);
  while (isSettling ? !work.signal.aborted : await mayGoOn(run)) {
    const left = until - deps.clock.now();
    if (left <= 0) return;
    await deps.clock.sleep(Math.min(left, LOOK_UP_MS), work.signal).catch(() => undefined);
  }
}

/** Puts the job on hold until a person has acted. @throws RunEnded always */
export async function holdJob<C>(
  run: Run<C>,
  reason: string,
  hold: Hold,
  refused: readonly JobItem[] = [],
): Promise<never> {
  const { deps, work } = run;
  await commit(run, holdStatements(work.job.id, { reason, hold, refused }, deps.clock.now()));
  throw new RunEnded(reason);
}

/** Lays the job down: its place is free for others until then. @throws RunEnded always */
export async function sleepJob<C>(
  run: Run<C>,
  items: readonly JobItem[],
  given: { readonly until: number; readonly reason: string; readonly note: unknown },
): Promise<never> {
  const { deps, work } = run;
  await commit(run, sleepStatements(work.job.id, { ...given, items }, deps.clock.now()));
  throw new RunEnded(given.reason);
}

/** How long a job that cannot ask Apple waits before it tries again by itself, ms. */
const WITHOUT_KEY_MS = 60_000;

/**
 * Ends a run that was only to find out what became of something: nobody is called for it, and it is tried again later.
 * @throws RunEnded always
 */
export async function settleAgainLater(
  writing: Writing<unknown>,
  reason: string,
  until = writing.deps.clock.now() + WITHOUT_KEY_MS,
): Promise<never> {
  await commit(writing, (now) => [waitStatement(writing.claim.job.id, until, reason, now)]);
  throw new RunEnded(reason);
}

/** What a refused key means for jobs that wait for another one; null for those that a person takes up again. */
export function sleepWithoutKey<C>(
  run: Run<C>,
  trouble: { readonly hold: HoldKind; readonly reason: string },
): { readonly until: number; readonly reason: string } | null {
  if (trouble.hold !== 'key' || run.handler.sleepsWithoutKey !== true) return null;
  return {
    until: run.deps.clock.now() + WITHOUT_KEY_MS,
    reason: `${trouble.reason} It goes on by itself once the account has a key that works.`,
  };
}

/** The wait after a failure for which Apple names no end: 1, 2, 4 … 30 s. */
export function nextBackoff<C>(run: Run<C>): number {
  const wait = run.backoffMs;
  run.backoffMs = Math.min(wait * 2, MAX_BACKOFF_MS);
  return wait;
}

/** The items were certainly not sent: they wait for their turn again. */
export async function putBack<C>(
  run: Run<C>,
  items: readonly JobItem[],
  statements: readonly Write[] = [],
): Promise<void> {
  const back = pendingStatements(run.work.job.id, items, { wasSent: false });
  await commit(run, [...back, ...statements]);
}
