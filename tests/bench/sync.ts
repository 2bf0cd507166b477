import type { ChildProcess } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Database } from '@/lib/store/database';
import { askable } from '@/tests/factories/database';
import type { Engine } from './engine';
import {
  type Counts,
  end,
  environmentOf,
  flagsOf,
  peakMemoryMb,
  type SandboxProcess,
  scratchFolder,
  startNode,
  startSandboxProcess,
} from './processes';
import { rawPipeline, recordLists } from './raw-pipeline';
import { type BenchOptions, type Metric, median, worked } from './result';
import { freshDatabase, sync } from './store';

const CURSORS = 6;
const LATENCY_MS = 400;

/** What a sync costs Apple and this machine, against the least it could cost. */
export async function syncMetrics(options: BenchOptions): Promise<Metric[]> {
  const sandbox = await startSandboxProcess(options.program, options.seed);
  try {
    const metrics = await costs(sandbox, options.engine);
    metrics.push(...(await speed(sandbox, options)));
    metrics.push(await wallTime(sandbox, options.engine));
    metrics.push(...(await workerMemory(sandbox, options.engine)));
    return metrics;
  } finally {
    await sandbox.stop();
  }
}

/** ⌈apps/200⌉ + ⌈groups/200⌉ + ⌈builds/200⌉ + per app testers and both kinds of feedback, at least one request each. */
export function leastRequests({ types, apps }: Counts): number {
  const pages = (rows: number | undefined) => Math.max(1, Math.ceil((rows ?? 0) / 200));
  const perApp = Object.values(apps).map(
    (app) =>
      pages(app.betaTesters) +
      pages(app.betaFeedbackScreenshotSubmissions) +
      pages(app.betaFeedbackCrashSubmissions),
  );
  return (
    pages(types.apps) + pages(types.betaGroups) + pages(types.builds) + perApp.reduce((a, b) => a + b, 0)
  );
}

async function costs(sandbox: SandboxProcess, engine: Engine): Promise<Metric[]> {
  const counts = await sandbox.counts();
  const db = await freshDatabase(engine);
  const counted = async (work: () => Promise<unknown>) => {
    const before = await sandbox.requests();
    await work();
    return (await sandbox.requests()) - before;
  };
  const full = await counted(() => sync(db, sandbox, 'full'));
  const quiet = await counted(() => sync(db, sandbox, 'incremental'));
  const least = leastRequests(counts);
  const apps = counts.types.apps ?? 0;
  const differing = await differences(db, counts);
  await db.close();
  return [
    {
      name: 'requests of a full sync ÷ minimum',
      value: full / least,
      max: 1.02,
      how: `${full} requests reached the sandbox; the minimum for its programme is ${least}`,
    },
    {
      name: 'requests of a quiet incremental cycle',
      value: quiet,
      max: 3 + 2 * apps,
      how: `3 + 2 per app are ${3 + 2 * apps} for ${apps} apps, without webhooks`,
    },
    {
      name: 'counts that differ from the sandbox',
      value: differing.length,
      max: 0,
      how:
        differing.length === 0 ? 'apps, groups, testers, builds, feedback: all equal' : differing.join(', '),
    },
  ];
}

const TABLES: Readonly<Record<string, string>> = {
  apps: 'SELECT COUNT(*) AS n FROM apps',
  betaGroups: 'SELECT COUNT(*) AS n FROM betaGroups',
  betaTesters: 'SELECT COUNT(*) AS n FROM betaTesters',
  builds: 'SELECT COUNT(*) AS n FROM builds',
  preReleaseVersions: 'SELECT COUNT(*) AS n FROM preReleaseVersions',
  betaBuildLocalizations: 'SELECT COUNT(*) AS n FROM betaBuildLocalizations',
  betaFeedbackCrashSubmissions: `SELECT COUNT(*) AS n FROM feedback WHERE type = 'betaFeedbackCrashSubmissions'`,
  betaFeedbackScreenshotSubmissions: `SELECT COUNT(*) AS n FROM feedback WHERE type = 'betaFeedbackScreenshotSubmissions'`,
};

