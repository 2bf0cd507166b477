import { type IncomingMessage, request } from 'node:http';
import type { Installation } from './installation';
import { memoryMb } from './processes';
import { type Metric, percentile } from './result';
import { signIn, timeToFirstByte } from './web';

const STREAMS = 200;
/** Of one person; the server lets no more in. */
const EACH = 10;
const SETTLE_MS = 5_000;
const PAGES = 50;

/** What two hundred open browsers cost the web process: memory, and the first byte of a page beside them. */
export async function streamMetrics({ web, cookie }: Installation): Promise<Metric[]> {
  const cookies: string[] = [];
  for (let n = 0; n < STREAMS / EACH; n += 1) cookies.push(await colleague(web.url, cookie, n));
  // What signing in took is given back first.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const quiet = await pages(web.url, cookie);
  const before = memoryMb(web.pid, 'VmRSS');
  const open = await Promise.all(
    cookies.flatMap((one) => Array.from({ length: EACH }, () => opened(`${web.url}/api/stream`, one))),
  );
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const after = memoryMb(web.pid, 'VmRSS');
    const busy = await pages(web.url, cookie);
    const first = { value: percentile(busy, 0.95) / percentile(quiet, 0.95), max: 2 };
    const how = `${open.length} open; p95 ${percentile(busy, 0.95).toFixed(0)} against ${percentile(quiet, 0.95).toFixed(0)} ms`;
    const speed: Metric = { name: 'first byte of a page beside 200 streams ÷ without, p95', ...first, how };
    if (before === undefined || after === undefined) return [speed];
    const memory = { value: after - before, max: 50, unit: 'MB' } as const;
    const grown = `resident memory of the web process, above the ${Math.round(before)} MB before`;
    return [{ name: 'memory of 200 open streams', ...memory, how: grown }, speed];
  } finally {
    for (const stream of open) stream.destroy();
  }
}

/** Somebody of the team, signed in. */
async function colleague(url: string, admin: string, n: number): Promise<string> {
  const send = async (method: string, path: string, cookie: string, body: object) => {
    const headers = { cookie, origin: url, 'content-type': 'application/json' };
    const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const email = `listener-${n}@example.org`;
  const invited = await send('POST', '/api/team', admin, { email, name: `Listener ${n}`, role: 'viewer' });
  const { meta } = (await invited.json()) as { meta: { temporaryPassword: string } };
  const newPassword = `${n} patient listeners by the river`;
  const first = await signIn(url, email, meta.temporaryPassword);
  await send('PATCH', '/api/me', first, { currentPassword: meta.temporaryPassword, newPassword });
  return signIn(url, email, newPassword);
}

/** A stream that is read as it comes; known to be open by its first words. */
function opened(url: string, cookie: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}?since=${Date.now()}`, { agent: false, headers: { cookie } }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`A stream answered ${response.statusCode}.`));
      response.once('data', () => resolve(response));
      response.resume();
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function pages(url: string, cookie: string): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < PAGES; n += 1) times.push(await timeToFirstByte(`${url}/testers`, cookie));
  return times;
}
