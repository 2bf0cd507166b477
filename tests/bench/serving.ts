import { openDatabase } from '@/lib/store/database';
import { askable } from '@/tests/factories/database';
import { type Installation, pagesOf, startHello } from './installation';
import { memoryMb } from './processes';
import { type BenchOptions, type Metric, median } from './result';
import type { WebProcess } from './web';

/** The delay of the web process's event loop since it was asked the last time. */
export async function eventLoop({ web, cookie }: Installation): Promise<Metric> {
  const answer = await fetch(`${web.url}/api/metrics`, { headers: { cookie } });
  const text = await answer.text();
  const seconds = (quantile: string) =>
    Number(new RegExp(`^nodejs_eventloop_lag_${quantile}_seconds (\\S+)`, 'm').exec(text)?.[1]);
  if (!Number.isFinite(seconds('p99'))) throw new Error(`/api/metrics answered ${answer.status}: ${text}`);
  return {
    name: 'event loop delay of the web process while syncing, p99',
    value: seconds('p99') * 1000,
    max: 25,
    unit: 'ms',
    how: `as /api/metrics tells it, serving pages without a pause; p50 ${(seconds('p50') * 1000).toFixed(1)} ms`,
  };
}

/** Queues a job, which nobody runs here; gives the address of its page. */
export async function jobPage(flightdeck: Installation): Promise<string> {
  const { web, cookie } = flightdeck;
  const appId = decodeURIComponent((await pagesOf(flightdeck)).testers.split('/')[2] ?? '');
  const body = {
    kind: 'resend-invitations',
    appId,
    testers: { matching: { filter: { state: ['INVITED'] } } },
  };
  const answer = await fetch(`${web.url}/api/people/bulk`, {
    method: 'POST',
    headers: { cookie, origin: web.url, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { data } = (await answer.json()) as { data?: { jobId: string } };
  if (!data) throw new Error(`No job could be queued: ${answer.status}.`);
  return `/jobs/${data.jobId}`;
}

/** All testers as a file, against reading the same rows and joining them with commas. */
export async function exportSpeed({ web, cookie, databaseUrl }: Installation): Promise<Metric[]> {
  const before = memoryMb(web.pid, 'VmRSS');
  let highest = before ?? 0;
  const from = performance.now();
  const db = askable(await openDatabase({ url: databaseUrl, migrationsDir: null }));
  const [all] = await db.query<{ n: number }>('SELECT count(*) AS n FROM betaTesters');
  const address = `/api/people/export?type=betaTesters&format=csv&confirm=${all?.n}`;
  const answer = await fetch(web.url + address, { headers: { cookie } });
  if (!answer.ok || !answer.body)
    throw new Error(`The export answered ${answer.status}: ${await answer.text()}`);
  let rows = -1;
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows += 1;
    highest = Math.max(highest, memoryMb(web.pid, 'VmRSS') ?? 0);
  }
  const perSecond = (rows / (performance.now() - from)) * 1000;
  const start = performance.now();
  const plain = await db.query<Record<string, string | null>>(
    'SELECT firstName, lastName, email, state, inviteType, appId, deviceModel, osVersion, installedBuild, id FROM betaTesters',
  );
  const bytes = plain.map((row) => Object.values(row).join(',')).join('\n').length;
  const raw = (plain.length / (performance.now() - start)) * 1000;
  await db.close();
  const speed: Metric = {
    name: 'CSV export ÷ plain read of the same rows',
    value: perSecond / raw,
    min: 0.5,
    how: `${Math.round(perSecond)} rows/s over HTTP with groups, tags and figures (aim 100,000 for half a million) against ${Math.round(raw)} rows/s and ${Math.round(bytes / 1000)} kB of bare columns`,
  };
  if (before === undefined) return [speed];
  const how = `resident memory while ${rows} rows are sent, above the ${Math.round(before)} MB before`;
  return [speed, { name: 'memory a CSV export takes', value: highest - before, max: 50, unit: 'MB', how }];
}

/** From the command to the first answer, with all its data, against the empty application. */
export async function startTime(
  flightdeck: Installation,
  { engine, rounds }: BenchOptions,
): Promise<Metric[]> {
  const ours: number[] = [];
  const least: number[] = [];
  const started = async (times: number[], start: () => Promise<WebProcess>) => {
    const web = await start();
    times.push(web.startedInMs);
    await web.stop();
  };
  for (let round = 0; round < rounds; round += 1) {
    await started(ours, flightdeck.startAnother);
    await started(least, startHello);
  }
  const megabytes = Math.round(await engine.sizeMb(flightdeck.databaseUrl));
  const how = `with a database of ${megabytes} MB; the empty application takes ${Math.round(median(least))} ms, median of ${rounds} in turn`;
  return [
    { name: 'start to the first answer', value: median(ours), max: 1200, unit: 'ms', how },
    { name: 'start ÷ that of the empty application', value: median(ours) / median(least), max: 1.4, how },
  ];
}
