import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimJob } from '@/lib/jobs/claim';
import { controlJob } from '@/lib/jobs/control';
import { runJobs } from '@/lib/jobs/loop';
import { countItems, readItems, readJob } from '@/lib/jobs/rows';
import { runJob } from '@/lib/jobs/run-job';
import type { Concern } from '@/lib/jobs/types';
import { manualClock } from '@/tests/factories/clock';
import { type JobBench, jobBench, RemoteTrouble } from '@/tests/factories/job-bench';

let bench: JobBench;
beforeEach(async () => {
  bench = await jobBench();
});
afterEach(() => bench.close());

const NEVER = new AbortController().signal;
const hang = () => new Promise<void>(() => {});
const names = (n: number) => Array.from({ length: n }, (_, index) => `name${String(index).padStart(4, '0')}`);

/** Claims as a worker on another machine and runs to the end. */
async function work(owner = 'host-a/1/x', signal = NEVER, over = {}): Promise<boolean> {
  const claim = await claimJob(bench.db, owner, bench.clock.now());
  if (!claim) return false;
  await bench.drive(runJob(bench.deps(over), claim, signal));
  return true;
}
/** A worker that dies: whatever it waits for never comes, and its time stands still. */
async function die(owner: string): Promise<void> {
  const claim = await claimJob(bench.db, owner, bench.clock.now());
  if (!claim) throw new Error('nothing to claim');
  void runJob(bench.deps({ clock: manualClock(bench.clock.now()) }), claim, NEVER);
  await bench.clock.advance(100);
}
const statusOf = async (id: string) => (await readJob(bench.db, id))?.status;
const errorOf = async (id: string) => (await readJob(bench.db, id))?.error;

describe('a job', () => {
  it('sends each item once, in order, and stores each outcome', async () => {
    const order: string[] = [];
    bench.remote.before = (sent) => void order.push(...sent);
    const id = await bench.create(names(450));
    expect(await readJob(bench.db, id)).toMatchObject({
      status: 'queued',
      total: 450,
      createdByEmail: 'boss@example.com',
    });
    await work();
    expect(order).toEqual(names(450));
    expect(new Set(bench.remote.taken.values())).toEqual(new Set([1]));
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 450, failed: 0, crashes: 0 });
    expect((await readItems(bench.db, id, { limit: 1 }))[0]).toMatchObject({
      status: 'done',
      label: 'name0000',
      attempts: 1,
      result: { took: 'name0000' },
      reconciledAt: null,
    });
  });

  it('commits `sending` before the call', async () => {
    const seen: string[] = [];
    const id = await bench.create(['a', 'b']);
    bench.remote.before = async () => {
      const sending = await readItems(bench.db, id, { status: ['sending'], limit: 9 });
      seen.push(sending.map((item) => `${item.label}#${item.attempts}@${item.sentAt !== null}`).join());
    };
    await work();
    expect(seen).toEqual(['a#1@true', 'b#1@true']);
  });

  it('lists items that are known to fail without sending them', async () => {
    const settled = { status: 'failed', code: 'X', detail: 'bad' } as const;
    const id = await bench.create(['a', { payload: { name: 'b' }, label: 'b', settled }, 'c']);
    await work();
    expect([...bench.remote.taken.keys()]).toEqual(['a', 'c']);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', total: 3, done: 2, failed: 1 });
    expect(await controlJob(bench.db, id, 'retry', bench.clock.now())).toBe(false);
  });

  it('fails clearly when nobody knows its kind', async () => {
    const id = await bench.create(['a'], { kind: 'from-the-future' });
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({
      status: 'failed',
      error: 'This version does not know jobs of the kind from-the-future.',
    });
  });

  it('is not taken before its time', async () => {
    await bench.create(['a'], { scheduledAt: bench.clock.now() + 60_000 });
    expect(await work()).toBe(false);
    await bench.clock.advance(60_000);
    expect(await work()).toBe(true);
  });
});

