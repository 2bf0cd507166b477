import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAlarm } from '@/lib/clock';
import { type AppContext, createContext } from '@/lib/context';
import { readEnv } from '@/lib/env';
import { controlJob } from '@/lib/jobs/control';
import { createJob } from '@/lib/jobs/create';
import { runJobs } from '@/lib/jobs/loop';
import { readJob } from '@/lib/jobs/rows';
import { insertAccount } from '@/lib/services/accounts/accounts';
import { requestSync } from '@/lib/services/sync';
import { runWorker } from '@/lib/worker/worker';
import { type ManualClock, manualClock } from '@/tests/factories/clock';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { type JobBench, jobBench } from '@/tests/factories/job-bench';

const PATIENT = { timeout: 20_000 };

describe('the loop of jobs', () => {
  let bench: JobBench;
  let stop: AbortController;
  let loop: Promise<void>;
  beforeEach(async () => {
    bench = await jobBench();
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await bench.drive(loop);
    await bench.close();
  });
  const statusOf = async (id: string) => (await readJob(bench.db, id))?.status;

  it('takes a job when it is rung, and by itself a little later', async () => {
    const alarm = createAlarm(bench.clock, stop.signal);
    loop = runJobs(bench.deps(), stop.signal, { owner: 'host-a/1/x', alarm });
    await bench.clock.advance(10);
    const rung = await bench.create(['x']);
    await bench.clock.advance(400);
    expect(await statusOf(rung)).toBe('queued');
    alarm.ring();
    await expect.poll(() => statusOf(rung), PATIENT).toBe('done');
    const found = await bench.create(['y']);
    await bench.clock.advance(2_000);
    await expect.poll(() => statusOf(found), PATIENT).toBe('done');
  });

  it('looks as often as ever when nobody rings, and while it has no room for more', async () => {
    loop = runJobs(bench.deps(), stop.signal, { owner: 'host-a/1/x' });
    await bench.clock.advance(10);
    const alone = await bench.create(['x']);
    await bench.clock.advance(500);
    await expect.poll(() => statusOf(alone), PATIENT).toBe('done');
    stop.abort();
    await bench.drive(loop);

    stop = new AbortController();
    let finish = () => {};
    bench.remote.before = ([name]) =>
      name === 'long' ? new Promise<void>((resolve) => (finish = resolve)) : undefined;
    const long = await bench.create(['long']);
    const alarm = createAlarm(bench.clock, stop.signal);
    loop = runJobs(bench.deps(), stop.signal, { owner: 'host-a/1/x', alarm, concurrency: 1 });
    await expect.poll(() => bench.remote.taken.size + bench.remote.calls, PATIENT).toBe(3);
    const next = await bench.create(['next']);
    finish();
    await expect.poll(() => statusOf(long), PATIENT).toBe('done');
    await bench.clock.advance(600);
    await expect.poll(() => statusOf(next), PATIENT).toBe('done');
  });
});

describe('the worker', () => {
  let db: TestDatabase;
  let clock: ManualClock;
  let app: AppContext;
  let stop: AbortController;
  let worker: Promise<void>;
  beforeEach(async () => {
    db = await testDatabase();
    clock = manualClock();
    const env = readEnv({
      NEXTAUTH_SECRET: 'a secret for tests only, of some length',
      DATA_DIR: db.folder,
      ASC_BASE_URL: 'http://127.0.0.1:9',
    });
    const refusal = { status: '401', code: 'NOT_AUTHORIZED', title: 'No', detail: 'No.' };
    const fetch = async () => Response.json({ errors: [refusal] }, { status: 401 });
    const log = pino({ level: 'silent' });
    app = await createContext({ env, db, clock, log, encryptionKey: randomBytes(32), fetch });
    stop = new AbortController();
    worker = runWorker(app, stop.signal);
    await clock.advance(100);
  });
  afterEach(async () => {
    stop.abort();
    await worker;
    expect(clock.sleepers()).toEqual([]);
    await app.close();
  });
  /** Less than any loop waits until it looks by itself. */
  const soon = () => clock.advance(400);
  const newJob = () =>
    createJob(
      db,
      {
        ...{ kind: 'unheard-of', title: 'Job', accountId: null, appId: null, params: {} },
        ...{ createdBy: null, createdByEmail: null, items: [{ payload: {} }] },
      },
      clock.now(),
    );
  const statusOf = async (id: string) => (await readJob(db, id))?.status;
  const runs = async () =>
    (await db.read(db.build.selectFrom('syncRuns').select('trigger').orderBy('startedAt'))).map(
      ({ trigger }) => trigger,
    );

  it('begins at once with a job that is queued or resumed', async () => {
    const id = await newJob();
    await soon();
    // It does not know what kind of job this is, and says so.
    await expect.poll(() => statusOf(id), PATIENT).toBe('failed');
    await db.write([db.build.updateTable('jobs').set({ status: 'paused' }).where('id', '=', id)]);
    await controlJob(db, id, 'resume', clock.now());
    await soon();
    await expect.poll(() => statusOf(id), PATIENT).toBe('failed');
  });

  it('begins at once with an account that is added and a sync that is asked for', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await insertAccount(app, {
      ...{ id: 'account-1', name: 'Example', kind: 'team', keyId: 'KEY1234567' },
      issuerId: '57246542-96fe-1a63-e053-0824d011072a',
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    });
    await soon();
    await expect.poll(runs, PATIENT).toEqual(['start']);
    // It waits before it takes Apple's refusal for true.
    const ended = async () => {
      await clock.advance(100);
      const open = db.build.selectFrom('syncRuns').select('id').where('finishedAt', 'is', null);
      return (await db.read(open)).length === 0;
    };
    await expect.poll(ended, PATIENT).toBe(true);
    await clock.advance(50);
    await requestSync(app.ctx({ kind: 'system', name: 'shell' }, 'r'), { mode: 'incremental' });
    await soon();
    await expect.poll(runs, PATIENT).toEqual(['start', 'person']);
  });
});
