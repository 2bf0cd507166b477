import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bodyTooLarge } from '@/lib/http/core/body';
import type { RouteHandler } from '@/lib/http/core/endpoint';
import { readBytes } from '@/lib/http/core/read-bytes';
import { straightTo } from '@/lib/http/core/straight';

const PREFIX = '/api/hooks/';
const LIMIT = 1_000;

let server: Server;
let origin: string;
const taken: { path: string; body: string; signature: string | null }[] = [];

/** Answers with what it was asked, and as the handlers of the API do when a body is too long. */
const handler: RouteHandler = async (asked, context) => {
  const { path } = ((await context?.params) ?? {}) as { path: string };
  try {
    const body = Buffer.from(await readBytes(asked, LIMIT, bodyTooLarge)).toString('utf8');
    taken.push({ path, body, signature: asked.headers.get('x-apple-signature') });
    return Response.json({ path }, { status: 202, headers: { 'x-request-id': 'one' } });
  } catch {
    return Response.json({ errors: [] }, { status: 413 });
  }
};

beforeEach(async () => {
  taken.length = 0;
  const takes = straightTo({ prefix: PREFIX, handler }, { isSecure: true });
  server = createServer((incoming, outgoing) => {
    if (!takes(incoming, outgoing)) outgoing.end('Next');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(origin + path, { method: 'POST', body, headers });

describe('what is answered without Next', () => {
  it('hands on path, bytes and headers, and answers as every answer is made', async () => {
    const answer = await post(`${PREFIX}a-b_C1`, '{"ü":1}', { 'x-apple-signature': 'hmacsha256=00' });
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
    ['no last part', PREFIX],
    ['a part below', `${PREFIX}abc/def`],
    ['a query', `${PREFIX}abc?x=1`],
    ['an encoded part', `${PREFIX}%2e%2e`],
    ['an endless part', PREFIX + 'x'.repeat(201)],
  ])('leaves %s to Next', async (_, path) => {
    expect(await (await post(path, '')).text()).toBe('Next');
    expect(taken).toEqual([]);
  });

  it('leaves other methods to Next', async () => {
    expect(await (await fetch(`${origin}${PREFIX}abc`)).text()).toBe('Next');
  });

  it('refuses a body that is too long, announced or not, and lets go of what it did not read', async () => {
    expect((await post(`${PREFIX}abc`, 'x'.repeat(LIMIT + 1))).status).toBe(413);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`${origin}${PREFIX}abc`, { method: 'POST' }, (answer) => {
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
      paths.map(async (path) => (await post(PREFIX + path, path)).json() as Promise<{ path: string }>),
    );
    expect(answers.map(({ path }) => path)).toEqual(paths);
    expect(taken.every(({ path, body }) => path === body)).toBe(true);
  });
});
