import { expect } from 'vitest';
import { type AppContext, appContext } from '@/lib/context';
import { runJobs } from '@/lib/jobs/loop';
import { readJob } from '@/lib/jobs/rows';
import { viewJob } from '@/lib/jobs/view';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { jobRunner } from '@/lib/services/jobs/runner';
import { ACCOUNT, type ApiBench, apiBench } from './context';
import { type VirtualTime, virtualTime } from './virtual-time';

export interface BudgetPlan {
  readonly rows: number;
  readonly hourLimit: number;
  readonly minuteLimit: number;
}

/** What the job's page said at some instant; ms. */
interface Look {
  readonly at: number;
  readonly leftMs: number;
}

const MINUTE_MS = 60_000;
/** The part of the quota that is kept for people. */
const RESERVE = 0.15;
const LOOK_EVERY_MS = 10 * MINUTE_MS;
/** An estimate counts in whole minutes of the hour, so close to the end it cannot be nearer than two of them. */
const GRAIN_MS = 2.5 * MINUTE_MS;

/**
 * R5: an import larger than an hour's quota, by a worker that shares the key with a person who goes on renaming a
 * group. Time leaps, so that hours pass in seconds.
 */
export async function importWithinBudget({ rows, hourLimit, minuteLimit }: BudgetPlan): Promise<void> {
  const time = virtualTime();
  const bench = await apiBench({ clock: time.clock, fetch: time.fetch });
  try {
    const worker = bench.app;
    // The person's process and the worker learn of each other only through what Apple says remains.
    await bench.restart();
    const jobId = await queueImport(bench, rows);
    time.lead(bench.sandbox);
    const { limiter, requests } = bench.sandbox.parts();
    limiter.reset();
    limiter.limits = { hour: hourLimit, minute: minuteLimit };
    requests.reset();

    const startedAt = time.clock.now();
    const { looks, waits, reserves } = await time.drive(watch(bench, time, worker, jobId));
    const job = await readJob(bench.db, jobId);
    expect(job).toMatchObject({ status: 'done', done: rows, failed: 0 });
    const endedAt = job?.finishedAt ?? 0;

    const asked = requests.entries();
    const refused = asked.filter(({ status }) => status === 429).length;
    const worstWait = Math.max(...waits);
    const errors = looks.map(({ at, leftMs }) => ({
      offMs: Math.abs(at + leftMs - endedAt),
      allowedMs: Math.max(GRAIN_MS, (endedAt - at) * 0.15),
    }));
    const worstOffMs = Math.max(...errors.map(({ offMs }) => offMs));
    console.log(
      `R5: ${rows} rows at ${hourLimit}/h and ${minuteLimit}/min in ${Math.round((endedAt - startedAt) / MINUTE_MS)} min; ` +
        `${refused} of ${asked.length} requests refused, ${waits.length} changes by a person (${reserves} at the ` +
        `reserve), slowest ${worstWait} ms; estimates ${looks.length}, worst ${Math.round(worstOffMs / 1000)} s off`,
    );
    expect(refused / asked.length).toBeLessThanOrEqual(0.02);
    expect(reserves).toBeGreaterThan(0);
    expect(worstWait).toBeLessThan(2000);
    expect(looks.length).toBeGreaterThan(3);
    expect(errors.filter(({ offMs, allowedMs }) => offMs > allowedMs)).toEqual([]);
  } finally {
    await bench.close();
  }
}

/** Runs the job, and every ten minutes looks at its estimate and changes something as a person would. */
async function watch(bench: ApiBench, time: VirtualTime, worker: AppContext, jobId: string) {
  const { clock } = time;
  const looks: Look[] = [];
  const waits: number[] = [];
  let reserves = 0;
  const stop = new AbortController();
  const loop = runJobs(jobRunner(worker), stop.signal, { owner: 'worker/1/x', pollMs: 5000 });
  const startedAt = clock.now();
  for (;;) {
    await clock.sleep(LOOK_EVERY_MS);
    const job = await readJob(bench.db, jobId);
    if (job?.status !== 'running') break;
    const { leftMs } = await viewJob(bench.db, job, 1, clock.now());
    const { hourRemaining, hourLimit } = job.pace ?? {};
    if (hourRemaining && hourLimit && hourRemaining <= hourLimit * RESERVE + 1) reserves += 1;
    if (leftMs !== null) looks.push({ at: clock.now(), leftMs });
    waits.push(await time.inRealTime(rename(bench, clock.now)));
    if (clock.now() - startedAt > 6 * 60 * MINUTE_MS) break;
  }
  stop.abort();
  await loop;
  return { looks, waits, reserves };
}

/** How long a change by a person takes, ms. */
async function rename({ call, db }: ApiBench, now: () => number): Promise<number> {
  const [group] = await db.query<{ id: string }>(
    'SELECT id FROM betaGroups WHERE isInternalGroup = 0 LIMIT 1',
  );
  const from = now();
  const data = { type: 'betaGroups', id: group?.id, attributes: { name: `Renamed ${from}` } };
  const { status, text } = await call('PATCH', `/api/v1/betaGroups/${group?.id}`, { body: { data } });
  expect([status, status === 200 ? '' : text]).toEqual([200, '']);
  return now() - from;
}

async function queueImport(bench: ApiBench, rows: number): Promise<string> {
  const [group] = await bench.db.query<{ id: string; appId: string }>(
    'SELECT id, appId FROM betaGroups WHERE isInternalGroup = 0 ORDER BY id LIMIT 1',
  );
  if (!group) throw new Error('The sandbox has no external group.');
  const text = `Email\n${Array.from({ length: rows }, (_, i) => `r5-${i}@example.com`).join('\n')}`;
  const options = importOptions.parse({ appId: group.appId, groupIds: [group.id] });
  const app = await appContext();
  const { id, email, name, role } = bench.users.admin;
  const ctx = app.ctx({ kind: 'user', id, email, name, role, sessionId: ACCOUNT }, 'queue');
  return (await startImport(ctx, new TextEncoder().encode(text), options)).jobId;
}
