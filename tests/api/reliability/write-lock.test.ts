import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, expect, it } from 'vitest';
import { verifyChain } from '@/lib/audit/verify';
import { type ApiBench, apiBench } from '@/tests/factories/context';
import { testDatabase } from '@/tests/factories/database';
import { holdWriteLock } from '@/tests/factories/lock-holder';

let bench: ApiBench;
afterEach(() => bench.close());

const READS = ['/api/overview', '/api/v1/betaGroups', '/api/v1/betaTesters?limit=50', '/api/activity'];

const rename = (id: string, name: string) =>
  bench.call('PATCH', `/api/v1/betaGroups/${id}`, {
    body: { data: { type: 'betaGroups', id, attributes: { name } } },
  });
const groupIds = async () =>
  (await bench.db.query<{ id: string }>('SELECT id FROM betaGroups ORDER BY id LIMIT 5')).map(({ id }) => id);
const nameAtApple = (id: string) => bench.sandbox.parts().world.store.get('betaGroups', id)?.attributes.name;

interface Pace {
  /** 95 of 100 reads took no longer, ms. */
  readonly p95: number;
  /** The longest time in which the event loop did nothing else, ms. */
  readonly gap: number;
  readonly reads: number;
}

/** Reads until told to stop, as somebody who looks around. */
async function readUntil(isOver: () => boolean): Promise<Pace> {
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  const took: number[] = [];
  while (!isOver()) {
    for (const address of READS) {
      const from = performance.now();
      const { status } = await bench.call('GET', address);
      took.push(performance.now() - from);
      expect(status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  loop.disable();
  took.sort((a, b) => a - b);
  return { p95: took[Math.floor(took.length * 0.95)] ?? 0, gap: loop.max / 1e6, reads: took.length };
}

const after = (ms: number) => {
  const end = performance.now() + ms;
  return () => performance.now() >= end;
};

it('R13: another process holds the write lock for ten seconds: reads go on, changes wait and are done', async () => {
  bench = await apiBench();
  await readUntil(after(500));
  const idle = await readUntil(after(2000));
  const ids = await groupIds();
  bench.upstream();

  const { released } = await holdWriteLock(bench.db, 10_000);
  let isReleased = false;
  void released.then(() => {
    isReleased = true;
  });
  const from = performance.now();
  const changes = ids.map((id) => rename(id, `Late ${id}`));
  const locked = await readUntil(() => isReleased);
  const sentMeanwhile = isReleased ? 0 : bench.upstream();
  const answers = await Promise.all(changes);
  const tookMs = performance.now() - from;

  const words = ({ p95, gap, reads }: Pace) =>
    `${reads} reads, p95 ${p95.toFixed(1)} ms, gap ${gap.toFixed(0)} ms`;
  console.log(
    `R13: idle ${words(idle)}; locked ${words(locked)}; changes done after ${tookMs.toFixed(0)} ms`,
  );
  expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 200));
  expect(ids.map(nameAtApple)).toEqual(ids.map((id) => `Late ${id}`));
  expect(sentMeanwhile).toBe(0);
  expect(tookMs).toBeGreaterThan(9_000);
  // On a machine that is busy with something else, what reading costs without the lock is the measure.
  // Whatever waits for the lock takes seconds.
  expect(locked.p95).toBeLessThan(Math.max(500, idle.p95 * 3));
  expect(locked.gap).toBeLessThan(Math.max(1_500, idle.gap * 3));
  expect(await verifyChain(bench.db)).toMatchObject({ isWhole: true });
});

it('R13: a change that runs out of patience is refused with 503, when to come back, and nothing sent', async () => {
  bench = await apiBench({ db: await testDatabase({ patienceMs: 1000 }) });
  const [id = ''] = await groupIds();
  const before = nameAtApple(id);
  bench.upstream();
  const { released } = await holdWriteLock(bench.db, 2500);
  const answer = await rename(id, 'Never');
  expect([answer.status, answer.body.errors[0].code]).toEqual([503, 'FLIGHTDECK.DATABASE_LOCKED']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect([bench.upstream(), nameAtApple(id)]).toEqual([0, before]);
  await released;
  expect((await rename(id, 'Afterwards')).status).toBe(200);
  expect(nameAtApple(id)).toBe('Afterwards');
});
