import { gzipSync } from 'node:zlib';
import { type Engine, processorMs } from './engine';
import { type Installation, pagesOf, startInstallation } from './installation';
import { peakMemoryMb } from './processes';
import { type BenchOptions, type Metric, percentile } from './result';
import { eventLoop, exportSpeed, jobPage, startTime } from './serving';
import { timeToFirstByte } from './web';

const WARM_UP = 10;
const ROUNDS = 30;

/** Pages as a browser gets them, against the smallest page the same Next can serve, at rest and while a sync runs. */
export async function pageMetrics(options: BenchOptions): Promise<Metric[]> {
  const flightdeck = await startInstallation(options);
  try {
    const { mirrored, own, testers } = await pagesOf(flightdeck);
    const idle = await sample(flightdeck, mirrored, options.engine);
    await eventLoop(flightdeck);
    const busy = await whileSyncing(flightdeck, () => sample(flightdeck, mirrored, options.engine));
    const delay = await eventLoop(flightdeck);
    return [
      ...ratios('time to first byte of mirrored pages ÷ empty Next page', idle),
      ...ratios('the same while a sync runs', busy),
      againstIdle(busy, idle),
      ...processorTime(idle, busy),
      delay,
      ...(await scripts(flightdeck, [...mirrored, ...own, await jobPage(flightdeck)])),
      await markup(flightdeck, listsOf(testers, mirrored)),
      ...memory(flightdeck),
      ...(await exportSpeed(flightdeck)),
      ...(await startTime(flightdeck, options)),
    ];
  } finally {
    await flightdeck.stop();
  }
}

interface Samples {
  readonly hello: number[];
  readonly pages: number[];
  /** Processor time of the processes for one page, ms; not known outside Linux. */
  readonly work?: { readonly web: number; readonly hello: number; readonly database: number };
}

/** One sync after another until the work beside it is done. */
async function whileSyncing<T>({ sync }: Installation, work: () => Promise<T>): Promise<T> {
  let isDone = false;
  const syncing = (async () => {
    while (!isDone) await sync();
  })();
  const result = await work().finally(() => {
    isDone = true;
  });
  await syncing;
  return result;
}

/** Both in turn, so that both meet the same weather. */
async function sample(
  { web, hello, cookie }: Installation,
  pages: readonly string[],
  engine: Engine,
): Promise<Samples> {
  const samples: Samples = { hello: [], pages: [] };
  const worked = () => ({
    web: processorMs(web.pid),
    hello: processorMs(hello.pid),
    database: engine.workedMs(),
  });
  let before = worked();
  const urls = pages.map((page) => web.url + page);
  const helloUrl = `${hello.url}/`;
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    if (round === 0) before = worked();
    for (const url of urls) {
      const [least, ours] = [await timeToFirstByte(helloUrl), await timeToFirstByte(url, cookie)];
      if (round < 0) continue;
      samples.hello.push(least);
      samples.pages.push(ours);
    }
  }
  const after = worked();
  if (after.web === undefined || after.hello === undefined) return samples;
  const each = (from: number | undefined, to: number) => (to - (from ?? 0)) / samples.pages.length;
  return {
    ...samples,
    work: {
      web: each(before.web, after.web),
      hello: each(before.hello, after.hello),
      database: each(before.database, after.database),
    },
  };
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
  return [metric(0.5, 2.5), metric(0.95, 4)];
}

/** The empty page slows down as well when a sync takes a core; what is left is the store's share. */
function againstIdle(busy: Samples, idle: Samples): Metric {
  const p95 = (times: readonly number[]) => percentile(times, 0.95);
  const [ours, least] = [p95(busy.pages) / p95(idle.pages), p95(busy.hello) / p95(idle.hello)];
  return {
    name: 'time to first byte while a sync runs ÷ at rest, p95',
    value: ours,
    how: `the empty page, which shares only the processors: ${least.toFixed(2)}`,
  };
}

/** Steadier than the clock on a machine that has other work. While a sync runs, only the web process is ours alone. */
function processorTime(idle: Samples, busy: Samples): Metric[] {
  if (!idle.work || !busy.work) return [];
  const { web, database, hello } = idle.work;
  const server = database === 0 ? '' : ` and ${database.toFixed(2)} ms in the server of databases`;
  return [
    {
      name: 'processor time of a mirrored page',
      value: web + database,
      unit: 'ms',
      how: `${web.toFixed(2)} ms in the web process${server}; the empty page ${hello.toFixed(2)} ms, mean of ${idle.pages.length}`,
    },
    {
      name: 'processor time of the web process for one while a sync runs',
      value: busy.work.web,
      unit: 'ms',
      how: `the empty page ${busy.work.hello.toFixed(2)} ms`,
    },
  ];
}

