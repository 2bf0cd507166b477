import { expect } from 'vitest';
import { countItems, readJob } from '@/lib/jobs/rows';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { DatabaseUnavailableError } from '@/lib/store/errors';
import type { PeopleBench } from './people-bench';
import { startJobWorker, type WorkerProcess } from './worker-process';

interface LeaseRow {
  readonly owner: string;
  readonly token: number;
  readonly expiresAt: number;
}

export interface TakeoverPlan {
  readonly rows: number;
  /** `SIGKILL`, or `SIGSTOP` for a worker that falls silent and wakes up late. */
  readonly how: 'SIGKILL' | 'SIGSTOP';
  /** Waits out the lease of a silent worker; otherwise it is ended at once, as if the time had passed. */
  readonly isPatient: boolean;
}

/**
 * R20: two workers on one database, and the one that works on an import is taken away. The other must take over
 * within 45 s; one that wakes up late must be fenced off; each address must be invited exactly once.
 */
export async function takeOver(bench: PeopleBench, worker: string, plan: TakeoverPlan): Promise<void> {
  const { db } = bench;
  const addresses = Array.from({ length: plan.rows }, (_, i) => `r20-${i}@example.com`);
  const options = importOptions.parse({ appId: bench.appId, groupIds: [bench.groupId] });
  const text = new TextEncoder().encode(`Email\n${addresses.join('\n')}`);
  const { jobId } = await startImport(bench.ctx, text, options);
  const lease = async () =>
    (
      await db.query<LeaseRow>('SELECT owner, token, expiresAt FROM leases WHERE name = ?', [`jobs/${jobId}`])
    )[0];
  const finished = async () => (await countItems(db, jobId)).done;

  const workers = [startJobWorker(worker, bench), startJobWorker(worker, bench)];
  try {
    await Promise.all(workers.map(({ ready }) => ready));
    await until(async () => (await finished()) >= 20);
    const before = await lease();
    const [owner, other] = byOwner(workers, before);
    if (plan.how === 'SIGKILL') owner.child.kill('SIGKILL');
    else await stopBetweenWrites(bench, jobId, owner);
    const left = Date.now();
    if (plan.how === 'SIGSTOP' && !plan.isPatient) await expire(bench, jobId);
    const doneBefore = await finished();
    await until(
      async () => ((await lease())?.token ?? 0) > (before?.token ?? 0) && (await finished()) > doneBefore,
      60_000,
    );
    const tookMs = Date.now() - left;
    expect(pidOf(await lease())).toBe(other.child.pid);

    if (plan.how === 'SIGSTOP') owner.child.kill('SIGCONT');
    await until(async () => (await readJob(db, jobId))?.status === 'done', 120_000);
    if (plan.how === 'SIGSTOP') {
      await until(() => owner.log().includes('Another worker has this job now.'));
      expect(await owner.end('SIGTERM')).toBe(0);
    }
    expect(await other.end('SIGTERM')).toBe(0);
    console.log(`R20: ${plan.how}, taken over after ${tookMs} ms, ${plan.rows} rows`);
    expect(tookMs).toBeLessThan(45_000);
    if (plan.isPatient) expect(tookMs).toBeGreaterThan(15_000);
  } finally {
    for (const { child } of workers) child.kill('SIGKILL');
  }
  expect((await lease())?.token).toBe(2);
  expect(await readJob(db, jobId)).toMatchObject({ done: plan.rows, failed: 0 });
  expect(await countItems(db, jobId)).toMatchObject({ sending: 0, ambiguous: 0, pending: 0 });
  const invitations = bench.invitations();
  expect(addresses.filter((address) => invitations[address] !== 1)).toEqual([]);
}

function byOwner(workers: readonly WorkerProcess[], lease: LeaseRow | undefined) {
  const owner = workers.find(({ child }) => child.pid === pidOf(lease));
  const other = workers.find((one) => one !== owner);
  if (!owner || !other) throw new Error(`No worker holds the lease of ${lease?.owner}.`);
  return [owner, other] as const;
}

function pidOf(lease: LeaseRow | undefined): number {
  return Number(lease?.owner.split('/')[1]);
}

/** A process that is stopped inside of a transaction keeps SQLite's lock, and nobody's lease could ever be taken over. */
async function stopBetweenWrites(
  { db }: PeopleBench,
  jobId: string,
  { child }: WorkerProcess,
): Promise<void> {
  const sql = 'UPDATE leases SET token = token WHERE name = ?';
  await until(async () => {
    child.kill('SIGSTOP');
    try {
      await db.write([{ sql, params: [`jobs/${jobId}`] }], { patienceMs: 250 });
      return true;
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      child.kill('SIGCONT');
      return false;
    }
  });
}

async function expire({ db }: PeopleBench, jobId: string): Promise<void> {
  await db.write([{ sql: 'UPDATE leases SET expiresAt = 0 WHERE name = ?', params: [`jobs/${jobId}`] }]);
}

async function until(isSo: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('It did not come about in time.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