async function differences(db: Database, { types }: Counts): Promise<string[]> {
  return (
    await Promise.all(
      Object.entries(TABLES).map(async ([type, sql]) => {
        const ours = (await askable(db).query<{ n: number }>(sql))[0]?.n ?? 0;
        const theirs = types[type] ?? 0;
        return ours === theirs ? [] : [`${type}: ${ours} here, ${theirs} there`];
      }),
    )
  ).flat();
}

/** Sync and raw pipeline take turns, so that both meet the same weather. */
async function speed(sandbox: SandboxProcess, { engine, rounds }: BenchOptions): Promise<Metric[]> {
  const lists = await recordLists(sandbox, engine);
  const ours: number[] = [];
  const raw: number[] = [];
  const work: number[] = [];
  const rawWork: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 5 });
  for (let round = 0; round < rounds; round += 1) {
    const rawMs = await worked(engine, async () => {
      const { rows, ms } = await rawPipeline(lists, engine);
      raw.push((rows / ms) * 1000);
    });
    rawWork.push(rawMs);
    const db = await freshDatabase(engine);
    delay.enable();
    const syncMs = await worked(engine, async () => {
      const { rows, ms } = await sync(db, sandbox, 'full');
      ours.push((rows / ms) * 1000);
    });
    delay.disable();
    work.push(syncMs);
    await db.close();
  }
  const ratio = median(ours.map((rate, i) => rate / (raw[i] ?? Number.NaN)));
  return [
    {
      name: 'sync rows/s ÷ raw pipeline, no latency',
      value: ratio,
      min: 0.4,
      how: `${Math.round(median(ours))} rows/s against ${Math.round(median(raw))} of fetch, parse and prepared inserts into one plain table, median of ${rounds} pairs`,
    },
    {
      name: 'processor time of a full sync',
      value: median(work),
      unit: 'ms',
      how: `in the syncing process and the server of databases, without the sandbox; the raw pipeline ${Math.round(median(rawWork))} ms, median of ${rounds} pairs`,
    },
    {
      name: 'event loop delay of the syncing process, p99',
      value: delay.percentile(99) / 1e6,
      unit: 'ms',
      how: 'while syncing at no latency; the web process is another',
    },
  ];
}

async function wallTime(sandbox: SandboxProcess, engine: Engine): Promise<Metric> {
  await sandbox.setLatency(LATENCY_MS);
  const db = await freshDatabase(engine);
  const { requests, ms } = await sync(db, sandbox, 'full');
  await db.close();
  await sandbox.setLatency(0);
  const least = (requests * LATENCY_MS) / CURSORS;
  return {
    name: `sync wall time at ${LATENCY_MS} ms ÷ (requests × latency ÷ cursors)`,
    value: ms / least,
    max: 1.2,
    how: `${(ms / 1000).toFixed(2)} s against ${(least / 1000).toFixed(2)} s for ${requests} requests on ${CURSORS} cursors`,
  };
}

/** The real worker as `npm start` runs it, on a database of its own, until its first sync is done. */
async function workerMemory(sandbox: SandboxProcess, engine: Engine): Promise<Metric[]> {
  const env = environmentOf(sandbox, scratchFolder(), await engine.newDatabase());
  // The account comes in through the command line's first sync, as it would through the web process.
  const args = ['.build/flightdeck.mjs', 'sync', '--once', '--account', 'none'];
  await exit(startNode(args, { env, stdio: 'ignore' }));
  const worker = startNode([...flagsOf('WORKER'), '.build/worker.mjs'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const synced = new Promise<string>((resolve, reject) => {
    let text = '';
    worker.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((part) => part.includes('"msg":"Synced."'));
      if (line) resolve(line);
    });
    worker.once('exit', (code) => reject(new Error(`The worker ended with ${code}: ${text}`)));
  });
  try {
    const said = JSON.parse(await synced) as { status: string; rows: number; requests: number };
    const { status, rows, requests } = said;
    // What is measured of a sync that failed on its way would be too small.
    if (status !== 'succeeded') throw new Error(`The worker's first sync has ${status}.`);
    const peak = peakMemoryMb(worker.pid ?? 0);
    if (peak === undefined) return [];
    const how = `peak resident memory (VmHWM) after a first sync of ${rows} rows in ${requests} requests`;
    return [{ name: 'memory of the worker during a full sync', value: peak, max: 350, unit: 'MB', how }];
  } finally {
    await end(worker);
  }
}

function exit(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('exit', resolve));
}
