import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { systemClock } from '@/lib/clock';
import { createContext } from '@/lib/context';
import { RULE } from '@/lib/crash/signature';
import { readEnv } from '@/lib/env';
import { takeIn } from '@/lib/feedback/intake';
import { readLog } from '@/lib/feedback/reading';
import { regroup } from '@/lib/feedback/regroup';
import { createLog } from '@/lib/log';
import { queryMirror } from '@/lib/mirror/query/list';
import { createProgramme } from '@/lib/sandbox/programme';
import { archivePictures } from '@/lib/services/feedback/archive-lane';
import { type Database, openDatabase } from '@/lib/store/database';
import type { Engine } from './engine';
import { type Installation, startInstallation } from './installation';
import { type PictureServer, startPictures } from './pictures';
import { scratchFolder } from './processes';
import { type BenchOptions, type Metric, median, percentile, worked } from './result';
import { ACCOUNT, freshDatabase } from './store';
import { timeToFirstByte } from './web';

const LOGS = { medium: 4_000, large: 20_000 };
const PICTURES = 2_000;
const LATENCY_MS = 30;
/** Of pictures, as the archive fetches them. */
const AT_ONCE = 12;
const never = new AbortController().signal;

/** What feedback costs: to archive, to group anew, to look through; and the worker that does all of it. */
export async function feedbackMetrics(options: BenchOptions): Promise<Metric[]> {
  const metrics = [...(await regrouping(options)), ...(await archiving(options))];
  const flightdeck = await startInstallation(options);
  try {
    const peakMb = await flightdeck.collect();
    metrics.push(...(await inbox(flightdeck, options)));
    if (peakMb !== undefined)
      metrics.push({
        ...{ name: 'memory of the worker that takes feedback in', value: peakMb, max: 350, unit: 'MB' },
        how: 'peak resident memory (VmHWM) of one that fetches and reads a thousand crash logs and archives every picture',
      });
  } finally {
    await flightdeck.stop();
  }
  return metrics;
}

/** Crash reports with the sandbox's logs, as many as were asked for. */
async function withLogs(engine: Engine, seed: number, count: number): Promise<Database> {
  const db = await freshDatabase(engine);
  const programme = createProgramme({
    size: 'medium',
    seed,
    epochMs: Date.parse('2026-03-04T05:06:07.000Z'),
  });
  const crashes = programme
    .team()
    .filter(({ type }) => type === 'apps')
    .flatMap(({ id: appId }) => programme.feedback(appId).map((report) => ({ appId, report })))
    .filter(({ report }) => report.type === 'betaFeedbackCrashSubmissions')
    .map(({ appId, report }) => ({ appId, text: programme.crashLog(report) }))
    .filter(({ text }) => text !== '');
  const facts = { type: 'betaFeedbackCrashSubmissions', document: '{}', generation: 1, fetchedAt: 1 };
  for (let from = 0; from < count; from += 500) {
    const rows = Array.from({ length: Math.min(500, count - from) }, (_, at) => from + at).flatMap((nth) => {
      const crash = crashes[nth % crashes.length];
      const createdDate = new Date(1.7e12 + nth * 60_000).toISOString();
      const key = { accountId: ACCOUNT, id: `report-${nth}` };
      return crash ? [{ ...crash, key, createdDate, testerId: `tester-${nth % 997}` }] : [];
    });
    await db.write([
      db.build.insertInto('feedback').values(
        rows.map(({ appId, key, createdDate, testerId }) => ({
          ...{ ...key, ...facts, appId, createdDate, testerId, logState: 'stored' },
        })),
      ),
      db.build.insertInto('crashLogs').values(
        rows.map(({ key, text }) => ({
          ...{ accountId: key.accountId, feedbackId: key.id, bytes: gzipSync(text) },
          ...{ size: text.length, storedAt: 1 },
        })),
      ),
    ]);
  }
  await takeIn(db, { accountId: ACCOUNT, now: 1 });
  await db.write([db.build.updateTable('feedback').set({ rule: 0 })]);
  return db;
}

/** 20,000 reports are to be grouped anew within a minute, and nobody to wait for the worker meanwhile. */
async function regrouping({ engine, program, seed }: BenchOptions): Promise<Metric[]> {
  const count = LOGS[program];
  const db = await withLogs(engine, seed, count);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const grouped = async (rule: number, read: typeof readLog) => {
    delay.reset();
    delay.enable();
    const from = performance.now();
    const ms = await worked(engine, () =>
      regroup(db, { accountId: ACCOUNT, team: {}, clock: systemClock, rule, read }),
    );
    const tookMs = performance.now() - from;
    delay.disable();
    return { ms: ms / count, tookMs: tookMs / count, longest: delay.max / 1e6 };
  };
  const first = await grouped(RULE, readLog);
  const same = await grouped(RULE + 1, (...given) => ({ ...readLog(...given), rule: RULE + 1 }));
  const moved = await grouped(RULE + 2, (...given) => {
    const { issueHash, variantHash, ...reading } = readLog(...given);
    return {
      ...{ ...reading, rule: RULE + 2 },
      // What was apart comes together, and what was one is cut in pieces.
      issueHash: issueHash && `m${variantHash?.slice(0, 3)}`,
      variantHash: variantHash && `v${variantHash}`,
    };
  });
  await db.close();
  const told = ({ ms, tookMs }: typeof first) => `${ms.toFixed(2)} (${tookMs.toFixed(2)} by the clock)`;
  return [
    {
      name: 'processor time to group a report anew, all hashes new',
      value: moved.ms,
      max: 3,
      unit: 'ms',
      how: `${count} kept logs of the sandbox, read and regrouped; 20,000 in a minute are 3 ms each. Hashes that stay ${told(same)}, the first time ${told(first)}, all new ${told(moved)}`,
    },
    {
      name: 'longest block of the event loop while regrouping',
      value: Math.max(same.longest, moved.longest),
      max: 100,
      unit: 'ms',
      how: `the first time, when all words come into the index, ${first.longest.toFixed(0)} ms`,
    },
  ];
}