describe('trouble', () => {
  it('a refusal fails the item with its code and goes on; a person can retry it', async () => {
    let isRefusing = true;
    bench.remote.before = ([name]) => {
      if (isRefusing && name === 'b')
        throw new RemoteTrouble({ kind: 'refused', code: 'STATE_ERROR', detail: 'No.' });
    };
    const id = await bench.create(['a', 'b', 'c']);
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 2, failed: 1 });
    const [failed] = await readItems(bench.db, id, { status: ['failed'], limit: 9 });
    expect(failed).toMatchObject({ label: 'b', errorCode: 'STATE_ERROR', errorDetail: 'No.' });
    isRefusing = false;
    expect(await controlJob(bench.db, id, 'retry', bench.clock.now())).toBe(true);
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 3, failed: 0 });
  });

  const refusing = (concerns: Concern, detail: (name: string) => string = () => 'No.') => {
    bench.remote.before = ([name = '']) => {
      throw new RemoteTrouble({ kind: 'refused', code: 'SOME_ERROR', detail: detail(name), concerns });
    };
  };

  it.each<[Concern, number]>([
    ['role', 3],
    ['limit', 3],
    ['unknown', 25],
  ])(
    'a refusal about the %s, met %i times in a row, holds the job, and nobody is counted as refused (R27)',
    async (concerns, times) => {
      refusing(concerns, (name) => `“${name}” with ${name}@example.com and 12 others cannot be taken.`);
      const id = await bench.create(names(60));
      await work();
      expect(bench.remote.calls).toBe(times);
      expect(await readJob(bench.db, id)).toMatchObject({
        status: 'paused',
        failed: 0,
        hold: { kind: concerns === 'unknown' ? 'repeated' : concerns },
      });
      expect(await errorOf(id)).toContain('cannot be taken');
      expect(await countItems(bench.db, id)).toMatchObject({ pending: 60, failed: 0 });
      bench.remote.before = () => undefined;
      await controlJob(bench.db, id, 'resume', bench.clock.now());
      await work();
      expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 60, failed: 0 });
      expect((await readItems(bench.db, id, { limit: 1 }))[0]?.attempts).toBe(1);
    },
  );

  it('a reason that somebody has waived by going on holds the job no more; a limit does', async () => {
    refusing('unknown');
    const id = await bench.create(names(30));
    await work();
    await controlJob(bench.db, id, 'resume', bench.clock.now());
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 30 });
    refusing('limit');
    const other = await bench.create(names(30));
    await work();
    await controlJob(bench.db, other, 'resume', bench.clock.now());
    await work();
    expect(await readJob(bench.db, other)).toMatchObject({ status: 'paused', failed: 0 });
  });

  it.each<[string, Concern, (name: string) => string]>([
    ['of the items themselves', 'item', () => 'A bad address.'],
    ['that differ', 'unknown', (name) => (Number(name.slice(-1)) % 2 ? 'This.' : 'That.')],
  ])('refusals %s hold nothing', async (_words, concerns, detail) => {
    refusing(concerns, detail);
    const id = await bench.create(names(30));
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 30 });
  });

  it('what the job works on is gone: held at once, without a refused item (R27)', async () => {
    refusing('target');
    const reason = 'The group “Beta” is gone.';
    const missingTarget = async () => ({
      target: { type: 'betaGroups', id: 'g', name: 'Beta' } as const,
      reason,
      statements: [],
    });
    const id = await bench.create(names(60));
    await work('host-a/1/x', NEVER, { missingTarget });
    expect(bench.remote.calls).toBe(1);
    expect(await readJob(bench.db, id)).toMatchObject({
      status: 'paused',
      failed: 0,
      error: reason,
      hold: { kind: 'gone', target: { id: 'g' } },
    });
  });

  it('a limit is waited out and the item does not count as tried', async () => {
    let hits = 0;
    const started = bench.clock.now();
    const seen: (string | null | undefined)[] = [];
    bench.remote.before = () => {
      hits += 1;
      if (hits > 1) return;
      throw new RemoteTrouble({
        kind: 'wait',
        until: started + 60_000,
        reason: 'The hourly limit is used up.',
      });
    };
    const id = await bench.create(['a']);
    const running = work();
    await bench.clock.advance(1000);
    seen.push((await readJob(bench.db, id))?.waitReason);
    await running;
    expect(seen).toEqual(['The hourly limit is used up.']);
    expect(bench.clock.now()).toBeGreaterThanOrEqual(started + 60_000);
    expect((await readItems(bench.db, id, { limit: 1 }))[0]).toMatchObject({ status: 'done', attempts: 1 });
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', waitUntil: null });
  });

  it('what a person must mend pauses the job; resumed, it loses nothing', async () => {
    let isRevoked = true;
    bench.remote.before = ([name]) => {
      if (isRevoked && name === 'b')
        throw new RemoteTrouble({ kind: 'stop', reason: 'The key is refused.', hold: 'key' });
    };
    const id = await bench.create(['a', 'b', 'c']);
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({
      status: 'paused',
      error: 'The key is refused.',
      done: 1,
    });
    isRevoked = false;
    await controlJob(bench.db, id, 'resume', bench.clock.now());
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 3, error: null });
    expect(bench.remote.taken.get('b')).toBe(1);
  });

  it('an answer that is lost after the effect is read back and not repeated', async () => {
    bench.remote.after = ([name]) => {
      if (name?.endsWith('3')) throw new Error('socket hang up');
    };
    const id = await bench.create(names(20));
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 20 });
    expect(new Set(bench.remote.taken.values())).toEqual(new Set([1]));
    const reconciled = (await readItems(bench.db, id, { limit: 99 })).filter(
      (item) => item.reconciledAt !== null,
    );
    expect(reconciled.map((item) => item.label)).toEqual(['name0003', 'name0013']);
  });

  it('an answer that is lost before the effect is looked for twice, then sent again', async () => {
    let calls = 0;
    bench.remote.before = () => {
      calls += 1;
      if (calls === 1) throw new Error('socket hang up');
    };
    const id = await bench.create(['a']);
    await work();
    expect(bench.remote.reads).toBe(2);
    expect(bench.remote.taken.get('a')).toBe(1);
    expect((await readItems(bench.db, id, { limit: 1 }))[0]).toMatchObject({ status: 'done', attempts: 2 });
  });

  it('is not sent a second time while the first call may still be open; the others go on meanwhile', async () => {
    const sent: [string, number][] = [];
    bench.remote.before = ([name = '']) => {
      sent.push([name, bench.clock.now()]);
      if (name === 'a' && sent.length === 1) throw new Error('socket hang up');
    };
    const id = await bench.create(['a', 'b', 'c']);
    await work();
    expect(sent.map(([name]) => name)).toEqual(['a', 'b', 'c', 'a']);
    const [first, , third, again] = sent.map(([, at]) => at);
    expect((third ?? 0) - (first ?? 0)).toBeLessThan(5_000);
    expect((again ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(70_000);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 3 });
  });

  it('one that takes effect late, within its time limit, is never sent twice', async () => {
    bench.remote.before = ([name = '']) => {
      if (name !== 'a') return;
      // The connection breaks while the other end is still at it.
      void bench.clock.sleep(40_000).then(() => bench.remote.taken.set('a', 1));
      throw new Error('socket hang up');
    };
    const id = await bench.create(['a', 'b']);
    await work();
    expect(bench.remote.calls).toBe(2);
    expect((await readItems(bench.db, id, { limit: 1 }))[0]).toMatchObject({ status: 'done', attempts: 1 });
  });

  it('paused, it is still found out what became of it', async () => {
    bench.remote.before = async ([name]) => {
      if (name === 'a') throw new Error('socket hang up');
      await controlJob(bench.db, id, 'pause', bench.clock.now());
    };
    const id = await bench.create(['a', 'b', 'c']);
    await work();
    expect(await countItems(bench.db, id)).toMatchObject({ ambiguous: 1, done: 1, pending: 1 });
    expect(await work()).toBe(true);
    expect(await countItems(bench.db, id)).toMatchObject({ ambiguous: 0, done: 1, pending: 2 });
    expect(await statusOf(id)).toBe('paused');
  });

  it('an item that never gets an answer fails in the end, and the others go on', async () => {
    bench.remote.before = ([name]) => {
      if (name === 'a') throw new Error('socket hang up');
    };
    const id = await bench.create(['a', 'b']);
    await work();
    const [a, b] = await readItems(bench.db, id, { limit: 2 });
    expect(a).toMatchObject({ status: 'failed', errorCode: 'FLIGHTDECK.NO_ANSWER', attempts: 5 });
    expect(b?.status).toBe('done');
  });

  it('an outage while reading back is waited out with growing pauses', async () => {
    const reads: number[] = [];
    bench.remote.after = () => {
      throw new Error('lost');
    };
    bench.remote.onRead = () => {
      reads.push(bench.clock.now());
      if (reads.length < 8) throw new Error('still down');
    };
    const id = await bench.create(['a']);
    await work();
    expect(await statusOf(id)).toBe('done');
    const gaps = reads.slice(1, 8).map((at, index) => Math.round((at - (reads[index] ?? 0)) / 1000));
    expect(gaps).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(bench.remote.taken.get('a')).toBe(1);
  });
});

