import autocannon from 'autocannon';
import { processorMs } from './engine';
import { type Installation, pagesOf, startInstallation } from './installation';
import { type BenchOptions, type Metric, median, percentile } from './result';
import type { WebProcess } from './web';

const CONNECTIONS = 20;
const SECONDS = 6;
const WARM_UP_SECONDS = 3;

/** What is asked again and again, by all connections at once. */
interface Load {
  readonly name: string;
  readonly paths: readonly string[];
}

/** What one turn of a load gave. */
interface Turn {
  readonly perSecond: number;
  /** ms */
  readonly times: readonly number[];
  readonly errors: number;
  /** Processor time of the web process for one answer, ms; not known outside Linux. */
  readonly work: number | undefined;
}

/**
 * Twenty connections that never wait, on pages, on a list of the API and on both as people use them, beside the smallest
 * page of the same Next and, where another built tree is named, beside that one: all take turns.
 */
export async function loadMetrics(options: BenchOptions): Promise<Metric[]> {
  const flightdeck = await startInstallation(options);
  const before = options.against ? await startInstallation(options, options.against) : undefined;
  try {
    const metrics: Metric[] = [];
    for (const load of loadsOf(await pagesOf(flightdeck))) {
      metrics.push(...(await measured(load, { flightdeck, before }, options.rounds)));
    }
    return metrics;
  } finally {
    await before?.stop();
    await flightdeck.stop();
  }
}

function loadsOf({ mirrored, testers }: Awaited<ReturnType<typeof pagesOf>>): Load[] {
  const app = testers.split('/')[2] ?? '';
  const list = `/api/v1/betaTesters?filter[apps]=${app}&limit=50`;
  // Somebody opens a page; what it shows is read again, searched, filtered and scrolled through.
  const used = mirrored.flatMap((page, n) => [
    page,
    list,
    `/api/v1/betaTesters?filter[apps]=${app}&limit=50&search=${'abcdefghijklm'[n]}`,
    `/api/v1/betaTesters?filter[apps]=${app}&limit=50&filter[state]=INSTALLED`,
    `/api/v1/builds?filter[app]=${app}&limit=50`,
    `/api/lists/betaTesters/total?filter[apps]=${app}`,
    '/api/overview',
    '/api/sync',
  ]);
  return [
    { name: 'pages', paths: mirrored },
    { name: 'a list of 50 testers from the API', paths: [list] },
    { name: 'pages and lists as people use them', paths: used },
  ];
}

interface Sides {
  readonly flightdeck: Installation;
  readonly before: Installation | undefined;
}

async function measured(load: Load, { flightdeck, before }: Sides, rounds: number): Promise<Metric[]> {
  const { web, hello, cookie } = flightdeck;
  const turns: Record<'ours' | 'least' | 'earlier', Turn[]> = { ours: [], least: [], earlier: [] };
  for (let round = -1; round < rounds; round += 1) {
    const seconds = round < 0 ? WARM_UP_SECONDS : SECONDS;
    const all = {
      ours: await turn(web, load.paths, cookie, seconds),
      least: await turn(hello, ['/'], '', seconds),
      earlier: before && (await turn(before.web, load.paths, before.cookie, seconds)),
    };
    if (round < 0) continue;
    turns.ours.push(all.ours);
    turns.least.push(all.least);
    if (all.earlier) turns.earlier.push(all.earlier);
  }
  const [ours, least] = [together(turns.ours), together(turns.least)];
  return [
    {
      name: `${load.name}: answers a second at ${CONNECTIONS} connections`,
      value: ours.perSecond,
      how: `${told(ours)}; the empty page ${least.perSecond.toFixed(0)} a second, ${told(least)}; median of ${rounds} turns of ${SECONDS} s`,
    },
    {
      name: `${load.name}: the empty page’s answers a second ÷ ours`,
      value: least.perSecond / ours.perSecond,
      how: `${least.perSecond.toFixed(0)} against ${ours.perSecond.toFixed(0)}`,
    },
    { name: `${load.name}: answers that failed`, value: ours.errors, max: 0, how: `of ${ours.times.length}` },
    ...(before ? [against(load, ours, together(turns.earlier))] : []),
  ];
}

function against({ name }: Load, ours: Turn, earlier: Turn): Metric {
  return {
    name: `${name}: answers a second ÷ those of the other tree`,
    value: ours.perSecond / earlier.perSecond,
    min: 3,
    how: `${ours.perSecond.toFixed(1)} against ${earlier.perSecond.toFixed(1)}; the other: ${told(earlier)}, ${earlier.errors} failed`,
  };
}

function together(turns: readonly Turn[]): Turn {
  const works = turns.flatMap(({ work }) => work ?? []);
  return {
    perSecond: median(turns.map(({ perSecond }) => perSecond)),
    times: turns.flatMap(({ times }) => times),
    errors: turns.reduce((sum, { errors }) => sum + errors, 0),
    work: works.length > 0 ? median(works) : undefined,
  };
}

function told({ times, work }: Turn): string {
  const each = [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${percentile(times, share).toFixed(0)} ms`);
  return [...each, ...(work === undefined ? [] : [`${work.toFixed(2)} ms of a core each`])].join(', ');
}

/** All connections go through the paths in turn, each from a place of its own. */
async function turn(
  { url, pid }: WebProcess,
  paths: readonly string[],
  cookie: string,
  duration: number,
): Promise<Turn> {
  const times: number[] = [];
  let connected = 0;
  const from = processorMs(pid);
  const { errors, timeouts, non2xx } = await new Promise<autocannon.Result>((resolve, reject) => {
    const options: autocannon.Options = {
      url,
      duration,
      connections: CONNECTIONS,
      headers: { cookie, 'accept-encoding': 'gzip' },
      setupClient(client) {
        const at = Math.floor((connected * paths.length) / CONNECTIONS);
        connected += 1;
        client.setRequests([...paths.slice(at), ...paths.slice(0, at)].map((path) => ({ path })));
      },
    };
    const running = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
    running.on('response', (_client, _status, _bytes, time) => times.push(time));
  });
  const to = processorMs(pid);
  return {
    perSecond: times.length / duration,
    times,
    errors: errors + timeouts + non2xx,
    work: from === undefined || to === undefined ? undefined : (to - from) / times.length,
  };
}
