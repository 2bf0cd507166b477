import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { straightTo } from '@/lib/http/core/straight';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { findRoute, ROUTES } from '@/tests/factories/routes';

let bench: ApiBench;
let server: Server;

beforeAll(async () => {
  bench = await apiBench({ seed: 3 });
  const takes = straightTo(findRoute, { isSecure: false });
  server = createServer((incoming, outgoing) => {
    const next = () => void outgoing.writeHead(599).end();
    if (!takes(incoming, outgoing, next)) next();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await bench.close();
});

const READS = ROUTES.flatMap(([pattern, module]) => (module.GET ? [pattern] : [])).filter(
  (pattern) => !pattern.startsWith('/api/auth/'),
);
const PUBLIC = ['/api/setup', '/api/health/live', '/api/health/ready'];
const GUARDED = READS.filter((pattern) => !PUBLIC.includes(pattern));
const pathOf = (pattern: string) =>
  pattern
    .replace(':type', 'betaGroups')
    .replace(/:\w+/g, (name) => (name === ':relationship' ? 'builds' : 'some-id'));

interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A request as it stands, by Node's own server. */
function ask(path: string, headers: Record<string, string> = {}): Promise<Told> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      // What never ends is not waited for.
      if (answer.headers['content-type']?.startsWith('text/event-stream')) {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        asked.destroy();
      }
    });
    asked.on('error', reject);
    asked.end();
  });
}

const SAID = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};

describe('what is read without Next', () => {
  it('is all of the API but signing in', () => expect(READS.length).toBeGreaterThan(80));

  it.each(GUARDED)('%s answers 401 without a session, whoever it is said to be for', async (pattern) => {
    for (const headers of [
      {},
      { authorization: 'Bearer something' },
      { 'x-flightdeck-met': '1', 'x-middleware-subrequest': 'proxy:proxy:proxy' },
      { 'x-forwarded-user': 'admin@example.com' },
      { cookie: 'next-auth.session-token=forged; __Host-next-auth.session-token=forged' },
    ]) {
      const { status, headers: said, text } = await ask(pathOf(pattern), headers);
      expect([headers, status]).toEqual([headers, 401]);
      expect(Object.keys(JSON.parse(text))).toEqual(['errors']);
      expect(said).toMatchObject({ ...SAID, 'cache-control': 'no-store' });
      expect(said['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    }
  });

  it.each(GUARDED)('%s answers a viewer as it does through Next', async (pattern) => {
    const cookie = bench.cookies.viewer;
    bench.upstream();
    const { status, headers } = await ask(pathOf(pattern), { cookie });
    const other = await bench.call('GET', pathOf(pattern), { as: 'viewer' });
    expect([status, headers['content-type']]).toEqual([
      other.status,
      other.headers.get('content-type') ?? undefined,
    ]);
    expect(headers).toMatchObject(SAID);
    expect(bench.upstream()).toBe(0);
  });

  it('gives the same list to everybody as Next does, and to each what they may see', async () => {
    for (const as of ['viewer', 'triager', 'admin'] as const) {
      const { text } = await ask('/api/v1/betaTesters?limit=20', { cookie: bench.cookies[as] });
      expect(JSON.parse(text)).toEqual(
        (await bench.call('GET', '/api/v1/betaTesters?limit=20', { as })).body,
      );
    }
  });

  it('is refused under another host name, and in an address that is no text', async () => {
    const cookie = bench.cookies.admin;
    expect((await ask('/api/me', { cookie, host: 'evil.example' })).status).toBe(421);
    expect((await ask('/api/v1/betaTesters?search=%ff', { cookie })).status).toBe(400);
    expect((await ask('/api/v1/betaTesters/%ff', { cookie })).status).toBe(400);
  });

  it('ends with the session: at the next request after it was ended, the person disabled or demoted', async () => {
    const cookie = bench.cookies.manager;
    const accounts = () => ask(`/api/v1/users?refresh=0`, { cookie, 'flightdeck-account': ACCOUNT });
    expect((await ask('/api/me', { cookie })).status).toBe(200);
    expect((await accounts()).status).toBe(200);
    const change = (values: object) =>
      bench.db.write([
        bench.db.build.updateTable('users').set(values).where('id', '=', bench.users.manager.id),
      ]);
    await change({ role: 'viewer' });
    expect(JSON.parse((await ask('/api/me', { cookie })).text).data.role).toBe('viewer');
    await change({ disabledAt: Date.now() });
    expect((await ask('/api/me', { cookie })).status).toBe(401);
    await change({ disabledAt: null, role: 'manager' });
    expect((await ask('/api/me', { cookie })).status).toBe(200);
    await change({ tokenVersion: 99 });
    expect((await ask('/api/me', { cookie })).status).toBe(401);
  });
});
