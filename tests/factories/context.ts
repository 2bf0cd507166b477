import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { hashPassword } from '@/lib/access/passwords';
import { ROLES, type Role } from '@/lib/access/policy';
import { sessionCookieName, sessionToken } from '@/lib/access/session-token';
import { newSession, type SessionClaims } from '@/lib/access/sessions';
import { createUser, type User } from '@/lib/access/users';
import type { AscFetch } from '@/lib/asc/transport/types';
import { type Clock, systemClock } from '@/lib/clock';
import { type AppContext, createContext, setAppContext } from '@/lib/context';
import { readEnv } from '@/lib/env';
import { createLog } from '@/lib/log';
import { upsertStatements } from '@/lib/mirror/upsert';
import { type Sandbox, type SandboxOptions, startSandbox } from '@/lib/sandbox/server';
import { insertAccount } from '@/lib/services/accounts/accounts';
import { type TestDatabase, testDatabase } from './database';
import { dispatch } from './routes';

export const ORIGIN = 'http://127.0.0.1:3000';
export const ACCOUNT = 'account-1';
export const PASSWORD = 'four tepid walrus lamps';

export interface CallOptions {
  /** Whose session; null for none. Default: admin. */
  readonly as?: Role | null;
  /** A text or bytes go as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** An answer with its parsed body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every endpoint, judged by the assertions
  readonly body: any;
  readonly text: string;
}

export interface ApiBench {
  readonly sandbox: Sandbox;
  readonly app: AppContext;
  readonly db: TestDatabase;
  readonly encryptionKey: Uint8Array;
  readonly users: Readonly<Record<Role, User>>;
  readonly cookies: Readonly<Record<Role, string>>;
  /** Every line that was logged. */
  readonly logged: string[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Requests that reached the sandbox since the last time this was asked. */
  upstream(): number;
  cookieOf(claims: SessionClaims): Promise<string>;
  /** A process of its own on the same store: new clients that know nothing of limits and breakers. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface BenchOptions extends SandboxOptions {
  readonly env?: Record<string, string>;
  readonly clock?: Clock;
  readonly fetch?: AscFetch;
  /** Whether the mirror is filled from the sandbox; true by default. */
  readonly isMirrored?: boolean;
  readonly db?: TestDatabase;
}

/** The exported route handlers on a real database and a sandbox, with one signed-in person per role. */
export async function apiBench(options: BenchOptions = {}): Promise<ApiBench> {
  const { env: more, clock = systemClock, fetch: ascFetch, isMirrored = true, db: given, ...rest } = options;
  const sandbox = await startSandbox({ hourLimit: null, alive: false, speed: 0, ...rest });
  const db = given ?? (await testDatabase());
  const logged: string[] = [];
  const env = readEnv({
    NEXTAUTH_SECRET: 'a secret for tests only, of some length',
    NEXTAUTH_URL: ORIGIN,
    ASC_BASE_URL: sandbox.baseUrl,
    DATA_DIR: db.folder,
    ...more,
  });
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const log = createLog({ level: 'debug', destination });
  const encryptionKey = randomBytes(32);
  const open = async () => {
    const parts = { env, db, clock, log, encryptionKey, ...(ascFetch ? { fetch: ascFetch } : {}) };
    const opened = await createContext(parts);
    setAppContext(opened);
    return opened;
  };
  const app = await open();
  const cookieOf = async (claims: SessionClaims) =>
    `${sessionCookieName(env)}=${await sessionToken(env, claims)}`;
  await insertAccount(app, {
    id: ACCOUNT,
    name: 'Sandbox',
    kind: 'team',
    issuerId: sandbox.issuerId,
    keyId: sandbox.keyId,
    privateKey: sandbox.privateKey,
  });
  const { users, cookies } = await signedIn(db, clock, cookieOf);
  if (isMirrored) await fillMirror(app);
  let counted = requestsOf(sandbox);
  return {
    sandbox,
    app,
    db,
    encryptionKey,
    users,
    cookies,
    logged,
    cookieOf,
    call: (method, address, call = {}) => send(method, address, cookies, call),
    upstream() {
      const before = counted;
      counted = requestsOf(sandbox);
      return counted - before;
    },
    async restart() {
      await open();
    },
    async close() {
      setAppContext(undefined);
      await app.close();
      await sandbox.close();
    },
  };
}

function requestsOf(sandbox: Sandbox): number {
  return sandbox.parts().requests.count;
}

/** Hashing is slow on purpose, and the password is the same for everybody. */
let hashed: Promise<string> | undefined;

async function signedIn(
  db: TestDatabase,
  clock: Clock,
  cookieOf: (claims: SessionClaims) => Promise<string>,
) {
  hashed ??= hashPassword(PASSWORD);
  const passwordHash = await hashed;
  const users: Partial<Record<Role, User>> = {};
  const cookies: Partial<Record<Role, string>> = {};
  for (const role of ROLES) {
    const user = await createUser(
      db,
      { email: `${role}@example.com`, name: role, role, passwordHash },
      clock.now(),
    );
    const session = newSession(user, clock.now(), 'test');
    await db.write(session.statements);
    users[role] = user;
    cookies[role] = await cookieOf(session.claims);
  }
  return { users: users as Record<Role, User>, cookies: cookies as Record<Role, string> };
}

async function send(
  method: string,
  address: string,
  cookies: Readonly<Record<Role, string>>,
  { as = 'admin', body, headers = {} }: CallOptions,
): Promise<Answer> {
  const isSafe = method === 'GET' || method === 'HEAD';
  const request = new Request(ORIGIN + address, {
    method,
    headers: {
      ...(as === null ? {} : { cookie: cookies[as] }),
      ...(isSafe ? {} : { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isAsItIs(body) ? body : JSON.stringify(body) }),
  });
  const response = await dispatch(request);
  const text = await readText(response);
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : null,
  };
}

const isAsItIs = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array;

/** A whole body; of a stream, which does not end, what it says first. */
async function readText(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(first?.value);
}

/** Copies what the sandbox holds into the mirror, as a sync would. */
async function fillMirror(app: AppContext): Promise<void> {
  const ctx = app.ctx({ kind: 'system', name: 'shell' }, 'fill');
  const asc = await ctx.ascFor(ACCOUNT, 'sync');
  const fetchedAt = app.clock.now();
  const store = (resources: readonly object[], included: readonly object[] | undefined, appId?: string) =>
    app.db.write(
      upsertStatements({
        accountId: ACCOUNT,
        resources: resources as never,
        included: included as never,
        fetchedAt,
        generation: 1,
        source: 'sync',
        ...(appId === undefined ? {} : { appId }),
      }),
    );
  const apps = (await asc.list('apps', { limit: { page: 200 } })).document.data;
  await store(apps, []);
  for (const { id } of apps) {
    for await (const { document } of asc.pages('betaGroups', { filter: { app: id }, include: ['app'] })) {
      await store(document.data, [], id);
    }
    const include = [
      'preReleaseVersion',
      'buildBetaDetail',
      'betaGroups',
      'betaAppReviewSubmission',
      'betaBuildLocalizations',
    ] as const;
    for await (const { document } of asc.pages('builds', { filter: { app: id }, include })) {
      await store(document.data, document.included, id);
    }
    for await (const { document } of asc.pages('betaTesters', {
      filter: { apps: id },
      include: ['betaGroups'],
    })) {
      await store(document.data, [], id);
    }
    for await (const { document } of asc.relatedPages('apps', id, 'betaFeedbackCrashSubmissions', {
      include: ['build', 'tester'],
    })) {
      await store(document.data, [], id);
    }
    for await (const { document } of asc.relatedPages('apps', id, 'betaFeedbackScreenshotSubmissions', {
      include: ['build', 'tester'],
    })) {
      await store(document.data, [], id);
    }
  }
}