/** 2,000 pictures from a host that is some way off, against fetching them and throwing them away. */
async function archiving({ engine }: BenchOptions): Promise<Metric[]> {
  const host = await startPictures(PICTURES, LATENCY_MS);
  try {
    const db = await freshDatabase(engine);
    const facts = { type: 'betaFeedbackScreenshotSubmissions', appId: 'app', generation: 1, fetchedAt: 1 };
    for (let from = 0; from < PICTURES; from += 500) {
      await db.write([
        db.build.insertInto('feedback').values(
          Array.from({ length: 500 }, (_, at) => ({
            ...{ ...facts, accountId: ACCOUNT, id: `report-${from + at}` },
            document: JSON.stringify({ screenshots: [{ url: `${host.url}/${from + at}.png` }] }),
          })),
        ),
        db.build.updateTable('Account').set({ baseUrl: host.url }),
      ]);
    }
    const plainMs = await plain(host);
    const { storedMs, wholeMs } = await archived(db);
    await db.close();
    return [
      {
        name: `archiving ${PICTURES.toLocaleString('en')} pictures at ${LATENCY_MS} ms ÷ the transfer itself`,
        value: storedMs / plainMs,
        max: 2,
        how: `${(storedMs / 1000).toFixed(1)} s until all are kept against ${(plainMs / 1000).toFixed(1)} s to fetch ${Math.round(host.megabytes)} MB ${AT_ONCE} at a time; with small ones of all made ${(wholeMs / 1000).toFixed(1)} s`,
      },
    ];
  } finally {
    await host.stop();
  }
}

async function plain({ url }: PictureServer): Promise<number> {
  const from = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < PICTURES) {
        const answer = await fetch(`${url}/${next++}.png`);
        await answer.arrayBuffer();
      }
    }),
  );
  return performance.now() - from;
}

async function archived(db: Database): Promise<{ storedMs: number; wholeMs: number }> {
  const env = readEnv({ DATA_DIR: scratchFolder(), ASC_BASE_URL: 'http://127.0.0.1:9' }, 'worker');
  const log = createLog({ level: 'silent' });
  const app = await createContext({ env, db, clock: systemClock, log, encryptionKey: Buffer.alloc(32, 1) });
  const from = performance.now();
  let storedMs = 0;
  const whole = archivePictures(app.ctx({ kind: 'system', name: 'worker' }, 'bench'), never);
  const { build } = db;
  const kept = build
    .selectFrom('feedbackPictures')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('state', '=', 'stored');
  while (storedMs === 0) {
    await systemClock.sleep(50);
    const [row] = await db.read(kept);
    if (Number(row?.n) >= PICTURES) storedMs = performance.now() - from;
  }
  await whole;
  return { storedMs, wholeMs: performance.now() - from };
}

const ROUNDS = 30;

/** The inbox as a browser gets it, and as people search it. */
async function inbox(flightdeck: Installation, { engine }: BenchOptions): Promise<Metric[]> {
  const { web, hello, cookie, databaseUrl } = flightdeck;
  const samples: { least: number[]; ours: number[] } = { least: [], ours: [] };
  for (let round = -5; round < ROUNDS; round += 1) {
    for (const path of ['/feedback', '/feedback?view=all', '/issues']) {
      const least = await timeToFirstByte(`${hello.url}/`);
      const ours = await timeToFirstByte(web.url + path, cookie);
      if (round < 0) continue;
      samples.least.push(least);
      samples.ours.push(ours);
    }
  }
  const db = await openDatabase({ url: databaseUrl, migrationsDir: null });
  const searches: number[] = [];
  const words = (text: string) => text.split(/\s+/).filter((word) => word.length > 3);
  const rows = await db.read(
    db.build
      .selectFrom('feedback')
      .select('comment')
      .where('comment', 'is not', null)
      .orderBy('id')
      .limit(200),
  );
  const texts = rows.flatMap(({ comment }) => words(comment ?? '').slice(0, 2)).slice(0, 200);
  for (const search of texts)
    searches.push(
      await worked(engine, () => queryMirror(db, 'feedback', { search, limit: 50, now: Date.now() })),
    );
  const [counted] = await db.read(
    db.build.selectFrom('feedback').select(({ fn }) => fn.countAll<number>().as('n')),
  );
  await db.close();
  const ratio = (p: number) => percentile(samples.ours, p) / percentile(samples.least, p);
  const of = `${samples.ours.length} answers over ${Number(counted?.n)} reports`;
  return [
    {
      ...{ name: 'time to first byte of the inbox ÷ empty Next page, p50', value: ratio(0.5), max: 3 },
      how: `${of}: ${median(samples.ours).toFixed(1)} ms against ${median(samples.least).toFixed(1)} ms`,
    },
    {
      ...{ name: 'time to first byte of the inbox ÷ empty Next page, p95', value: ratio(0.95), max: 6 },
      how: `${percentile(samples.ours, 0.95).toFixed(1)} ms against ${percentile(samples.least, 0.95).toFixed(1)} ms`,
    },
    {
      name: 'search in the inbox, p95 of processor time',
      ...{ value: percentile(searches, 0.95), max: 15, unit: 'ms' },
      how: `${texts.length} words of comments with rows and totals; median ${median(searches).toFixed(2)} ms`,
    },
  ];
}