describe('items in one call', () => {
  beforeEach(async () => {
    await bench.close();
    bench = await jobBench(10);
  });

  it('go together when they share a key, at most ten at a time', async () => {
    const calls: number[] = [];
    bench.remote.before = (sent) => void calls.push(sent.length);
    const id = await bench.create([...names(25), 'other', 'other2']);
    await work();
    expect(calls).toEqual([10, 10, 5, 2]);
    expect((await countItems(bench.db, id)).done).toBe(27);
  });

  it('are sent one by one when the call is refused, so that only the bad one fails', async () => {
    bench.remote.before = (sent) => {
      if (sent.includes('name0004'))
        throw new RemoteTrouble({ kind: 'refused', code: 'STATE_ERROR', detail: 'No.' });
    };
    const id = await bench.create(names(12));
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 11, failed: 1 });
    expect(new Set(bench.remote.taken.values())).toEqual(new Set([1]));
  });

  it('are read back one by one when the answer is lost', async () => {
    bench.remote.after = (sent) => {
      if (sent.length === 10) throw new Error('lost');
    };
    const id = await bench.create(names(15));
    await work();
    expect((await countItems(bench.db, id)).done).toBe(15);
    expect(new Set(bench.remote.taken.values())).toEqual(new Set([1]));
  });
});

