import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimJob } from '@/lib/jobs/claim';
import { controlJob } from '@/lib/jobs/control';
import { countItems, readItems, readJob } from '@/lib/jobs/rows';
import type { RunnerDeps } from '@/lib/jobs/run';
import { runJob } from '@/lib/jobs/run-job';
import type { Outcome } from '@/lib/jobs/types';
import { viewJob } from '@/lib/jobs/view';
import { manualClock } from '@/tests/factories/clock';
import { type JobBench, jobBench, RemoteTrouble } from '@/tests/factories/job-bench';

let bench: JobBench;
beforeEach(async () => {
  bench = await jobBench();
});
afterEach(() => bench.close());

const NEVER = new AbortController().signal;
async function work(over: Partial<RunnerDeps<null>> = {}): Promise<boolean> {
  const claim = await claimJob(bench.db, 'host-b/1/x', bench.clock.now());
  if (!claim) return false;
  await bench.drive(runJob(bench.deps(over), claim, NEVER));
  return true;
}
/** A job whose worker died with an item on its way, and that somebody has ended or paused since. */
async function left(action: 'pause' | 'cancel'): Promise<string> {
  const id = await bench.create(['a', 'b']);
  const claim = await claimJob(bench.db, 'host-a/1/x', bench.clock.now());
  if (!claim) throw new Error('nothing to claim');
  bench.remote.after = () => new Promise<void>(() => {});
  void runJob(bench.deps({ clock: manualClock(bench.clock.now()) }), claim, NEVER);
  await bench.clock.advance(100);
  await controlJob(bench.db, id, action, bench.clock.now());
  await bench.clock.advance(31_000);
  return id;
}
const told = async () => (await bench.db.query("SELECT 1 FROM announcements WHERE topic = 'jobs'")).length;
const refuse = () => {
  throw new RemoteTrouble({ kind: 'stop', reason: 'The key is refused.', hold: 'key' });
};

describe.each(['pause', 'cancel'] as const)('what was on its way at a %s', (action) => {
  it('is looked up once a minute while the key is refused, in silence, and says why', async () => {
    const id = await left(action);
    bench.remote.onRead = refuse;
    const before = await told();
    expect([await work(), bench.remote.reads]).toEqual([true, 1]);
    for (let half = 0; half < 60; half += 1) {
      expect(await work()).toBe(false);
      await bench.clock.advance(500);
    }
    const job = await readJob(bench.db, id);
    if (!job) throw new Error('no job');
    const { waiting } = await viewJob(bench.db, job, 1, bench.clock.now());
    expect(waiting?.reason).toBe('The key is refused.');
    await bench.clock.advance(60_000);
    expect([await work(), bench.remote.reads, await told()]).toEqual([true, 2, before]);
    bench.remote.onRead = () => {};
    await bench.clock.advance(60_000);
    expect(await work()).toBe(true);
    expect(await countItems(bench.db, id)).toMatchObject({ done: 1, pending: 1, sending: 0, ambiguous: 0 });
    expect((await readJob(bench.db, id))?.status).toBe(action === 'pause' ? 'paused' : 'cancelled');
  });

  it('waits as long where nothing can be prepared, or the look-up itself is to wait', async () => {
    await left(action);
    const before = await told();
    expect(await work({ contextFor: async () => refuse() })).toBe(true);
    expect(await work()).toBe(false);
    await bench.clock.advance(60_000);
    const until = bench.clock.now() + 90_000;
    bench.remote.onRead = () => {
      throw new RemoteTrouble({ kind: 'sleep', until, reason: 'Later.', note: null });
    };
    expect(await work()).toBe(true);
    await bench.clock.advance(60_000);
    expect([await work(), await told()]).toEqual([false, before]);
    await bench.clock.advance(30_000);
    expect(await work()).toBe(true);
  });

  it('is looked up at once when a clock set back would put it off for long', async () => {
    await left(action);
    bench.remote.onRead = refuse;
    await work();
    await bench.db.write([{ sql: 'UPDATE jobs SET waitUntil = waitUntil + 86400000', params: [] }]);
    expect([await work(), bench.remote.reads]).toEqual([true, 2]);
  });

  it('is told as unknown once nobody can look it up any more', async () => {
    const id = await left(action);
    bench.remote.onRead = refuse;
    const unknown: Outcome = { status: 'failed', code: 'GONE', detail: 'Nobody can tell.' };
    expect(await work({ unknowable: async (_work, items) => items.map(() => unknown) })).toBe(true);
    const [item] = await readItems(bench.db, id, { limit: 1 });
    expect(item).toMatchObject({ status: 'failed', errorCode: 'GONE', errorDetail: 'Nobody can tell.' });
    expect((await readJob(bench.db, id))?.failed).toBe(1);
    await bench.clock.advance(120_000);
    expect(await work()).toBe(false);
  });
});
