import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { filledIn, PAGES, ROUTES } from './addresses';
import { sandboxAt } from './sandbox';
import type { Running } from './setup/flightdeck';
import { expect, test } from './setup/test';

/** What opens without a session, and where it leads when somebody else belongs there. */
const OPEN_PAGES = ['/sign-in', '/setup', '/new-password'];
const OPEN_ROUTES = ['/api/auth/[...nextauth]', '/api/setup', '/api/health/live', '/api/health/ready'];

interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** A request as it is written, where `fetch` would tidy the path and the host. */
function ask(
  url: string,
  address: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Reply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path: address, method, headers }, (response) => {
      let text = '';
      const done = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      // A stream does not end: what it says first will do.
      const isEndless = response.headers['content-type']?.startsWith('text/event-stream');
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (!isEndless) return;
        done();
        request.destroy();
      });
      response.on('end', done);
    });
    request.on('error', reject);
    request.end();
  });
}

/** Words that stand in the programme and nowhere in an empty page. */
async function canaries({ sandbox: { baseUrl } }: Running): Promise<string[]> {
  const sandbox = sandboxAt(baseUrl);
  const of = async (type: string, ...names: string[]) =>
    (await sandbox.list(type)).flatMap(({ attributes }) => names.map((name) => attributes[name]));
  const words = [
    ...(await of('apps', 'name', 'bundleId')),
    ...(await of('betaGroups', 'name', 'publicLink')),
    ...(await of('betaTesters', 'email', 'lastName')),
  ];
  return [...new Set(words.filter((word) => typeof word === 'string' && word.length > 5))] as string[];
}