describe('pause, cancel and stop', () => {
  it('a pause takes effect between two items and keeps the rest', async () => {
    const id = await bench.create(names(10));
    bench.remote.after = async ([name]) => {
      if (name === 'name0003') await controlJob(bench.db, id, 'pause', bench.clock.now());
    };
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'paused', done: 4 });
    expect(await work()).toBe(false);
    await controlJob(bench.db, id, 'resume', bench.clock.now());
    await work();
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 10 });
    expect(new Set(bench.remote.taken.values())).toEqual(new Set([1]));
  });

  it('a pause ends a wait', async () => {
    const id = await bench.create(['a']);
    bench.remote.before = () => {
      throw new RemoteTrouble({ kind: 'wait', until: bench.clock.now() + 3_600_000, reason: 'limit' });
    };
    const started = bench.clock.now();
    const running = work();
    await bench.clock.advance(2000);
    await controlJob(bench.db, id, 'pause', bench.clock.now());
    await running;
    expect(await statusOf(id)).toBe('paused');
    expect(bench.clock.now() - started).toBeLessThan(10_000);
  });

  it('a cancelled job sends nothing more, and finds out about what was in the air', async () => {
    const id = await bench.create(['a', 'b']);
    bench.remote.after = hang;
    await die('host-a/1/x');
    await controlJob(bench.db, id, 'cancel', bench.clock.now());
    await bench.clock.advance(31_000);
    bench.remote.after = () => {};
    expect(await work('host-b/1/x')).toBe(true);
    expect(await statusOf(id)).toBe('cancelled');
    expect((await readItems(bench.db, id, { limit: 9 })).map((item) => item.status)).toEqual([
      'done',
      'pending',
    ]);
    expect(bench.remote.calls).toBe(1);
    expect(await work('host-b/1/x')).toBe(false);
  });

  it('a worker that is told to stop finishes what is being sent and hands the job on', async () => {
    const id = await bench.create(names(10));
    const stop = new AbortController();
    bench.remote.before = ([name]) => {
      if (name === 'name0005') stop.abort();
    };
    await work('host-a/1/x', stop.signal);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'queued', done: 6, crashes: 0 });
    expect(await countItems(bench.db, id)).toMatchObject({ sending: 0, ambiguous: 0, pending: 4 });
    expect(await work('host-b/1/x')).toBe(true);
    expect(await statusOf(id)).toBe('done');
  });
});

