import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'undici';
import { ended } from './processes';
import { preparation, type Tab } from './tab';

/** Firefox without a window, over WebDriver BiDi, which it speaks itself. */
export async function openFirefox(folder: string): Promise<Tab> {
  const downloads = path.join(folder, 'downloads');
  const profile = profileWith(folder, downloads);
  const browser = spawn(
    process.env.FIREFOX_PATH ?? 'firefox-esr',
    ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: folder, TZ: 'Asia/Kathmandu' } },
  );
  try {
    const call = await connect(await addressOf(browser));
    await call('session.new', { capabilities: {} });
    const { contexts } = await call<{ contexts: { context: string }[] }>('browsingContext.getTree', {});
    const context = contexts[0]?.context ?? '';
    const prepare = preparation({ isMac: false });
    await call('script.addPreloadScript', { functionDeclaration: `() => { ${prepare} }` });
    return {
      downloads,
      isMac: false,
      async go(url) {
        await call('browsingContext.navigate', { context, url, wait: 'none' });
      },
      async run(expression) {
        const { result, exceptionDetails } = await call<Evaluated>('script.evaluate', {
          expression: `{ ${prepare} } JSON.stringify(${expression}) ?? 'null'`,
          target: { context },
          awaitPromise: false,
        });
        if (exceptionDetails) throw new Error(exceptionDetails.text);
        return JSON.parse(result?.value ?? 'null') as unknown;
      },
      async act(actions) {
        await call('input.performActions', { context, actions });
      },
      async resize(width, height) {
        await call('browsingContext.setViewport', { context, viewport: { width, height } });
      },
      async picture() {
        const { data } = await call<{ data: string }>('browsingContext.captureScreenshot', { context });
        return Buffer.from(data, 'base64');
      },
      async close() {
        await call('browser.close', {}).catch(() => undefined);
        await ended(browser);
      },
    };
  } catch (error) {
    await ended(browser);
    throw error;
  }
}

interface Evaluated {
  readonly result?: { readonly value?: string };
  readonly exceptionDetails?: { readonly text: string };
}

/** A profile that says where downloads go, and that asks no other machine. */
function profileWith(folder: string, downloads: string): string {
  const profile = path.join(folder, 'profile');
  for (const one of [downloads, profile]) mkdirSync(one, { recursive: true });
  const settings = {
    'browser.download.folderList': 2,
    'browser.download.dir': downloads,
    // To other machines there is no way; to this one no proxy is asked.
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': 9,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': 9,
  };
  const lines = Object.entries(settings).map(
    ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
  );
  writeFileSync(path.join(profile, 'user.js'), lines.join('\n'));
  return profile;
}

/** Where it listens, which it says when it has started. */
async function addressOf(browser: ChildProcess): Promise<string> {
  if (!browser.stderr) throw new Error('Firefox has no standard error.');
  for await (const line of createInterface({ input: browser.stderr })) {
    const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
    if (address) return `${address}/session`;
  }
  throw new Error('Firefox ended before it listened.');
}

type Call = <Result = unknown>(method: string, params: unknown) => Promise<Result>;

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly message?: string;
}

/** A connection, and what asks over it: each question has a number, which its answer bears. */
async function connect(address: string): Promise<Call> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (why: Error) => void }>();
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`${address} does not answer.`)));
  });
  socket.addEventListener('message', ({ data }) => {
    const { id = 0, result, message } = JSON.parse(String(data)) as Answer;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (message === undefined) asked?.resolve(result as never);
    else asked?.reject(new Error(message));
  });
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox has closed the connection.'));
    waiting.clear();
  });
  let last = 0;
  return (method, params) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
}
