import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimJob } from '@/lib/jobs/claim';
import { controlJob } from '@/lib/jobs/control';
import { countItems, readJob } from '@/lib/jobs/rows';
import { runJob } from '@/lib/jobs/run-job';
import { viewJob } from '@/lib/jobs/view';
import { type JobBench, jobBench, RemoteTrouble } from '@/tests/factories/job-bench';

let bench: JobBench;
beforeEach(async () => {
  bench = await jobBench();
});
afterEach(() => bench.close());

const DAY_MS = 86_400_000;
async function work(): Promise<boolean> {
  const claim = await claimJob(bench.db, 'host-a/1/x', bench.clock.now());
  if (!claim) return false;
  await bench.drive(runJob(bench.deps(), claim, new AbortController().signal));
  return true;
}
const control = (id: string, action: Parameters<typeof controlJob>[2]) =>
  controlJob(bench.db, id, action, bench.clock.now());
const actions = async (id: string) => {
  const job = await readJob(bench.db, id);
  return job && (await viewJob(bench.db, job, 1, bench.clock.now())).actions;
};

describe('a scheduled job', () => {
  it('that is paused and resumed before its day begins on its day all the same', async () => {
    const day = bench.clock.now() + 14 * DAY_MS;
    const id = await bench.create(['a'], { scheduledAt: day });
    expect([await control(id, 'pause'), await control(id, 'resume')]).toEqual([true, true]);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'queued', scheduledAt: day });
    expect(await work()).toBe(false);
    await bench.clock.advance(14 * DAY_MS);
    expect(await work()).toBe(true);
    expect([...bench.remote.taken.keys()]).toEqual(['a']);
  });

  it('begins at once when it is resumed after its day', async () => {
    const id = await bench.create(['a'], { scheduledAt: bench.clock.now() + DAY_MS });
    await control(id, 'pause');
    await bench.clock.advance(2 * DAY_MS);
    expect(await work()).toBe(false);
    await control(id, 'resume');
    expect(await work()).toBe(true);
  });

  it('that sleeps by itself goes on at once when it is paused and resumed', async () => {
    const id = await bench.create(['a']);
    bench.remote.before = () => {
      const until = bench.clock.now() + 300_000;
      throw new RemoteTrouble({ kind: 'sleep', until, reason: 'Later.', note: null });
    };
    await work();
    await control(id, 'pause');
    bench.remote.before = () => {};
    await control(id, 'resume');
    expect(await work()).toBe(true);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done' });
  });
});

it('a cancelled job sends nothing more, whatever of it was refused', async () => {
  bench.remote.before = async ([name]) => {
    if (name === 'a') throw new RemoteTrouble({ kind: 'refused', code: 'BAD', detail: 'No.' });
    await control(id, 'cancel');
  };
  const id = await bench.create(['a', 'b', 'c', 'd']);
  await work();
  expect(await countItems(bench.db, id)).toMatchObject({ failed: 1, done: 1, pending: 2 });
  expect([await actions(id), await control(id, 'retry'), await control(id, 'resume')]).toEqual([
    [],
    false,
    false,
  ]);
  expect(await work()).toBe(false);
  expect([...bench.remote.taken.keys()]).toEqual(['b']);
});

it('only what was sent and refused is offered to be tried again', async () => {
  const settled = { status: 'failed', code: 'INVALID', detail: 'No address.' } as const;
  const invalid = { payload: { name: 'x' }, label: 'x', settled };
  const rows = await bench.create(['a', invalid]);
  await work();
  expect(await countItems(bench.db, rows)).toMatchObject({ failed: 1, done: 1 });
  expect([await actions(rows), await control(rows, 'retry')]).toEqual([[], false]);

  bench.remote.before = () => {
    throw new RemoteTrouble({ kind: 'refused', code: 'BAD', detail: 'No.' });
  };
  const refused = await bench.create(['b', invalid]);
  await work();
  expect([await actions(refused), await control(refused, 'retry')]).toEqual([['retry'], true]);
});
