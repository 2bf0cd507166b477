import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAlarm } from '@/lib/clock';
import { type AppContext, createContext } from '@/lib/context';
import { readEnv } from '@/lib/env';
import { insertAccount } from '@/lib/services/accounts/accounts';
import { syncAccounts } from '@/lib/worker/sync-accounts';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { type VirtualTime, virtualTime } from '@/tests/factories/virtual-time';

const SECOND = 1_000;
const MINUTE = 60_000;
/** How often due times are looked at, and what a run takes. */
const ABOUT = 15 * SECOND;

let db: TestDatabase;
let time: VirtualTime;
let app: AppContext;
let stop: AbortController;
let worker: Promise<void>;
let areBuildsFailing: boolean;

beforeEach(async () => {
  db = await testDatabase();
  time = virtualTime();
  areBuildsFailing = true;
  const env = readEnv({
    NEXTAUTH_SECRET: 'a secret for tests only, of some length',
    DATA_DIR: db.folder,
    ASC_BASE_URL: 'http://127.0.0.1:9',
  });
  const fetch = async (url: string) => {
    const isFailing = areBuildsFailing && new URL(url).pathname === '/v1/builds';
    return isFailing
      ? Response.json(
          { errors: [{ status: '500', code: 'UNEXPECTED_ERROR', title: 'No.' }] },
          { status: 500 },
        )
      : Response.json({ data: [], links: { self: url }, meta: { paging: { total: 0, limit: 200 } } });
  };
  const log = pino({ level: 'silent' });
  app = await createContext({ env, db, clock: time.clock, log, encryptionKey: randomBytes(32), fetch });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await insertAccount(app, {
    ...{ id: 'account-1', name: 'Example', kind: 'team', keyId: 'KEY1234567' },
    issuerId: '57246542-96fe-1a63-e053-0824d011072a',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  });
  stop = new AbortController();
  worker = syncAccounts(app, stop.signal, createAlarm(time.clock, stop.signal));
});
afterEach(async () => {
  stop.abort();
  await time.drive(worker);
  await app.close();
});

const pass = (ms: number) => time.drive(time.clock.sleep(ms));
/** The times between the ends and the beginnings of the runs since an instant, ms. */
async function pauses(since = 0): Promise<number[]> {
  const runs = await db.read(
    db.build
      .selectFrom('syncRuns')
      .select(['startedAt', 'finishedAt'])
      .where('startedAt', '>=', since)
      .orderBy('startedAt'),
  );
  return runs.slice(1).map(({ startedAt }, n) => startedAt - (runs[n]?.finishedAt ?? 0));
}

it('tries again soon and then less and less, and soon again after it was well', async () => {
  await pass(60 * MINUTE);
  const failing = await pauses();
  const expected = [30, 60, 120, 240, 300].map((seconds) => seconds * SECOND);
  for (const [n, ms] of expected.entries()) {
    expect(failing[n]).toBeGreaterThanOrEqual(ms);
    expect(failing[n]).toBeLessThan(ms + ABOUT);
  }
  expect(Math.max(...failing)).toBeLessThan(300 * SECOND + ABOUT);

  areBuildsFailing = false;
  await pass(6 * MINUTE);
  areBuildsFailing = true;
  const since = time.clock.now();
  await pass(6 * MINUTE);
  const [soon = 0] = await pauses(since);
  expect(soon).toBeLessThan(30 * SECOND + ABOUT);
});
