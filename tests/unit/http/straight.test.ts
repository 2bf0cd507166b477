import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toResponse } from '@/lib/http/core/answer';
import { bodyTooLarge } from '@/lib/http/core/body';
import { builtRoutes } from '@/lib/http/core/built-routes';
import type { RouteHandler } from '@/lib/http/core/endpoint';
import { readBytes } from '@/lib/http/core/read-bytes';
import { straightTo } from '@/lib/http/core/straight';

const HOOKS = '/api/webhooks/app-store-connect/';
const LIMIT = 1_000;
const LONG = JSON.stringify({ text: 'ä'.repeat(2_000) });

/** What Next would have built: files whose handlers say how they were called. */
const BUILT: Readonly<Record<string, string>> = {
  '/api/v1/[type]/route': 'list',
  '/api/v1/[type]/[id]/route': 'get',
  '/api/v1/[type]/[id]/[related]/route': 'related',
  '/api/v1/[type]/[id]/relationships/[relationship]/route': 'linkage',
  '/api/v1/apps/search/route': 'search',
  '/api/auth/[...nextauth]/route': 'auth',
  '/api/files/[...path]/route': 'files',
  '/api/webhooks/app-store-connect/[path]/route': 'hook',
  '/(dashboard)/page': 'page',
};

let folder: string;
let server: Server;
let origin: string;
const taken: { path: string; body: string; signature: string | null }[] = [];
let aborted: Promise<void>;

const shared = globalThis as typeof globalThis & {
  straightHandlers?: Record<string, RouteHandler>;
};

/** Answers with what it was asked, and as the handlers of the API do when a body is too long. */
const hook: RouteHandler = async (asked, context) => {
  const { path } = ((await context?.params) ?? {}) as { path: string };
  try {
    const body = Buffer.from(await readBytes(asked, LIMIT, bodyTooLarge)).toString('utf8');
    taken.push({ path, body, signature: asked.headers.get('x-apple-signature') });
    return Response.json({ path }, { status: 202, headers: { 'x-request-id': 'one' } });
  } catch {
    return Response.json({ errors: [] }, { status: 413 });
  }
};

/** A file in JSON whose second half comes when its reader has the first. */
function fileInParts(): Response {
  const halves = async function* () {
    yield new TextEncoder().encode('{"half":');
    await firstHalfRead;
    yield new TextEncoder().encode('2}');
  };
  return new Response(Readable.toWeb(Readable.from(halves())) as ReadableStream, {
    headers: { 'content-type': 'application/json' },
  });
}
let firstHalfRead: Promise<void> = Promise.resolve();

const echo =
  (name: string): RouteHandler =>
  async (asked, context) => {
    const { search } = new URL(asked.url);
    if (search === '?long') return toResponse({ body: JSON.parse(LONG) }, 'one');
    if (search === '?file') return fileInParts();
    if (search === '?none') return new Response(null, { status: 204 });
    if (search === '?picture')
      return new Response(new Uint8Array(3_000), {
        headers: {
          'content-type': 'image/png',
          'cache-control': 'private, no-cache',
          'content-security-policy': "default-src 'none'; sandbox",
        },
      });
    if (search === '?events') return events(asked);
    const told = { name, params: await context?.params, search, cookie: asked.headers.get('cookie') };
    return toResponse({ body: told }, 'one');
  };

