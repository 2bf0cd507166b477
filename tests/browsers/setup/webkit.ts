import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '@/tests/e2e/setup/processes';
import { ended } from './processes';
import { preparation, type Tab } from './tab';

/** As Safari on a Mac names itself. */
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';
/** Safari's engine: WebKitGTK's MiniBrowser on a screen of its own, over WebDriver. */
export async function openWebKit(folder: string): Promise<Tab> {
  const downloads = path.join(folder, 'downloads');
  const home = homeWith(folder, downloads);
  const screen = await startScreen();
  const port = await freePort();
  const driver = spawn(process.env.WEBKIT_DRIVER_PATH ?? 'WebKitWebDriver', [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, ...home, DISPLAY: screen.display, TZ: 'Asia/Kathmandu' },
  });
  const end = async () => {
    await Promise.all([ended(driver), ended(screen.process)]);
  };
  try {
    const call = await session(`http://127.0.0.1:${port}`);
    await leaveToolBar(call);
    const prepare = preparation({ isMac: true });
    const run = (expression: string) =>
      call('POST', '/execute/sync', {
        script: `${prepare}\nreturn JSON.stringify(${expression}) ?? 'null'`,
        args: [],
      }).then((json) => JSON.parse(String(json)) as unknown);
    return {
      downloads,
      isMac: true,
      run,
      async go(url) {
        await call('POST', '/url', { url });
      },
      async act(actions) {
        await call('POST', '/actions', { actions });
      },
      async resize(width, height) {
        await call('POST', '/window/rect', { x: 0, y: 0, width, height });
      },
      async picture() {
        return Buffer.from(String(await call('GET', '/screenshot')), 'base64');
      },
      async close() {
        await call('DELETE', '').catch(() => undefined);
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** A session, once the driver has started, and what calls it. */
async function session(driver: string): Promise<Call> {
  const call: Call = async (method, where, body) => {
    const response = await fetch(`${driver}${where}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`${method} ${where}: ${JSON.stringify(value)}`);
    return value;
  };
  await untilDone(() => call('GET', '/status'));
  const { sessionId } = (await call('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        // A page is prepared as soon as it is there, not when it is complete.
        pageLoadStrategy: 'none',
        'webkitgtk:browserOptions': {
          binary: process.env.WEBKIT_BROWSER_PATH,
          args: [
            '--automation',
            `--user-agent=${SAFARI}`,
            '--enable-tabs-to-links=false',
            '--javascript-can-open-windows-automatically=true',
          ],
        },
      },
    },
  })) as { sessionId: string };
  return (method, where, body) => call(method, `/session/${sessionId}${where}`, body);
}

/** Goes on in a window without a tool bar, which may be as narrow as a phone, and all of which shows the page. */
async function leaveToolBar(call: Call): Promise<void> {
  const windows = async () => (await call('GET', '/window/handles')) as string[];
  const before = await windows();
  await call('POST', '/execute/sync', { script: "window.open('', '', 'popup')", args: [] });
  let bare: string | undefined;
  await untilDone(async () => {
    bare = (await windows()).find((one) => !before.includes(one));
    if (!bare) throw new Error('The second window did not open.');
  });
  await call('DELETE', '/window');
  await call('POST', '/window', { handle: bare });
}

/** A home of its own, which says where downloads go. */
function homeWith(folder: string, downloads: string): Record<string, string> {
  const config = path.join(folder, 'config');
  for (const one of [downloads, config]) mkdirSync(one, { recursive: true });
  writeFileSync(path.join(config, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  return { HOME: folder, XDG_CONFIG_HOME: config };
}

/** A screen that nobody sees; it says itself which number was free. */
async function startScreen(): Promise<{ display: string; process: ChildProcess }> {
  const child = spawn(
    process.env.XVFB_PATH ?? 'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const [number] = (await once(child.stdio[3] as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { display: `:${number.toString().trim()}`, process: child };
}

async function untilDone(ask: () => Promise<unknown>): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
