import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { openDatabase } from '@/lib/store/database';
import { askable } from '@/tests/factories/database';
import { buildHello } from './hello';
import {
  end,
  environmentOf,
  flagsOf,
  peakMemoryMb,
  scratchFolder,
  startNode,
  startSandboxProcess,
} from './processes';
import type { BenchOptions } from './result';
import { signIn, startWeb, type WebProcess } from './web';

const ADMIN = { email: 'bench@example.org', password: randomBytes(18).toString('base64url') };
const SECRET = randomBytes(48).toString('base64');

/** A Flightdeck with a synced programme, signed in to, beside the smallest page the same Next can serve. */
export interface Installation {
  readonly sandboxUrl: string;
  /** The address of its database. */
  readonly databaseUrl: string;
  readonly web: WebProcess;
  readonly hello: WebProcess;
  readonly cookie: string;
  /** One full sync by a process of its own. */
  sync(): Promise<void>;
  /**
   * Lets the real worker take the feedback in, until every picture and a thousand crash logs are here, or all that
   * Apple has so far; gives its peak of memory in MB, where that is known.
   */
  collect(): Promise<number | undefined>;
  /** A further web process on the same data. */
  startAnother(): Promise<WebProcess>;
  stop(): Promise<void>;
}

/** Starts sandbox, hello page and the Flightdeck of a built tree, and syncs once. */
export async function startInstallation(
  { engine, program, seed }: BenchOptions,
  folder = path.resolve('.'),
): Promise<Installation> {
  const sandbox = await startSandboxProcess(program, seed);
  const databaseUrl = await engine.newDatabase();
  const environment = environmentOf(sandbox, scratchFolder(), databaseUrl);
  const hello = await startHello();
  const startAnother = () => startWeb(folder, (port) => webEnv(environment, port), '/api/health/live');
  const web = await startAnother();
  const sync = () => fullSync(environment, folder);
  await sync();
  return {
    sandboxUrl: sandbox.baseUrl,
    databaseUrl,
    web,
    hello,
    cookie: await signIn(web.url, ADMIN.email, ADMIN.password),
    sync,
    collect: () => collected(environment, databaseUrl),
    startAnother,
    stop: async () => {
      await Promise.all([web.stop(), hello.stop(), sandbox.stop()]);
    },
  };
}

/** The smallest page, served as Flightdeck is. */
export async function startHello(): Promise<WebProcess> {
  return startWeb(await buildHello(), () => ({ PATH: process.env.PATH, NODE_ENV: 'production' }), '/');
}

function webEnv(environment: NodeJS.ProcessEnv, port: number): NodeJS.ProcessEnv {
  return {
    ...environment,
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    PORT: String(port),
    NEXTAUTH_URL: `http://127.0.0.1:${port}`,
    NEXTAUTH_SECRET: SECRET,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
  };
}

async function fullSync(env: NodeJS.ProcessEnv, folder: string): Promise<void> {
  const child = startNode(['.build/flightdeck.mjs', 'sync', '--once', '--mode', 'full', '--json'], {
    env,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('The sync failed.');
}

async function collected(env: NodeJS.ProcessEnv, url: string): Promise<number | undefined> {
  const worker = startNode([...flagsOf('WORKER'), '.build/worker.mjs'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const db = askable(await openDatabase({ url, migrationsDir: null }));
  const isDone = async () => {
    const [left] = await db.query<{ n: number }>(
      `SELECT (SELECT COUNT(*) FROM feedback WHERE issueId IS NULL
         OR (picturesNoted IS NULL AND type = 'betaFeedbackScreenshotSubmissions')
         OR (logState = 'wanted' AND logTries = 0 AND (SELECT COUNT(*) FROM crashLogs) < 1000))
        + (SELECT COUNT(*) FROM feedbackPictures WHERE state = 'wanted') AS n`,
    );
    return Number(left?.n) === 0;
  };
  try {
    while (!(await isDone())) {
      if (worker.exitCode !== null) throw new Error(`The worker ended with ${worker.exitCode}.`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return peakMemoryMb(worker.pid ?? 0);
  } finally {
    await db.close();
    await end(worker);
  }
}

/** The addresses of the pages, with the ids of the app that has most testers. */
export interface Pages {
  /** What is read from the mirror: lists and details of Apple's resources. */
  readonly mirrored: readonly string[];
  /** The others: forms, our own records, settings. */
  readonly own: readonly string[];
  readonly testers: string;
}

/** Finds something to look at for every page. */
export async function pagesOf({ databaseUrl }: Installation): Promise<Pages> {
  const db = askable(await openDatabase({ url: databaseUrl, migrationsDir: null }));
  const one = async (sql: string, ...params: string[]) => {
    const [row] = await db.query<{ id: string }>(sql, params);
    if (!row) throw new Error(`Nothing to look at: ${sql}`);
    return encodeURIComponent(row.id);
  };
  const app = await one(
    'SELECT appId AS id FROM betaTesterCounts GROUP BY appId ORDER BY SUM(count) DESC LIMIT 1',
  );
  const group = await one(
    'SELECT id FROM betaGroups WHERE appId = ? ORDER BY publicLinkEnabled DESC NULLS LAST, id LIMIT 1',
    app,
  );
  const tester = await one('SELECT id FROM betaTesters WHERE appId = ? ORDER BY id LIMIT 1', app);
  const build = await one(
    'SELECT id FROM builds WHERE appId = ? ORDER BY uploadedDate DESC NULLS LAST LIMIT 1',
    app,
  );
  await db.close();
  const base = `/apps/${app}`;
  return {
    testers: `${base}/testers`,
    mirrored: [
      '/',
      '/groups',
      '/testers',
      base,
      `${base}/groups`,
      `${base}/testers`,
      `${base}/builds`,
      `${base}/groups/${group}`,
      `${base}/groups/${group}?tab=testers`,
      `${base}/groups/${group}?tab=builds`,
      `${base}/groups/${group}?tab=link`,
      `${base}/testers/${tester}`,
      `${base}/builds/${build}`,
    ],
    own: [
      `${base}/testers/import`,
      `${base}/testers/prune`,
      '/jobs',
      '/activity',
      '/settings',
      '/settings/keys',
      '/settings/team',
    ],
  };
}
