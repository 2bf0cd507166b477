import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimJob } from '@/lib/jobs/claim';
import { controlJob } from '@/lib/jobs/control';
import { wakeStatement } from '@/lib/jobs/outbox';
import { readItems, readJob } from '@/lib/jobs/rows';
import { runJob } from '@/lib/jobs/run-job';
import { fakeHandler, type JobBench, jobBench, RemoteTrouble } from '@/tests/factories/job-bench';

let bench: JobBench;
beforeEach(async () => {
  bench = await jobBench();
});
afterEach(() => bench.close());

const NEVER = new AbortController().signal;
const inSteps = () => ({
  registry: new Map([
    ['fake', { ...fakeHandler(bench.remote), isInOrder: true, endsAtFailure: true, sleepsWithoutKey: true }],
  ]),
});
async function work(): Promise<boolean> {
  const claim = await claimJob(bench.db, 'host-a/1/x', bench.clock.now());
  if (!claim) return false;
  await bench.drive(runJob(bench.deps(inSteps()), claim, NEVER));
  return true;
}
const states = async (id: string) =>
  (await readItems(bench.db, id, { limit: 9 })).map(({ status, attempts }) => [status, attempts]);

it('that sleeps gives its place free until its time, keeps its note and counts no attempt', async () => {
  const id = await bench.create(['one', 'two']);
  const until = bench.clock.now() + 300_000;
  bench.remote.before = ([name]) => {
    if (name !== 'two' || bench.clock.now() >= until) return;
    throw new RemoteTrouble({ kind: 'sleep', until, reason: 'It is night.', note: { since: 7 } });
  };
  expect(await work()).toBe(true);
  expect(await readJob(bench.db, id)).toMatchObject({
    status: 'queued',
    scheduledAt: until,
    waitUntil: until,
    waitReason: 'It is night.',
    crashes: 0,
  });
  expect(await states(id)).toEqual([
    ['done', 1],
    ['pending', 0],
  ]);
  expect((await readItems(bench.db, id, { limit: 9 }))[1]?.result).toEqual({ since: 7 });
  expect(await work()).toBe(false);
  await bench.clock.advance(300_000);
  expect(await work()).toBe(true);
  expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', waitReason: null });
  expect([...bench.remote.taken.values()]).toEqual([1, 1]);
});

it('is cancelled while it sleeps', async () => {
  const id = await bench.create(['one']);
  bench.remote.before = () => {
    throw new RemoteTrouble({
      kind: 'sleep',
      until: bench.clock.now() + 60_000,
      reason: 'Later.',
      note: null,
    });
  };
  await work();
  expect(await controlJob(bench.db, id, 'cancel', bench.clock.now())).toBe(true);
  await bench.clock.advance(60_000);
  expect(await work()).toBe(false);
  expect(bench.remote.taken.size).toBe(0);
});

it('without a key sleeps, and is woken by a new one', async () => {
  const id = await bench.create(['one']);
  let isRevoked = true;
  bench.remote.before = () => {
    if (isRevoked) throw new RemoteTrouble({ kind: 'stop', reason: 'The key is refused.', hold: 'key' });
  };
  await work();
  const job = await readJob(bench.db, id);
  expect(job).toMatchObject({
    status: 'queued',
    hold: null,
    waitReason: expect.stringMatching(/^The key is refused\. It goes on/),
  });
  expect(await work()).toBe(false);
  isRevoked = false;
  await bench.db.write([wakeStatement(job?.accountId ?? '', bench.clock.now())]);
  expect(await work()).toBe(true);
  expect(await readJob(bench.db, id)).toMatchObject({ status: 'done' });
});

it('ends at the first step that fails, and goes on there when it is tried again', async () => {
  const id = await bench.create(['one', 'two', 'three']);
  let isBad = true;
  bench.remote.before = ([name]) => {
    if (name === 'two' && isBad)
      throw new RemoteTrouble({ kind: 'refused', code: 'BAD', detail: 'Not like this.' });
  };
  await work();
  expect(await readJob(bench.db, id)).toMatchObject({ status: 'failed', error: 'Not like this.' });
  expect((await states(id)).map(([status]) => status)).toEqual(['done', 'failed', 'pending']);
  isBad = false;
  expect(await controlJob(bench.db, id, 'retry', bench.clock.now())).toBe(true);
  await work();
  expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 3, failed: 0, error: null });
  expect([...bench.remote.taken.values()]).toEqual([1, 1, 1]);
});

it('that a clock set back would leave asleep for long is taken at once', async () => {
  const id = await bench.create(['one']);
  let isEarly = true;
  bench.remote.before = () => {
    if (isEarly)
      throw new RemoteTrouble({
        kind: 'sleep',
        until: bench.clock.now() + 300_000,
        reason: 'Later.',
        note: null,
      });
  };
  await work();
  isEarly = false;
  expect(await work()).toBe(false);
  const sql =
    'UPDATE jobs SET scheduledAt = scheduledAt + 86400000, waitUntil = waitUntil + 86400000 WHERE id = ?';
  await bench.db.write([{ sql, params: [id] }]);
  expect(await work()).toBe(true);
  expect(await readJob(bench.db, id)).toMatchObject({ status: 'done' });
});