describe('crashes', () => {
  it('a job is taken over once its worker is silent for 30 s, and the item in the air is read back', async () => {
    const id = await bench.create(names(5));
    bench.remote.after = ([name]) => (name === 'name0002' ? hang() : undefined);
    await die('host-a/1/x');
    await bench.clock.advance(29_000);
    expect(await work('host-b/1/x')).toBe(false);
    await bench.clock.advance(2_000);
    bench.remote.after = () => {};
    expect(await work('host-b/1/x')).toBe(true);
    expect(await statusOf(id)).toBe('done');
    expect(new Set(bench.remote.taken.values())).toEqual(new Set([1]));
    expect((await readItems(bench.db, id, { limit: 9 }))[2]?.reconciledAt).not.toBeNull();
  });

  it('is taken over at once when the former worker of this machine is known to be dead', async () => {
    const { hostname } = await import('node:os');
    await bench.create(['a', 'b']);
    bench.remote.before = hang;
    // No process has this id: the largest on Linux is 2^22.
    await die(`${hostname()}/4194999/x`);
    bench.remote.before = () => {};
    expect(await work(`${hostname()}/${process.pid}/new`)).toBe(true);
    expect(bench.remote.taken.get('a')).toBe(1);
  });

  it('a worker that wakes up late is fenced off', async () => {
    const id = await bench.create(['a', 'b']);
    let wake = () => {};
    bench.remote.after = () => new Promise<void>((resolve) => (wake = resolve));
    const claim = await claimJob(bench.db, 'host-a/1/x', bench.clock.now());
    if (!claim) throw new Error('no claim');
    const late = runJob(bench.deps({ clock: manualClock(bench.clock.now()) }), claim, NEVER);
    await bench.clock.advance(31_000);
    bench.remote.after = () => {};
    await work('host-b/1/x');
    const before = await readItems(bench.db, id, { limit: 9 });
    wake();
    await late;
    expect(await readItems(bench.db, id, { limit: 9 })).toEqual(before);
    expect(new Set(bench.remote.taken.values())).toEqual(new Set([1]));
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', done: 2 });
  });

  it('only one of two workers gets a job', async () => {
    await bench.create(['a']);
    const claims = await Promise.all([
      claimJob(bench.db, 'host-a/1/x', bench.clock.now()),
      claimJob(bench.db, 'host-b/1/x', bench.clock.now()),
    ]);
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  it('a heartbeat keeps a long call safe from takeover', async () => {
    await bench.create(['a']);
    const claim = await claimJob(bench.db, 'host-a/1/x', bench.clock.now());
    if (!claim) throw new Error('no claim');
    let finish = () => {};
    bench.remote.before = () => new Promise<void>((resolve) => (finish = resolve));
    const running = runJob(bench.deps(), claim, NEVER);
    await bench.clock.advance(120_000);
    expect(await claimJob(bench.db, 'host-b/1/x', bench.clock.now())).toBeNull();
    finish();
    await bench.drive(running);
    expect(bench.remote.taken.get('a')).toBe(1);
  });

  it('three in a row without progress park the job and say so; resumed, it runs', async () => {
    const id = await bench.create(['a']);
    bench.remote.before = hang;
    bench.remote.onRead = hang;
    for (const owner of ['h1/1/x', 'h2/1/x', 'h3/1/x']) {
      await die(owner);
      await bench.clock.advance(31_000);
    }
    expect(await work('h4/1/x')).toBe(false);
    expect(await statusOf(id)).toBe('parked');
    expect(await errorOf(id)).toContain('ended 3 times in a row');
    bench.remote.before = () => {};
    bench.remote.onRead = () => {};
    await controlJob(bench.db, id, 'resume', bench.clock.now());
    await work('h4/1/x');
    expect(await statusOf(id)).toBe('done');
    expect(bench.remote.taken.get('a')).toBe(1);
  });

  it('many with progress in between do not park it', async () => {
    const id = await bench.create(names(12));
    let count = 0;
    bench.remote.after = () => {
      count += 1;
      return count % 2 === 0 ? hang() : undefined;
    };
    for (let round = 0; round < 40 && (await statusOf(id)) !== 'done'; round += 1) {
      const claim = await claimJob(bench.db, `h${round}/1/x`, bench.clock.now());
      if (!claim) throw new Error('not claimed');
      const clock = manualClock(bench.clock.now());
      void runJob(bench.deps({ clock }), claim, NEVER);
      for (let step = 0; step < 20; step += 1) await clock.advance(250);
      await bench.clock.advance(31_000);
    }
    expect(await statusOf(id)).toBe('done');
    expect(new Set(bench.remote.taken.values())).toEqual(new Set([1]));
    expect(bench.remote.taken.size).toBe(12);
  });
});

it('the loop runs several jobs side by side and stops when told', async () => {
  const ids = [await bench.create(names(30)), await bench.create(['x', 'y']), await bench.create(['z'])];
  const stop = new AbortController();
  const loop = runJobs(bench.deps(), stop.signal, { owner: 'host-a/1/x' });
  const areDone = async () => (await Promise.all(ids.map(statusOf))).every((status) => status === 'done');
  for (let turn = 0; turn < 100 && !(await areDone()); turn += 1) await bench.clock.advance(500);
  stop.abort();
  await bench.drive(loop);
  expect(await Promise.all(ids.map(statusOf))).toEqual(['done', 'done', 'done']);
});