/** A stream that never ends by itself. */
function events(asked: Request): Response {
  aborted = new Promise((resolve) => asked.signal.addEventListener('abort', () => resolve()));
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('event: ready\n\n')),
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform' },
  });
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-straight-'));
  const manifest: Record<string, string> = {};
  for (const [address, name] of Object.entries(BUILT)) {
    manifest[address] = `app${address}.js`;
    const file = path.join(folder, 'app', `${address}.js`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(
      file,
      `let is = false;
       module.exports = { routeModule: {
         async ensureUserland() { is = true; },
         get userland() {
           if (!is) throw new Error('not loaded');
           return { ${name === 'hook' ? 'POST' : 'GET'}: globalThis.straightHandlers[${JSON.stringify(name)}] };
         },
       } };`,
    );
  }
  writeFileSync(path.join(folder, 'app-paths-manifest.json'), JSON.stringify(manifest));
  shared.straightHandlers = Object.fromEntries(
    Object.values(BUILT).map((name) => [name, name === 'hook' ? hook : echo(name)]),
  );
});
afterAll(() => {
  delete shared.straightHandlers;
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  taken.length = 0;
  const takes = straightTo(builtRoutes(folder), { isSecure: true });
  server = createServer((incoming, outgoing) => {
    const toNext = () => void outgoing.end('Next');
    if (!takes(incoming, outgoing, toNext)) toNext();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** As it stands, without a client that puts addresses right. */
function raw(
  target: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number | undefined; headers: Record<string, unknown>; bytes: Buffer; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(origin, { path: target, method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const bytes = Buffer.concat(parts);
        resolve({ status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString('utf8') });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(origin + path, { method: 'POST', body, headers });

describe('what is read without Next', () => {
  it.each([
    ['/api/v1/apps', 'list', { type: 'apps' }],
    ['/api/v1/apps/search', 'search', {}],
    ['/api/v1/apps/6441', 'get', { type: 'apps', id: '6441' }],
    ['/api/v1/builds/a%2Fb', 'get', { type: 'builds', id: 'a/b' }],
    ['/api/v1/apps/1/builds', 'related', { type: 'apps', id: '1', related: 'builds' }],
    ['/api/v1/apps/1/relationships/builds', 'linkage', { type: 'apps', id: '1', relationship: 'builds' }],
    ['/api/files/a/b%20c', 'files', { path: ['a', 'b c'] }],
  ])('%s is handed to the handler that Next would call', async (address, name, params) => {
    const answer = await raw(`${address}?x=%C3%A4&y`, { headers: { cookie: 'a=1' } });
    expect(JSON.parse(answer.text)).toEqual({ name, params, search: '?x=%C3%A4&y', cookie: 'a=1' });
  });

  it.each([
    ['a page', '/apps'],
    ['signing in', '/api/auth/session'],
    ['what is not there', '/api/v2/apps'],
    ['a folder', '/api/v1'],
    ['an end that is a slash', '/api/v1/apps/'],
    ['an empty part', '/api/v1//apps'],
    ['a step up', '/api/v1/apps/../../auth/session'],
    ['a step up that is encoded', '/api/v1/%2e%2E/apps'],
    ['an escape that is no text', '/api/v1/apps/%ff'],
    ['half an escape', '/api/v1/apps/%'],
    ['a sign that no address has', '/api/v1/a\\b'],
    ['an endless path', `/api/v1/${'x'.repeat(2_001)}`],
    ['a whole address', 'http://elsewhere.example/api/v1/apps'],
  ])('leaves %s to Next', async (_, address) => {
    expect((await raw(address)).text).toBe('Next');
  });

  it.each(['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('leaves %s to Next', async (method) => {
    const answer = await raw('/api/v1/apps', { method });
    expect([answer.text, answer.headers['x-content-type-options']]).toEqual([
      method === 'HEAD' ? '' : 'Next',
      undefined,
    ]);
  });

  it('leaves a method that the file does not export to Next', async () => {
    const answer = await raw(`${HOOKS}abc`);
    expect([answer.text, answer.headers['x-content-type-options']]).toEqual(['Next', undefined]);
  });

  it('says what every answer says, and a policy of its own each time', async () => {
    const [one, other] = [await raw('/api/v1/apps'), await raw('/api/v1/apps')];
    expect(one.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'strict-transport-security': expect.stringContaining('max-age'),
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
    expect(one.headers['content-security-policy']).not.toBe(other.headers['content-security-policy']);
  });

  it('lets a picture say for itself how strict its policy is and how long it may be kept', async () => {
    const answer = await raw('/api/v1/apps?picture', { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers).toMatchObject({
      'cache-control': 'private, no-cache',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-frame-options': 'DENY',
    });
    expect([answer.headers['content-encoding'], answer.bytes.length]).toEqual([undefined, 3_000]);
  });

  it.each([
    ['gzip, deflate, br', true],
    ['br;q=1.0, gzip;q=0.5', true],
    ['gzip;q=0', false],
    ['br, gzip; q=0.0, *', false],
    ['identity', false],
    ['', false],
  ])('packs for readers that take it: %s', async (accepted, isPacked) => {
    const answer = await raw('/api/v1/apps?long', { headers: { 'accept-encoding': accepted } });
    expect([answer.headers['content-encoding'], answer.headers.vary]).toEqual([
      isPacked ? 'gzip' : undefined,
      'Accept-Encoding',
    ]);
    expect((isPacked ? gunzipSync(answer.bytes) : answer.bytes).toString('utf8')).toBe(LONG);
    expect(Number(answer.headers['content-length'])).toBe(answer.bytes.length);
  });

  it('sends a file in JSON as it is made, not when it is whole', async () => {
    let haveRead = () => {};
    firstHalfRead = new Promise((resolve) => {
      haveRead = resolve;
    });
    const answer = await fetch(`${origin}/api/v1/apps?file`, { headers: { 'accept-encoding': 'identity' } });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('{"half":');
    haveRead();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('2}');
    expect((await reader.read()).done).toBe(true);
    const packed = await raw('/api/v1/apps?file', { headers: { 'accept-encoding': 'gzip' } });
    expect(gunzipSync(packed.bytes).toString()).toBe('{"half":2}');
  });

  it('packs nothing short, and sends nothing where there is nothing', async () => {
    const short = await raw('/api/v1/apps', { headers: { 'accept-encoding': 'gzip' } });
    expect(short.headers['content-encoding']).toBeUndefined();
    const none = await raw('/api/v1/apps?none');
    expect([none.status, none.text]).toEqual([204, '']);
  });

  it('sends a stream as it comes, and says when its reader has gone', async () => {
    const leave = new AbortController();
    const answer = await fetch(`${origin}/api/v1/apps?events`, {
      headers: { 'accept-encoding': 'gzip' },
      signal: leave.signal,
    });
    const { value } = (await answer.body?.getReader().read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toBe('event: ready\n\n');
    leave.abort();
    await aborted;
  });

  it('finds nothing where Next has built nothing', () => {
    expect(builtRoutes(path.join(folder, 'nowhere'))('/api/v1/apps')).toBeNull();
  });
});

describe('what other servers post', () => {
  it('is handed on with path, bytes and headers, and answered as every answer is made', async () => {
    const answer = await post(`${HOOKS}a-b_C1`, '{"ü":1}', { 'x-apple-signature': 'hmacsha256=00' });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ path: 'a-b_C1' });
    expect(taken).toEqual([{ path: 'a-b_C1', body: '{"ü":1}', signature: 'hmacsha256=00' }]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': expect.stringContaining('max-age'),
      'x-request-id': 'one',
    });
  });

  it.each([
    ['another address', '/api/other/abc'],
    ['no last part', HOOKS],
    ['a part below', `${HOOKS}abc/def`],
    ['a query', `${HOOKS}abc?x=1`],
    ['an encoded step', `${HOOKS}%2e%2e`],
  ])('leaves %s to Next', async (_, address) => {
    expect((await raw(address, { method: 'POST' })).text).toBe('Next');
    expect(taken).toEqual([]);
  });

  it('refuses a body that is too long, announced or not, and lets go of what it did not read', async () => {
    expect((await post(`${HOOKS}abc`, 'x'.repeat(LIMIT + 1))).status).toBe(413);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`${origin}${HOOKS}abc`, { method: 'POST' }, (answer) => {
        resolve(answer.statusCode);
        answer.resume();
      });
      asked.on('error', reject);
      // Never ended: what more comes is not waited for.
      asked.write('x'.repeat(LIMIT + 1));
    });
    expect(status).toBe(413);
    expect(taken).toEqual([]);
  });

  it('answers a hundred at once, each its own', async () => {
    const paths = Array.from({ length: 100 }, (_, n) => `p${n}`);
    const answers = await Promise.all(
      paths.map(async (path) => (await post(HOOKS + path, path)).json() as Promise<{ path: string }>),
    );
    expect(answers.map(({ path }) => path)).toEqual(paths);
    expect(taken.every(({ path, body }) => path === body)).toBe(true);
  });
});
