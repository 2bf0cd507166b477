import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { openDatabase } from '@/lib/store/database';
import { askable } from '@/tests/factories/database';
import { type Installation, startInstallation } from './installation';
import { type BenchOptions, type Metric, median, percentile } from './result';
import { streamMetrics } from './streams';
import { timeToFirstByte } from './web';

const CALM = 500;
const PER_SECOND = 1_000;
const SECONDS = 10;
const PAUSE_MS = 100;

/** How fast the receiver of webhooks answers, and what a flood of events does to it and to the pages. */
export async function webhookMetrics(options: BenchOptions): Promise<Metric[]> {
  const flightdeck = await startInstallation(options);
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  try {
    const send = await register(flightdeck, agent);
    const calm: number[] = [];
    for (let n = 0; n < CALM; n += 1) calm.push((await send(`calm-${n}`)).ms);
    const quiet = await pageTimes(flightdeck, async () => undefined);
    const answers: { status: number; ms: number }[] = [];
    const busy = await pageTimes(flightdeck, async () => void answers.push(...(await flood(send))));
    const taken = answers.filter(({ status }) => status === 202).length;
    const stored = await countStored(flightdeck);
    const all = PER_SECOND * SECONDS;
    return [
      ...(await streamMetrics(flightdeck)),
      {
        ...{ name: 'answer to an event, p99', value: percentile(calm, 0.99), max: 100, unit: 'ms' },
        how: `${CALM} signed events, one after another; median ${median(calm).toFixed(1)} ms`,
      },
      {
        ...{ name: 'events of a flood that were kept', value: stored / all, min: 1 },
        how: `${stored} of ${all}, ${PER_SECOND} a second for ${SECONDS} s; ${taken} were answered 202`,
      },
      {
        ...{
          name: 'answer to an event in a flood, p99',
          value: percentile(
            answers.map(({ ms }) => ms),
            0.99,
          ),
        },
        ...{ unit: 'ms', how: `median ${median(answers.map(({ ms }) => ms)).toFixed(1)} ms` },
      },
      {
        ...{ name: 'first byte of a page in a flood ÷ at rest, p95', max: 2 },
        value: percentile(busy, 0.95) / percentile(quiet, 0.95),
        how: `p95 ${percentile(busy, 0.95).toFixed(0)} against ${percentile(quiet, 0.95).toFixed(0)} ms, median ${median(busy).toFixed(0)} against ${median(quiet).toFixed(0)} ms`,
      },
    ];
  } finally {
    agent.destroy();
    await flightdeck.stop();
  }
}

type Send = (id: string) => Promise<{ status: number; ms: number }>;

async function register({ web, cookie, sandboxUrl }: Installation, agent: Agent): Promise<Send> {
  const headers = { cookie, origin: web.url, 'content-type': 'application/json' };
  const { data } = (await (await fetch(`${web.url}/api/webhooks`, { headers })).json()) as {
    data: { apps: { accountId: string; appId: string }[] };
  };
  const [app] = data.apps;
  const apps = [{ accountId: app?.accountId, appId: app?.appId }];
  const made = await fetch(`${web.url}/api/webhooks`, {
    ...{ method: 'POST', headers, body: JSON.stringify({ apps }) },
  });
  if (!made.ok) throw new Error(`No webhook could be registered: ${made.status} ${await made.text()}`);
  const hooks = (await (await fetch(`${sandboxUrl}/sandbox/resources/webhooks`)).json()) as {
    attributes: { url: string; secret: string };
  }[];
  const { url = '', secret = '' } = hooks[0]?.attributes ?? {};
  return (id) => {
    const instance = { data: { type: 'novelties', id } };
    const body = JSON.stringify({
      data: { type: 'somethingNewCreated', id, version: 1, attributes: {}, relationships: { instance } },
    });
    const signature = `hmacsha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    return post(url, body, signature, agent);
  };
}

function post(
  url: string,
  body: string,
  signature: string,
  agent: Agent,
): Promise<{ status: number; ms: number }> {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const headers = { 'content-type': 'application/json', 'x-apple-signature': signature };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0, ms: performance.now() - from }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** So many a second, whatever the answers take. */
async function flood(send: Send): Promise<{ status: number; ms: number }[]> {
  const answers: Promise<{ status: number; ms: number }>[] = [];
  const from = performance.now();
  const PORTION_MS = 10;
  for (let n = 0; n < PER_SECOND * SECONDS; ) {
    const due = Math.floor(((performance.now() - from) / 1_000) * PER_SECOND);
    for (; n < Math.min(due, PER_SECOND * SECONDS); n += 1) answers.push(send(`flood-${n}`));
    await new Promise((resolve) => setTimeout(resolve, PORTION_MS));
  }
  return Promise.all(answers);
}

/** First bytes of a list of testers, asked again and again as long as the work takes, and fifty times at least. */
async function pageTimes({ web, cookie }: Installation, work: () => Promise<void>): Promise<number[]> {
  let isDone = false;
  const working = work().then(() => {
    isDone = true;
  });
  const times: number[] = [];
  while (!isDone || times.length < 50) {
    times.push(await timeToFirstByte(`${web.url}/testers`, cookie));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  await working;
  return times;
}

async function countStored({ databaseUrl }: Installation): Promise<number> {
  const db = askable(await openDatabase({ url: databaseUrl, migrationsDir: null }));
  const [row] = await db.query<{ n: number }>(
    `SELECT COUNT(*) AS n FROM "receivedEvents" WHERE id LIKE 'flood-%'`,
  );
  await db.close();
  return Number(row?.n ?? 0);
}
