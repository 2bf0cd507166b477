import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createAscClient } from '@/lib/asc/client';
import { CREDENTIAL, errorOf } from './fake-apple';

let server: Server | undefined;

/** A client of a real server on loopback, with deadlines a test can wait for. */
async function serve(answer: RequestListener, timeouts = { readHeaders: 300, readTotal: 900, write: 600 }) {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const { port } = started.address() as AddressInfo;
  return createAscClient({
    baseUrl: `http://127.0.0.1:${port}`,
    credential: CREDENTIAL,
    timeouts,
    random: () => 0,
  });
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
  server = undefined;
});

const read = (client: Awaited<ReturnType<typeof serve>>) => client.send({ method: 'GET', path: '/v1/apps' });

describe('one exchange', () => {
  it('reads a compressed answer and sends what App Store Connect expects', async () => {
    const seen: Record<string, unknown> = {};
    const client = await serve((request, response) => {
      Object.assign(seen, request.headers);
      response.writeHead(200, { 'content-encoding': 'gzip', 'x-request-id': 'r-1' });
      response.end(gzipSync('{"data":[]}'));
    });
    expect(await read(client)).toMatchObject({ document: { data: [] }, requestId: 'r-1', status: 200 });
    expect(seen).toMatchObject({ accept: 'application/json', 'user-agent': 'Flightdeck' });
    expect(seen.authorization).toMatch(/^Bearer eyJ/);
    expect(String(seen['accept-encoding'])).toContain('gzip');
  });

  it('waits for headers only so long, and the socket is freed', async () => {
    let closed = 0;
    const client = await serve((request) => {
      request.socket.once('close', () => closed++);
    });
    const before = Date.now();
    expect(await errorOf(read(client))).toMatchObject({ kind: 'timeout', method: 'GET', path: '/v1/apps' });
    expect(Date.now() - before).toBeLessThan(15_000);
    await expect.poll(() => closed).toBeGreaterThan(0);
  });

  it.each([
    ['one byte at a time', 1],
    ['never-ending', 1024],
  ])('ends a body that comes %s (R7)', async (_name, size) => {
    const client = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '.repeat(size)), 20);
      response.once('close', () => clearInterval(timer));
    });
    const before = Date.now();
    expect(await errorOf(read(client))).toMatchObject({ kind: 'timeout' });
    expect(Date.now() - before).toBeLessThan(15_000);
  });

  it('refuses a body of 50 MB without holding it (R7)', async () => {
    const piece = Buffer.alloc(1024 * 1024, 0x20);
    let written = 0;
    const send50 = (response: ServerResponse) => {
      response.writeHead(200);
      const more = () => {
        while (written < 50 && !response.destroyed) {
          written++;
          if (!response.write(piece)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    };
    const patient = { readHeaders: 8_000, readTotal: 8_000, write: 8_000 };
    const client = await serve((_request, response) => send50(response), patient);
    const before = process.memoryUsage().rss;
    expect(await errorOf(read(client))).toMatchObject({ kind: 'too_large', status: 200 });
    expect(written).toBeLessThan(50);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('does not follow redirects, so the token stays here', async () => {
    const paths: string[] = [];
    const client = await serve((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await errorOf(read(client))).toMatchObject({ kind: 'intermediary', status: 302 });
    expect(new Set(paths)).toEqual(new Set(['/v1/apps']));
  });

  it('repeats a read whose answer was cut off in the middle', async () => {
    let count = 0;
    const client = await serve((_request, response) => {
      count++;
      if (count > 1) return response.end('{"data":[]}');
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"data":[');
      return setTimeout(() => response.destroy(), 20);
    });
    expect(await read(client)).toMatchObject({ attempts: 2 });
  });

  it('says that nobody is there', async () => {
    const client = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    const error = await errorOf(read(client));
    expect(error).toMatchObject({ kind: 'network', isUnsent: true });
    expect(error.message).toBe('App Store Connect cannot be reached (ECONNREFUSED).');
  });

  it('stops at the caller’s wish; a write that was under way is then of unknown outcome', async () => {
    const client = await serve(() => undefined);
    const stop = new AbortController();
    const pending = client.list('apps', {}, { signal: stop.signal });
    const writing = client.delete('betaGroups', '1', { signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    const [readError, writeError] = await Promise.all([errorOf(pending), errorOf(writing)]);
    expect(readError).toMatchObject({ kind: 'aborted' });
    expect(writeError).toMatchObject({ kind: 'outcome_unknown' });
  });
});