/** Headers with which Next asks for parts of pages, and with which others try to get past a gate. */
const VARIANTS: readonly Record<string, string>[] = [
  {},
  { rsc: '1' },
  { rsc: '1', 'next-router-prefetch': '1' },
  { rsc: '1', 'next-router-prefetch': '2' },
  { rsc: '1', 'next-router-segment-prefetch': '/_tree' },
  { rsc: '1', 'next-router-segment-prefetch': '/__PAGE__' },
  { purpose: 'prefetch', 'sec-purpose': 'prefetch' },
  { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
  { 'x-nextjs-data': '1' },
  { 'next-action': '0'.repeat(40) },
  { authorization: 'Bearer something', 'x-forwarded-user': 'admin@example.com' },
  { cookie: 'next-auth.session-token=forged' },
];

/** The same place written in other ways. */
const spellings = (address: string) => {
  const first = address.slice(1, 2);
  const encoded = first === '' ? address : `/%${first.charCodeAt(0).toString(16)}${address.slice(2)}`;
  return [
    encoded,
    `${address}?_rsc=abc`,
    `${address}/`,
    `/${address}`,
    `/.${address}`,
    `/x/..${address}`,
    `/x/%2e%2e${address}`,
    `${address}.rsc`,
    `${address}.segments/_tree.segment.rsc`,
    `/_next/data/build${address}.json`,
  ];
};

test('without a session no page and no route gives a byte of data, however it is asked for', async ({
  flightdeck,
}) => {
  const words = await canaries(flightdeck);
  expect([words.length > 30, PAGES.length > 20, ROUTES.length > 35]).toEqual([true, true, true]);
  const judge = (what: unknown, { status, headers, text }: Reply, isOpen: boolean) => {
    expect([what, words.filter((word) => text.includes(word))]).toEqual([what, []]);
    expect([what, text.includes('admin@')]).toEqual([what, false]);
    // Part of a page that redirects, or that is not there, is answered by 200 and a line that says so.
    if (!isOpen && status === 200)
      expect([what, text]).toEqual([
        what,
        expect.stringMatching(/NEXT_REDIRECT|NEXT_HTTP_ERROR_FALLBACK;404|"n":"missing"/),
      ]);
    const { location } = headers;
    if (location) expect([what, new URL(location, flightdeck.url).origin]).toEqual([what, flightdeck.url]);
  };
  const visit = async (
    address: string,
    isOpen: boolean,
    variants: typeof VARIANTS,
    others: readonly string[],
  ) => {
    const asked = [
      ...variants.map(async (headers) =>
        judge([address, headers], await ask(flightdeck.url, address, headers), isOpen),
      ),
      ...others.map(async (spelt) => judge(spelt, await ask(flightdeck.url, spelt), isOpen)),
      ...['HEAD', 'OPTIONS'].map(async (method) => {
        expect([method, address, (await ask(flightdeck.url, address, {}, method)).text]).toEqual([
          method,
          address,
          '',
        ]);
      }),
    ];
    await Promise.all(asked);
  };
  for (const [index, address] of (await filledIn(flightdeck, PAGES)).entries()) {
    await visit(address, OPEN_PAGES.includes(PAGES[index] ?? ''), VARIANTS, spellings(address));
  }
  // tests/api/security.test.ts asks each route in every variant; here it is that Next routes them to the same place.
  for (const [index, address] of (await filledIn(flightdeck, ROUTES)).entries()) {
    await visit(
      address,
      OPEN_ROUTES.includes(ROUTES[index] ?? ''),
      VARIANTS.slice(0, 2),
      spellings(address).slice(0, 4),
    );
  }
});

test('every answer carries the headers that keep browsers safe, and no version', async ({
  flightdeck,
  session,
}) => {
  const cookie = session.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const addresses = [
    ...(await filledIn(flightdeck, [...PAGES, ...ROUTES])),
    '/nowhere',
    '/%E0%A4%A',
    '/api/nowhere',
  ];
  const nonces = new Set<string>();
  for (const address of addresses) {
    for (const headers of [{}, { cookie }]) {
      const { headers: given, text, status } = await ask(flightdeck.url, address, headers);
      if (status === 400) continue;
      const policy = String(given['content-security-policy']);
      const [, nonce = ''] = /'nonce-([^']+)'/.exec(policy) ?? [];
      nonces.add(nonce);
      expect([address, /script-src[^;]*unsafe|default-src[^;]*\*/.test(policy)]).toEqual([address, false]);
      // An answer that is no page may hold anybody's words.
      const markup = /html/.test(String(given['content-type'])) ? text : '';
      for (const [script] of markup.matchAll(/<script(?![^>]*type="application\/json")[^>]*>/g)) {
        expect([address, script]).toEqual([address, expect.stringContaining(`nonce="${nonce}"`)]);
      }
      expect([address, markup.match(/ on[a-z]+="/)]).toEqual([address, null]);
      expect([address, given]).toEqual([
        address,
        expect.objectContaining({
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'same-origin',
          'cross-origin-opener-policy': 'same-origin',
          'x-frame-options': 'DENY',
          'cache-control': expect.stringContaining('no-store'),
        }),
      ]);
      expect([address, given['x-powered-by'], given.server]).toEqual([address, undefined, undefined]);
      expect([address, given['strict-transport-security']]).toEqual([address, undefined]);
    }
  }
  expect(nonces.size).toBeGreaterThan(addresses.length);
});

test('another host name leads nowhere, and no address of the page decides where one lands', async ({
  flightdeck,
}) => {
  for (const headers of [
    { host: 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    { forwarded: 'host=evil.example' },
    { 'x-original-url': 'https://evil.example/', 'x-rewrite-url': 'https://evil.example/' },
  ]) {
    for (const address of [
      '/',
      '/sign-in',
      '/testers',
      '/api/me',
      '/api/auth/signin',
      '/api/auth/providers',
    ]) {
      const { headers: given, text } = await ask(flightdeck.url, address, headers);
      expect([address, headers, `${text} ${JSON.stringify(given)}`.includes('evil.example')]).toEqual([
        address,
        headers,
        false,
      ]);
    }
  }
  expect((await ask(flightdeck.url, '/api/me', { host: 'evil.example' })).status).toBe(421);
});

test('signing in leads to no other site, whatever the address says', async ({ browser, flightdeck }) => {
  for (const next of ['https://evil.example/x', '/\\evil.example']) {
    const context = await browser.newContext({
      storageState: { cookies: [], origins: [] },
      baseURL: flightdeck.url,
    });
    const page = await context.newPage();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await page.getByLabel('E-mail').fill(flightdeck.email);
    await page.getByLabel('Password').fill(flightdeck.password);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
    expect(new URL(page.url()).origin).toBe(flightdeck.url);
    await context.close();
  }
});

test('the key, its tokens and the passwords stand in no page, file, log or process list', async ({
  flightdeck,
  session,
}) => {
  const cookie = session.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const key = readFileSync(flightdeck.sandbox.privateKeyPath, 'utf8').replace(/-----[A-Z ]+-----|\s/g, '');
  const secrets = [
    key.slice(40, 90),
    'eyJhbGciOiJFUzI1NiIs',
    flightdeck.password,
    readFileSync(path.join(flightdeck.dataDir, 'encryption.key'), 'utf8').trim(),
  ];
  const hidden = [...secrets, '$argon2id$', 'sealedKey'];
  const expectNone = (place: string, text: string, unwanted: readonly string[]) => {
    expect([place, unwanted.filter((secret) => text.includes(secret))]).toEqual([place, []]);
  };
  for (const address of await filledIn(flightdeck, PAGES)) {
    for (const headers of [{ cookie }, { cookie, rsc: '1' }]) {
      expectNone(address, (await ask(flightdeck.url, address, headers)).text, hidden);
    }
  }
  const stored = readdirSync(flightdeck.dataDir, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(\.db(-wal|-shm)?|\.log)$/.test(file),
  );
  expect(stored).toEqual(expect.arrayContaining(['flightdeck.db', expect.stringMatching(/log$/)]));
  for (const file of stored)
    expectNone(file, readFileSync(path.join(flightdeck.dataDir, file), 'latin1'), secrets);
  for (const [name, pid] of Object.entries(flightdeck.processes)) {
    expectNone(name, readFileSync(`/proc/${pid}/cmdline`, 'utf8'), secrets);
  }
});
