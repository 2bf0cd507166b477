import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { sessionCookieName, sessionToken } from '@/lib/access/session-token';
import { newSession } from '@/lib/access/sessions';
import { createUser } from '@/lib/access/users';
import { systemClock } from '@/lib/clock';
import { createContext, setAppContext } from '@/lib/context';
import { readEnv } from '@/lib/env';
import { runJobs } from '@/lib/jobs/loop';
import { readItems, readJob } from '@/lib/jobs/rows';
import type { JobItem } from '@/lib/jobs/types';
import { createLog } from '@/lib/log';
import { insertAccount } from '@/lib/services/accounts/accounts';
import { jobRunner } from '@/lib/services/jobs/runner';
import { runSync, type SyncMode, type SyncResult } from '@/lib/sync/run';
import { type Answer, ORIGIN } from '@/tests/factories/context';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { type LenientApple, type LenientOptions, startLenientApple } from '@/tests/factories/lenient-apple';
import { dispatch } from '@/tests/factories/routes';

export const ACCOUNT = 'account-1';

export interface Bench {
  readonly apple: LenientApple;
  readonly db: TestDatabase;
  /** A request to the product's own routes, by an admin. */
  call(method: string, address: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  sync(mode?: SyncMode): Promise<SyncResult>;
  /** Starts a job by a request and runs it to its end; gives its items. */
  job(address: string, body: unknown): Promise<{ jobId: string; items: JobItem[] }>;
  run(jobId: string): Promise<JobItem[]>;
  count(table: string, where?: string): Promise<number>;
  close(): Promise<void>;
}

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});
const ENDED = new Set(['done', 'failed', 'paused', 'parked', 'cancelled']);

/** The product's routes, sync and jobs on a database of their own and the lenient App Store Connect. */
export async function lenientBench(options: LenientOptions = {}): Promise<Bench> {
  const apple = await startLenientApple(options);
  const db = await testDatabase();
  const env = readEnv({
    NEXTAUTH_SECRET: 'a secret for tests only, of some length',
    NEXTAUTH_URL: ORIGIN,
    ASC_BASE_URL: apple.baseUrl,
    DATA_DIR: db.folder,
  });
  const log = createLog({ level: 'silent' });
  const app = await createContext({ env, db, clock: systemClock, log, encryptionKey: randomBytes(32) });
  setAppContext(app);
  await insertAccount(app, {
    id: ACCOUNT,
    name: 'Lenient',
    kind: 'team',
    issuerId: 'issuer',
    keyId: 'KEY1',
    privateKey: String(KEY),
  });
  const user = await createUser(
    db,
    { email: 'admin@example.com', name: 'Admin', role: 'admin', passwordHash: 'none' },
    Date.now(),
  );
  const session = newSession(user, Date.now(), 'test');
  await db.write(session.statements);
  const cookie = `${sessionCookieName(env)}=${await sessionToken(env, session.claims)}`;

  async function call(
    method: string,
    address: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const isText = typeof body === 'string';
    const request = new Request(ORIGIN + address, {
      method,
      headers: {
        cookie,
        ...(method === 'GET' ? {} : { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }),
        ...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const response = await dispatch(request);
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    const parsed = isJson && text !== '' ? JSON.parse(text) : null;
    return { status: response.status, headers: response.headers, text, body: parsed };
  }

  async function run(jobId: string) {
    const stop = new AbortController();
    const loop = runJobs(jobRunner(app, { callLimitMs: 300, effectLagMs: 100 }), stop.signal, { pollMs: 20 });
    const deadline = Date.now() + 60_000;
    while (!ENDED.has((await readJob(db, jobId))?.status ?? '') && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    stop.abort();
    await loop;
    return readItems(db, jobId, { limit: 1000 });
  }

  return {
    apple,
    db,
    call,
    run,
    async sync(mode = 'full') {
      const asc = await app.ctx({ kind: 'system', name: 'worker' }, 'sync').ascFor(ACCOUNT, 'sync');
      return runSync({ db, asc, accountId: ACCOUNT, mode, trigger: 'shell', clock: systemClock, log });
    },
    async job(address, body) {
      const { status, body: answer, text } = await call('POST', address, body);
      if (status !== 201) throw new Error(`${address} answered ${status}: ${text}`);
      const jobId = String(answer.data.jobId);
      return { jobId, items: await run(jobId) };
    },
    count: async (table, where = 'TRUE') =>
      (await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM "${table}" WHERE ${where}`))[0]?.n ?? 0,
    async close() {
      setAppContext(undefined);
      await app.close();
      await apple.close();
    },
  };
}
