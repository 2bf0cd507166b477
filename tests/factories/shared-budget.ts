import { appContext } from '@/lib/context';
import { runJobs } from '@/lib/jobs/loop';
import { readJob } from '@/lib/jobs/rows';
import { viewJob } from '@/lib/jobs/view';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { jobRunner } from '@/lib/services/jobs/runner';
import { ACCOUNT, type ApiBench, apiBench } from './context';
import { virtualTime } from './virtual-time';

const CLICK_EVERY_MS = 17_000;

/** What was left of a job when its page was looked at, and what the page said, ms. */
export interface Look {
  readonly leftMs: number;
  readonly soonest: number;
  readonly latest: number;
}

export interface SharedBudget {
  readonly asked: number;
  /** Requests of the import and of people that Apple answered 429. */
  readonly refused: number;
  /** ms; of clicks that were carried out at once. */
  readonly waits: readonly number[];
  /** Seconds that clicks were told to wait. */
  readonly told: readonly number[];
  /** Clicks that were neither carried out nor told a time. */
  readonly lost: number;
  readonly looks: readonly Look[];
  /** For so long at least nothing was refused, ms. */
  readonly calmMs: number;
}

/**
 * R30: an import by a worker and a person who clicks, two processes with one key under a limit per minute that Apple
 * does not announce. `isKnown` lets a first import teach it.
 */
export async function sharedBudget({
  rows,
  minute,
}: {
  readonly rows: number;
  readonly minute: number;
}): Promise<{ first: SharedBudget; second: SharedBudget }> {
  const time = virtualTime();
  const bench = await apiBench({ clock: time.clock, fetch: time.fetch });
  try {
    time.lead(bench.sandbox);
    const { limiter } = bench.sandbox.parts();
    limiter.reset();
    // Nothing was asked of this Apple yet.
    await bench.db.write([{ sql: 'DELETE FROM keyBudgets', params: [] }]);
    await bench.db.write([{ sql: 'DELETE FROM keySpending', params: [] }]);
    limiter.limits = { hour: 3500, minute, isMinuteHidden: true };
    const round = async (prefix: string) => {
      bench.sandbox.parts().requests.reset();
      // New processes, as after a restart: what was learned is in the store.
      const worker = await appContext();
      await bench.restart();
      return importAndClick(bench, time, { worker, rows, prefix });
    };
    const first = await time.drive(round('a'));
    await time.drive(time.clock.sleep(180_000));
    await bench.restart();
    const second = await time.drive(round('b'));
    return { first, second };
  } finally {
    await bench.close();
  }
}

async function importAndClick(
  bench: ApiBench,
  time: ReturnType<typeof virtualTime>,
  { worker, rows, prefix }: { worker: Awaited<ReturnType<typeof appContext>>; rows: number; prefix: string },
): Promise<SharedBudget> {
  const { clock } = time;
  const { requests } = bench.sandbox.parts();
  const jobId = await queue(bench, rows, prefix);
  const begunAt = clock.now();
  const stop = new AbortController();
  const loop = runJobs(jobRunner(worker), stop.signal, { owner: `worker/${prefix}/x`, pollMs: 1_000 });
  const looks: (Omit<Look, 'leftMs'> & { at: number })[] = [];
  const waits: number[] = [];
  const told: number[] = [];
  let lost = 0;
  let refusedAt: number | undefined;
  const deadline = clock.now() + 3 * 3_600_000;
  while ((await readJob(bench.db, jobId))?.status !== 'done' && clock.now() < deadline) {
    await clock.sleep(CLICK_EVERY_MS);
    if (requests.entries().some(({ status }) => status === 429)) refusedAt ??= clock.now() - CLICK_EVERY_MS;
    const job = await readJob(bench.db, jobId);
    if (job?.status === 'running') {
      const { leftMs, leftBetween } = await viewJob(bench.db, job, 1, clock.now());
      const { soonestMs: soonest, latestMs: latest } = leftBetween ?? { soonestMs: leftMs, latestMs: leftMs };
      if (soonest && latest) looks.push({ at: clock.now(), soonest, latest });
    }
    const from = clock.now();
    const { status, headers } = await time.inRealTime(rename(bench, `${prefix} ${from}`));
    if (status === 200) waits.push(clock.now() - from);
    else if (status === 429 && headers.get('retry-after')) told.push(Number(headers.get('retry-after')));
    else lost += 1;
  }
  stop.abort();
  await loop;
  const endedAt = (await readJob(bench.db, jobId))?.finishedAt ?? 0;
  const entries = requests.entries();
  return {
    calmMs: (refusedAt ?? endedAt) - begunAt,
    asked: entries.length,
    refused: entries.filter(({ status }) => status === 429).length,
    waits,
    told,
    lost,
    looks: looks.map(({ at, ...told }) => ({ leftMs: endedAt - at, ...told })),
  };
}

async function rename({ call, db }: ApiBench, name: string) {
  const [group] = await db.query<{ id: string }>(
    'SELECT id FROM betaGroups WHERE isInternalGroup = 0 LIMIT 1',
  );
  const data = { type: 'betaGroups', id: group?.id, attributes: { name } };
  return call('PATCH', `/api/v1/betaGroups/${group?.id}`, { body: { data } });
}

async function queue(bench: ApiBench, rows: number, prefix: string): Promise<string> {
  const [group] = await bench.db.query<{ id: string; appId: string }>(
    'SELECT id, appId FROM betaGroups WHERE isInternalGroup = 0 ORDER BY id LIMIT 1',
  );
  if (!group) throw new Error('The sandbox has no external group.');
  const text = `Email\n${Array.from({ length: rows }, (_, i) => `${prefix}${i}@example.com`).join('\n')}`;
  const options = importOptions.parse({ appId: group.appId, groupIds: [group.id] });
  const app = await appContext();
  const { id, email, name, role } = bench.users.admin;
  const ctx = app.ctx({ kind: 'user', id, email, name, role, sessionId: ACCOUNT }, 'queue');
  return (await startImport(ctx, new TextEncoder().encode(text), options)).jobId;
}