/** The scripts a page loads, compressed; the heaviest page counts, all are named. */
async function scripts({ web, hello, cookie }: Installation, pages: readonly string[]): Promise<Metric[]> {
  const least = await scriptBytes(`${hello.url}/`, '');
  const all: { page: string; bytes: number }[] = [];
  for (const page of pages) all.push({ page, bytes: await scriptBytes(web.url + page, cookie) });
  all.sort((a, b) => b.bytes - a.bytes);
  const [heaviest] = all;
  const named = all.map(({ page, bytes }) => `${plain(page)} ${kilobytes(bytes)}`).join(', ');
  return [
    {
      name: 'JavaScript of the heaviest page ÷ hello page',
      value: (heaviest?.bytes ?? Number.NaN) / least,
      max: 1.4,
      how: `gzip, hello ${kilobytes(least)}; ${named}`,
    },
    {
      name: 'JavaScript of the heaviest page',
      value: (heaviest?.bytes ?? Number.NaN) / 1000,
      max: 210,
      unit: 'kB',
      how: `gzip, of ${all.length} pages`,
    },
  ];
}

/**
 * What a page names as script or asks to be fetched ahead as one. Scripts of old browsers (noModule) are fetched by
 * none that can run Flightdeck.
 */
async function scriptBytes(url: string, cookie: string): Promise<number> {
  const answer = await fetch(url, { headers: { cookie }, redirect: 'manual' });
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}.`);
  const tags = [...(await answer.text()).matchAll(/<(?:script|link)\b[^>]*>/g)].map(([tag]) => tag);
  const wanted = tags.filter((tag) =>
    (tag.startsWith('<link') ? /\sas="script"/ : /^(?!.*\snomodule)/i).test(tag),
  );
  const sources = new Set(wanted.flatMap((tag) => /\s(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? []));
  const sizes = await Promise.all(
    [...sources].map(async (source) => {
      const script = await fetch(new URL(source.replaceAll('&amp;', '&'), url));
      return gzipSync(Buffer.from(await script.arrayBuffer())).length;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Every page that is a list: of one app, of all apps, and of a group. */
function listsOf(testers: string, mirrored: readonly string[]): string[] {
  const ofApp = ['testers', 'groups', 'builds', 'feedback', 'issues'];
  return [
    ...[...ofApp, 'reviews', 'jobs', 'activity'].map((name) => `/${name}`),
    ...ofApp.map((name) => testers.replace(/testers$/, name)),
    ...mirrored.filter((page) => /tab=(testers|builds)$/.test(page)),
  ];
}

/** What the server sends for a page of a list, before compression; the heaviest counts, all are named. */
async function markup({ web, cookie }: Installation, pages: readonly string[]): Promise<Metric> {
  const all: { page: string; bytes: number }[] = [];
  for (const page of pages) {
    const answer = await fetch(web.url + page, { headers: { cookie }, redirect: 'manual' });
    if (answer.status !== 200) throw new Error(`${page} answered ${answer.status}.`);
    all.push({ page, bytes: (await answer.arrayBuffer()).byteLength });
  }
  all.sort((a, b) => b.bytes - a.bytes);
  return {
    name: 'HTML of the heaviest list page',
    value: (all[0]?.bytes ?? Number.NaN) / 1000,
    max: 90,
    unit: 'kB',
    how: `before compression; ${all.map(({ page, bytes }) => `${plain(page)} ${kilobytes(bytes)}`).join(', ')}`,
  };
}

const plain = (page: string): string =>
  page
    .replace(/\/apps\/[^/?]+/, '/apps/…')
    .replace(/\/(groups|testers|builds|jobs)\/(?!import|prune)[^/?]+/, '/$1/…');
const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} kB`;

function memory({ web }: Installation): Metric[] {
  const peak = peakMemoryMb(web.pid);
  if (peak === undefined) return [];
  const how = 'peak resident memory (VmHWM) after serving all of the above, a full sync beside it';
  return [{ name: 'memory of the web process', value: peak, max: 350, unit: 'MB', how }];
}
