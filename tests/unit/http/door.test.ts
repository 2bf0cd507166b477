import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NextRequest } from 'next/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDoor } from '@/lib/http/core/door';
import { config, proxy } from '@/proxy';

/** What start-up offers to both. */
const shared = globalThis as typeof globalThis & {
  flightdeckTakes?: (...given: unknown[]) => boolean;
  flightdeckIsPageThere?: (request: Request) => Promise<boolean>;
  flightdeckWhyAway?: () => Promise<string | null>;
};

let server: Server;
let origin: string;

beforeEach(async () => {
  vi.stubEnv('NEXTAUTH_URL', 'https://flightdeck.example.org');
  openDoor(({ url }, response) => url === '/straight' && Boolean(response.end('straight')));
  server = createServer((incoming, outgoing) => {
    const next = () => outgoing.end(JSON.stringify(incoming.headers));
    if (!shared.flightdeckTakes?.(incoming, outgoing, next)) next();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  vi.unstubAllEnvs();
  for (const name of ['flightdeckTakes', 'flightdeckIsPageThere', 'flightdeckWhyAway'] as const)
    delete shared[name];
  server.closeAllConnections();
  server.close();
});

interface Told {
  readonly status: number;
  readonly headers: Record<string, string | undefined>;
  readonly body: string;
}

/** Asks with the path as it stands: `fetch` would put it right. */
const ask = (path: string, headers: Record<string, string> = {}) =>
  new Promise<Told>((resolve, reject) => {
    request(origin, { path, headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        body += chunk;
      });
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers as Record<string, string | undefined>,
          body,
        }),
      );
    })
      .on('error', reject)
      .end();
  });

/** Of a header what is the same each time. */
const steady = (policy: string | null | undefined) => policy?.replace(/'nonce-[^']+'/, "'nonce'");
const WATCHED = [
  'x-content-type-options',
  'referrer-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'x-frame-options',
  'permissions-policy',
  'strict-transport-security',
  'cache-control',
];

describe('what every request meets before Next', () => {
  it('hands on one nonce for the scripts and the browser, another each time, and a name for the request', async () => {
    const [one, two] = [await ask('/groups'), await ask('/groups')];
    const met = JSON.parse(one.body) as Record<string, string>;
    expect(met['content-security-policy']).toBe(one.headers['content-security-policy']);
    expect(met['content-security-policy']).toMatch(/script-src 'self' 'nonce-[\w+/=]{20,}' 'strict-dynamic'/);
    expect(one.headers['content-security-policy']).not.toBe(two.headers['content-security-policy']);
    expect(met['x-request-id']).toMatch(/^[\w-]{36}$/);
    expect(met['x-flightdeck-met']).toBe('1');
  });

  it('keeps a name that a proxy in front gave, and no other words', async () => {
    const named = await ask('/groups', { 'x-request-id': 'given-by-proxy-1' });
    expect(JSON.parse(named.body)['x-request-id']).toBe('given-by-proxy-1');
    const strange = await ask('/groups', { 'x-request-id': 'a b' });
    expect(JSON.parse(strange.body)['x-request-id']).toMatch(/^[\w-]{36}$/);
  });

  it('hands on the address that was asked for, whatever else the request claims', async () => {
    const { body } = await ask('/groups?q=a%20b', { 'x-flightdeck-address': '/settings' });
    expect(JSON.parse(body)['x-flightdeck-address']).toBe('/groups?q=a%20b');
  });

  it.each([
    '/groups',
    '/',
    '/api/v1/apps?limit=1',
    '/api/apps/1/icon?v=a',
    '/api/stream',
    '/offline.html',
    '/nowhere',
  ])('says of %s what the proxy says without it', async (path) => {
    const door = await ask(path);
    const { headers } = await proxy(new NextRequest(origin + path));
    for (const name of WATCHED) expect(door.headers[name] ?? null, name).toBe(headers.get(name));
    expect(steady(door.headers['content-security-policy'])).toBe(
      steady(headers.get('content-security-policy')),
    );
  });

  it.each(['/_next/static/chunks/a.js', '/favicon.ico', '//elsewhere.example.org/groups'])(
    'leaves %s as it came',
    async (path) => {
      const { headers, body } = await ask(path);
      expect(headers['content-security-policy']).toBeUndefined();
      expect(JSON.parse(body)['x-flightdeck-met']).toBeUndefined();
    },
  );

  it('refuses a path that is no text, with the same headers', async () => {
    const { status, body, headers } = await ask('/groups/%ff');
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ code: 'FLIGHTDECK.ADDRESS' }] });
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('answers for pages alone while the store is away', async () => {
    shared.flightdeckWhyAway = async () => 'It restarts.';
    const page = await ask('/groups');
    expect([page.status, page.headers['retry-after']]).toEqual([503, '5']);
    expect(page.body).toContain('It restarts.');
    expect(page.headers['content-security-policy']).not.toContain('nonce');
    expect((await ask('/api/v1/apps')).status).toBe(200);
  });

  it('answers a part of a page that is gone, asked as the browser asks', async () => {
    const asked: string[] = [];
    shared.flightdeckIsPageThere = async ({ url, headers }) => {
      asked.push(`${new URL(url).pathname} ${headers.get('cookie')}`);
      return false;
    };
    expect((await ask('/groups?_rsc=abc', { cookie: 'a=b' })).status).toBe(404);
    expect((await ask('/groups', { rsc: '1', cookie: 'a=b' })).status).toBe(404);
    expect((await ask('/groups', { cookie: 'a=b' })).status).toBe(200);
    expect((await ask('/api/v1/apps?_rsc=abc')).status).toBe(200);
    expect(asked).toEqual(['/groups a=b', '/groups a=b']);
  });

  it('lets the proxy meet what it could not look into', async () => {
    shared.flightdeckIsPageThere = () => Promise.reject(new Error('The store is away.'));
    const { status, body } = await ask('/groups?_rsc=abc');
    expect(status).toBe(200);
    expect(JSON.parse(body)['x-flightdeck-met']).toBeUndefined();
  });

  it('leaves what is answered straight to its own headers', async () => {
    const { body, headers } = await ask('/straight');
    expect(body).toBe('straight');
    expect(headers['content-security-policy']).toBeUndefined();
  });

  it('keeps the proxy from meeting a request twice', () => {
    const unmet = { type: 'header', key: 'x-flightdeck-met' };
    for (const { missing } of config.matcher) expect(missing).toContainEqual(unmet);
  });
});
