import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { end, flagsOf, startNode } from './processes';

const NEXT = path.resolve('node_modules/next/dist/bin/next');

/** What Node is started with in production, by the files of the tree that is started; the command gives them. */
function flagsIn(folder: string): string[] {
  const flags = flagsOf('WEB');
  const isWhole = existsSync(path.join(folder, 'scripts/lib'));
  const [here, there] = [path.resolve('.'), folder].map((one) => `${pathToFileURL(one).href}/scripts/`);
  return isWhole ? flags.map((flag) => flag.replace(here ?? '', there ?? '')) : flags;
}

export interface WebProcess {
  readonly url: string;
  readonly pid: number;
  /** From the command to the first answer. */
  readonly startedInMs: number;
  stop(): Promise<void>;
}

/** A built Next application as a process, ready to answer. */
export async function startWeb(
  folder: string,
  env: (port: number) => NodeJS.ProcessEnv,
  probe: string,
): Promise<WebProcess> {
  const port = await freePort();
  const from = performance.now();
  const child = startNode(
    [...flagsIn(folder), NEXT, 'start', '--hostname', '127.0.0.1', '--port', String(port)],
    {
      cwd: folder,
      env: env(port),
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await answering(child, url + probe);
  const startedInMs = performance.now() - from;
  return { url, pid: child.pid ?? 0, startedInMs, stop: () => end(child) };
}

async function answering(child: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 3000; tries += 1) {
    if (child.exitCode !== null) throw new Error(`The server of ${url} ended with ${child.exitCode}.`);
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url} did not answer within a minute.`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Milliseconds from the request to the first byte of its body, on a connection that is open already. */
export function timeToFirstByte(url: string, cookie = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const request = get(url, { agent, headers: { cookie, 'accept-encoding': 'gzip' } }, (response) => {
      let first: number | undefined;
      response.on('data', () => {
        first ??= performance.now() - from;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200 && first !== undefined) resolve(first);
        else reject(new Error(`${url} answered ${response.statusCode}.`));
      });
    });
    request.on('error', reject);
  });
}

/** Signs in as the form does; gives the cookie header. */
export async function signIn(url: string, email: string, password: string): Promise<string> {
  const jar = new Map<string, string>();
  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  const header = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const csrf = keep(await fetch(`${url}/api/auth/csrf`));
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const answer = keep(
    await fetch(`${url}/api/auth/callback/credentials`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: header(), origin: url, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ csrfToken, email, password, json: 'true', callbackUrl: url }),
    }),
  );
  if (!answer.ok) throw new Error(`Signing in failed: ${answer.status} ${await answer.text()}`);
  return header();
}
