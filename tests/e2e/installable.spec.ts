import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './setup/test';

const AWAY = 'Flightdeck cannot be reached';

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('the manifest, its icons and what crawlers and finders of faults look for are there', async ({
    page,
    request,
  }) => {
    await page.goto('/');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    const linked = async (selector: string) =>
      (await page.locator(selector).first().getAttribute('href')) ?? 'not linked';
    const manifestAt = await linked('link[rel="manifest"]');
    const answer = await request.get(manifestAt, { maxRedirects: 0 });
    expect([answer.status(), answer.headers()['content-type']]).toEqual([
      200,
      expect.stringMatching(/^application\/(manifest\+)?json/),
    ]);
    const manifest = (await answer.json()) as {
      name: string;
      start_url: string;
      display: string;
      icons: { src: string; sizes: string; type: string; purpose: string }[];
    };
    expect(manifest).toMatchObject({ name: 'Flightdeck', start_url: '/', display: 'standalone' });
    expect(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual(
      expect.arrayContaining(['192x192 any', '512x512 any', '512x512 maskable']),
    );
    const icons = [
      ...manifest.icons,
      { src: await linked('link[rel="apple-touch-icon"]'), sizes: '180x180', type: 'image/png' },
    ];
    for (const { src, sizes, type } of icons) {
      const icon = await request.get(src, { maxRedirects: 0 });
      expect([src, icon.status(), icon.headers()['content-type']]).toEqual([src, 200, type]);
      expect([src, sizeOfPng(await icon.body())]).toEqual([src, sizes]);
    }

    const tab = await request.get(await linked('link[rel="icon"]'), { maxRedirects: 0 });
    expect([tab.status(), tab.headers()['content-type']]).toEqual([200, 'image/svg+xml']);

    const text = async (address: string) => {
      const file = await request.get(address, { maxRedirects: 0 });
      expect([address, file.status()]).toEqual([address, 200]);
      expect(file.headers()['content-type']).toMatch(/^text\/plain/);
      return file.text();
    };
    expect(await text('/robots.txt')).toMatch(/^User-agent: \*\s+Disallow: \/\s*$/i);
    const security = await text('/.well-known/security.txt');
    expect(security).toMatch(/^Contact: /m);
    expect(Date.parse(/^Expires: (.+)$/m.exec(security)?.[1] ?? '')).toBeGreaterThan(Date.now());
    expect(await text('/security.txt')).toBe(security);
  });

  test.describe('with the service worker', () => {
    test.use({ serviceWorkers: 'allow' });

    test('a server that is gone is told in our own words, and the page wanted comes by itself', async ({
      page,
    }) => {
      test.setTimeout(180_000);
      const dataDir = mkdtempSync(path.join(tmpdir(), 'flightdeck-gone-'));
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      let web = await startWeb(port, dataDir);
      try {
        await page.goto(`${url}/setup`);
        await page.evaluate(async () => {
          await navigator.serviceWorker.ready;
        });
        await expect.poll(() => page.evaluate(async () => (await caches.keys()).length)).toBe(1);
        // The page as it was wanted, through the worker: nothing else is in between.
        await page.reload();
        await expect(page.getByRole('heading', { name: 'Welcome to Flightdeck' })).toBeVisible();
        expect(await keptAddresses(page)).toEqual(['/offline.html', '/offline.js']);

        await end(web);
        const asked = spawnSync(process.execPath, ['scripts/container.mjs', 'audit', 'verify'], {
          encoding: 'utf8',
          env: { ...process.env, DATA_DIR: dataDir },
        });
        expect([asked.status, asked.stdout]).toEqual([0, 'The trail is whole: 0 entries.\n']);
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(error.message));
        page.on('console', (line) => {
          if (line.text().includes('Content Security Policy')) errors.push(line.text());
        });
        await page.goto(`${url}/setup?from=mail`);
        await expect(page.getByRole('heading', { name: AWAY })).toBeVisible();
        await expect(page.getByRole('list')).toContainText('Jobs');
        await page.getByRole('button', { name: 'Try again now' }).click();
        await expect(page.getByRole('heading', { name: AWAY })).toBeVisible();
        expect(errors).toEqual([]);

        web = await startWeb(port, dataDir);
        await expect(page.getByRole('heading', { name: 'Welcome to Flightdeck' })).toBeVisible({
          timeout: 30_000,
        });
        expect(page.url()).toBe(`${url}/setup?from=mail`);
      } finally {
        await end(web);
        rmSync(dataDir, { recursive: true, force: true });
      }
    });
  });
});

/** Ways in which a server is not there, and how it comes back. */
const ABSENCES: readonly [string, (page: Page) => Promise<() => Promise<void>>][] = [
  [
    'the connection is gone',
    async (page) => {
      await page.context().setOffline(true);
      return () => page.context().setOffline(false);
    },
  ],
  [
    'the process is gone',
    async (page) => {
      await page.route('**/api/**', (route) => route.abort('connectionrefused'));
      return () => page.unroute('**/api/**');
    },
  ],
  [
    'a proxy answers in its place',
    async (page) => {
      await page.route('**/api/**', (route) =>
        route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>502 Bad Gateway</h1>' }),
      );
      return () => page.unroute('**/api/**');
    },
  ],
];

for (const [name, goAway] of ABSENCES) {
  test(`when ${name}, a banner says so, what is shown and typed stays, and it goes by itself`, async ({
    page,
  }) => {
    await page.goto('/groups');
    const rows = page.getByRole('main').getByRole('row');
    const search = page.getByRole('main').getByRole('searchbox');
    await expect(rows.nth(1)).toBeVisible();
    const banner = page.getByRole('alert').filter({ hasText: AWAY });
    await expect(banner).toBeHidden();

    const comeBack = await goAway(page);
    await search.fill('nobody is called this');
    await expect(banner).toBeVisible();
    await expect(banner).toContainText('What you typed is kept');
    await expect(search).toHaveValue('nobody is called this');
    await expect(page.getByRole('heading', { level: 1, name: 'All groups' })).toBeVisible();

    await comeBack();
    await expect(banner).toBeHidden();
    await expect(search).toHaveValue('nobody is called this');
    await expect(page.getByRole('main').getByRole('heading', { name: /No groups match/ })).toBeVisible();
  });
}

/** Width and height from a PNG's first chunk. */
function sizeOfPng(bytes: Buffer): string {
  expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
  return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
}

function keptAddresses(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const kept: string[] = [];
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) kept.push(new URL(url).pathname);
    }
    return kept.sort();
  });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}

/** The web process alone as a container starts it, with nothing set up: its secrets are made in its folder. */
async function startWeb(port: number, dataDir: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['scripts/container.mjs', '--web'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      NEXTAUTH_URL: `http://127.0.0.1:${port}`,
      NEXTAUTH_SECRET: '',
      ASC_BASE_URL: 'http://127.0.0.1:9',
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  await expect.poll(() => said, { timeout: 60_000 }).toContain('Flightdeck answers on');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  child.kill('SIGTERM');
  await gone;
}
