import { afterEach, beforeEach, expect, it } from 'vitest';
import { runJobs } from '@/lib/jobs/loop';
import { readItems, readJob } from '@/lib/jobs/rows';
import { DatabaseUnavailableError } from '@/lib/store/database';
import type { TestDatabase } from '@/tests/factories/database';
import { type JobBench, jobBench } from '@/tests/factories/job-bench';

let bench: JobBench;
beforeEach(async () => {
  bench = await jobBench();
});
afterEach(() => bench.close());

const NAMES = ['a', 'b', 'c'];

/** Runs the loop on this store until the job is done or that much time has passed. */
async function runOn(db: TestDatabase, jobId: string, forMs: number): Promise<void> {
  const stop = new AbortController();
  const loop = runJobs(bench.deps({ db }), stop.signal, { owner: 'host-a/1/x' });
  const until = bench.clock.now() + forMs;
  while ((await readJob(bench.db, jobId))?.status !== 'done' && bench.clock.now() < until)
    await bench.clock.advance(500);
  stop.abort();
  await bench.drive(loop);
}

it.each(['full', 'locked', 'io', 'readonly'] as const)(
  'a store that is %s is waited for, whichever write it refuses first; nothing is sent twice, fails or is parked',
  async (reason) => {
    const written: number[] = [];
    for (let first = 0; first < 14; first += 1) {
      const id = await bench.create(NAMES.map((name) => `${name}${first}`));
      let writes = 0;
      let healedAt = Number.POSITIVE_INFINITY;
      const db: TestDatabase = {
        ...bench.db,
        async write(statements, options) {
          writes += 1;
          // Two minutes: longer than a lease lasts.
          if (writes > first) healedAt = Math.min(healedAt, bench.clock.now() + 120_000);
          if (writes > first && bench.clock.now() < healedAt)
            throw new DatabaseUnavailableError(reason, null);
          return bench.db.write(statements, options);
        },
      };
      await runOn(db, id, 300_000);
      const job = await readJob(bench.db, id);
      expect([first, job]).toMatchObject([
        first,
        { status: 'done', done: 3, failed: 0, crashes: 0, error: null },
      ]);
      if (healedAt < Number.POSITIVE_INFINITY) {
        expect((job?.finishedAt ?? 0) - healedAt).toBeLessThan(20_000);
        written.push(first);
      }
      expect((await readItems(bench.db, id, { limit: 9 })).map(({ attempts }) => attempts)).toEqual([
        1, 1, 1,
      ]);
    }
    expect(new Set(bench.remote.taken.values())).toEqual(new Set([1]));
    expect(written.length).toBeGreaterThan(8);
  },
);

it('a store that cannot be read for a while parks nothing', async () => {
  const id = await bench.create(NAMES);
  const brokenUntil = bench.clock.now() + 60_000;
  const db: TestDatabase = {
    ...bench.db,
    async query(sql, params) {
      if (bench.clock.now() < brokenUntil && sql.includes('jobItems') && !sql.includes('EXISTS'))
        throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_READ' });
      return bench.db.query(sql, params);
    },
  };
  await runOn(db, id, 180_000);
  expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 3, crashes: 0 });
});

it('a worker that is told to stop while the store is full stops, and the next one finds out', async () => {
  const id = await bench.create(NAMES);
  const stop = new AbortController();
  let isFull = false;
  bench.remote.after = ([name]) => {
    isFull = name === 'b';
  };
  const db: TestDatabase = {
    ...bench.db,
    async write(statements, options) {
      if (isFull) throw new DatabaseUnavailableError('full', null);
      return bench.db.write(statements, options);
    },
  };
  const loop = runJobs(bench.deps({ db }), stop.signal, { owner: 'host-a/1/x' });
  await bench.clock.advance(10_000);
  stop.abort();
  await bench.drive(loop);
  bench.remote.after = () => undefined;
  await bench.clock.advance(31_000);
  await runOn(bench.db, id, 180_000);
  expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 3, failed: 0 });
  expect(new Set(bench.remote.taken.values())).toEqual(new Set([1]));
});

it('what is sent after a long wait for the store is judged by when it left', async () => {
  const id = await bench.create(['a']);
  const fullUntil = bench.clock.now() + 600_000;
  const db: TestDatabase = {
    ...bench.db,
    async write(statements, options) {
      const isSending = statements.some((one) => 'sql' in one && one.sql.includes("status = 'sending'"));
      if (isSending && bench.clock.now() < fullUntil) throw new DatabaseUnavailableError('full', null);
      return bench.db.write(statements, options);
    },
  };
  const calls: number[] = [];
  bench.remote.before = () => {
    calls.push(bench.clock.now());
    if (calls.length === 1) throw new Error('socket hang up');
  };
  await runOn(db, id, 900_000);
  expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 1 });
  expect((calls[1] ?? 0) - (calls[0] ?? 0)).toBeGreaterThanOrEqual(70_000);
});
