import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { openDatabase } from '@/prisma/database';
import { buildHello } from './hello';
import { environmentOf, peakMemoryMb, type SandboxFacts, startNode, startSandboxProcess } from './processes';
import { type BenchOptions, type Metric, percentile } from './result';
import { scratchFolder } from './store';
import { signIn, startWeb, timeToFirstByte, type WebProcess } from './web';

const ADMIN = { email: 'bench@example.org', password: randomBytes(18).toString('base64url') };
const SAMPLES = 40;

/** Pages of the mirror as a browser gets them, against the smallest page the same Next can serve. */
export async function pageMetrics(options: BenchOptions): Promise<Metric[]> {
  const sandbox = await startSandboxProcess(options.program, options.seed);
  const dataDir = scratchFolder();
  const hello = await startWeb(
    await buildHello(),
    () => ({ PATH: process.env.PATH, NODE_ENV: 'production' }),
    '/',
  );
  const web = await startWeb(path.resolve('.'), (port) => webEnv(sandbox, dataDir, port), '/api/health/live');
  try {
    await fullSync(sandbox, dataDir);
    const cookie = await signIn(web.url, ADMIN.email, ADMIN.password);
    const pages = pagesOf(dataDir).map((page) => web.url + page);
    const helloUrl = `${hello.url}/`;
    const idle = await sample(helloUrl, pages, cookie);
    const syncing = fullSync(sandbox, dataDir);
    const busy = await sample(helloUrl, pages, cookie);
    await syncing;
    return [
      ...ratios('time to first byte of mirrored pages ÷ empty Next page', idle),
      ...ratios('the same while a sync runs', busy),
      await scripts(helloUrl, pages, cookie),
      ...memory(web),
    ];
  } finally {
    await Promise.all([web.stop(), hello.stop(), sandbox.stop()]);
  }
}

function webEnv(sandbox: SandboxFacts, dataDir: string, port: number): NodeJS.ProcessEnv {
  return {
    ...environmentOf(sandbox, dataDir),
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    PORT: String(port),
    NEXTAUTH_URL: `http://127.0.0.1:${port}`,
    NEXTAUTH_SECRET: randomBytes(48).toString('base64'),
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
  };
}

async function fullSync(sandbox: SandboxFacts, dataDir: string): Promise<void> {
  const args = ['.build/flightdeck.mjs', 'sync', '--once', '--json'];
  const child = startNode(args, {
    env: environmentOf(sandbox, dataDir),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('The sync failed.');
}

/** What people open most: the overview, all apps' lists, and the lists of the app with most testers. */
function pagesOf(dataDir: string): string[] {
  const db = openDatabase({ url: `file:${dataDir}/flightdeck.db`, migrationsDir: null });
  const [app] = db.query<{ appId: string }>(
    'SELECT appId FROM betaTesterCounts GROUP BY appId ORDER BY SUM(count) DESC LIMIT 1',
  );
  const [group] = db.query<{ id: string }>('SELECT id FROM betaGroups WHERE appId = ? LIMIT 1', [
    app?.appId ?? '',
  ]);
  void db.close();
  const base = `/apps/${app?.appId}`;
  return [
    '/',
    '/groups',
    '/testers',
    `${base}/groups`,
    `${base}/testers`,
    `${base}/builds`,
    `${base}/groups/${group?.id}`,
  ];
}

interface Samples {
  readonly hello: number[];
  readonly pages: number[];
}

/** Both in turn, so that both meet the same weather. */
async function sample(hello: string, pages: readonly string[], cookie: string): Promise<Samples> {
  const samples: Samples = { hello: [], pages: [] };
  for (const url of pages) for (let i = 0; i < 3; i += 1) await timeToFirstByte(url, cookie);
  for (let i = 0; i < 20; i += 1) await timeToFirstByte(hello);
  for (let round = 0; round < SAMPLES; round += 1) {
    for (const url of pages) {
      samples.hello.push(await timeToFirstByte(hello));
      samples.pages.push(await timeToFirstByte(url, cookie));
    }
  }
  return samples;
}

function ratios(name: string, { hello, pages }: Samples): Metric[] {
  const metric = (share: number, max: number): Metric => {
    const [ours, least] = [percentile(pages, share), percentile(hello, share)];
    return {
      name: `${name}, p${share * 100}`,
      value: ours / least,
      max,
      how: `${ours.toFixed(1)} ms against ${least.toFixed(1)} ms, ${pages.length} samples in turn`,
    };
  };
  return [metric(0.5, 3), metric(0.95, 6)];
}

/** The scripts a page loads, compressed; the heaviest page counts. */
async function scripts(hello: string, pages: readonly string[], cookie: string): Promise<Metric> {
  const least = await scriptBytes(hello, '');
  const all = await Promise.all(pages.map(async (url) => ({ url, bytes: await scriptBytes(url, cookie) })));
  const heaviest = all.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  return {
    name: 'JavaScript of the heaviest page ÷ hello page',
    value: heaviest.bytes / least,
    max: 1.4,
    how: `${kilobytes(heaviest.bytes)} (${new URL(heaviest.url).pathname}) against ${kilobytes(least)}, gzip`,
  };
}

async function scriptBytes(url: string, cookie: string): Promise<number> {
  const html = await fetch(url, { headers: { cookie } }).then((answer) => answer.text());
  const sources = new Set(
    [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map(([, source]) => source ?? ''),
  );
  const sizes = await Promise.all(
    [...sources].map(async (source) => {
      const script = await fetch(new URL(source.replaceAll('&amp;', '&'), url));
      return gzipSync(Buffer.from(await script.arrayBuffer())).length;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} kB`;

function memory({ pid }: WebProcess): Metric[] {
  const peak = peakMemoryMb(pid);
  if (peak === undefined) return [];
  const how = 'peak resident memory (VmHWM) after serving all of the above';
  return [{ name: 'memory of the web process', value: peak, max: 350, unit: 'MB', how }];
}
