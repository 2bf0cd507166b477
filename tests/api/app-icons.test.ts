import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchAppIcons } from '@/lib/services/app-icons';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
let appIds: string[];
beforeAll(async () => {
  bench = await apiBench();
  appIds = (await bench.db.query<{ id: string }>('SELECT id FROM apps ORDER BY id')).map(({ id }) => id);
});
afterAll(() => bench.close());
beforeEach(() => bench.db.write([{ sql: 'DELETE FROM appIcons', params: [] }]));

type Get = NonNullable<Parameters<typeof fetchAppIcons>[0]['fetch']>;

/** Fetches icons through `get`, and gives the addresses that were asked for. */
async function fetchThrough(get: Get = fetch): Promise<string[]> {
  const asked: string[] = [];
  const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'icons');
  const through: Get = (url, init) => {
    asked.push(url);
    expect(Object.keys(init.headers)).toEqual([]);
    return get(url, init);
  };
  await fetchAppIcons({ ...ctx, fetch: through }, ACCOUNT, new AbortController().signal);
  return asked;
}

const kept = async () =>
  (await bench.db.query<{ n: number }>('SELECT COUNT(*) AS n FROM appIcons WHERE bytes IS NOT NULL'))[0]?.n;
const pointTo = (templateUrl: string) =>
  bench.db.write([
    { sql: 'UPDATE builds SET iconTemplateUrl = ? WHERE iconTemplateUrl IS NOT NULL', params: [templateUrl] },
  ]);

describe('app icons', () => {
  it('are fetched once, shown to whoever is signed in, and told in the lists', async () => {
    expect((await fetchThrough()).length).toBe(appIds.length);
    expect(await fetchThrough()).toEqual([]);
    const icon = await bench.call('GET', `/api/apps/${appIds[0]}/icon`, { as: 'viewer' });
    expect(icon.status).toBe(200);
    expect(icon.headers.get('content-type')).toBe('image/png');
    expect(icon.headers.get('cache-control')).toBe('no-store');
    const versioned = await bench.call('GET', `/api/apps/${appIds[0]}/icon?v=1`, { as: 'viewer' });
    expect(versioned.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    expect(icon.text.slice(1, 4)).toBe('PNG');
    const { body } = await bench.call('GET', '/api/v1/apps');
    const words = body.data.map((app: { meta: { icon?: string } }) => app.meta.icon);
    expect(words).toEqual(appIds.map(() => expect.stringMatching(/^[a-z0-9]+$/)));
    const overview = await bench.call('GET', '/api/overview');
    expect(overview.body.data.apps[0].icon).toBe(words[0]);
  });

  it('are missing until then, and to strangers always', async () => {
    expect((await bench.call('GET', `/api/apps/${appIds[0]}/icon`)).status).toBe(404);
    await fetchThrough();
    const refused = await bench.call('GET', `/api/apps/${appIds[0]}/icon?v=1`, { as: null });
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([401, 'no-store']);
    expect((await bench.call('GET', '/api/apps/1/icon')).status).toBe(404);
  });

  it('come from Apple’s picture hosts only', async () => {
    for (const address of [
      'http://169.254.169.254/{w}x{h}bb.{f}',
      'https://mzstatic.com.example.org/{w}.{f}',
      'https://example.org/mzstatic.com/{w}.{f}',
      'http://is1-ssl.mzstatic.com/{w}.{f}',
      'file:///etc/passwd',
      'not an address',
    ]) {
      await pointTo(address);
      expect(await fetchThrough()).toEqual([]);
      expect(await kept()).toBe(0);
    }
    await pointTo('https://is1-ssl.mzstatic.com/image/thumb/x/{w}x{h}{c}.{f}');
    const asked = await fetchThrough(
      async () => new Response('a', { headers: { 'content-type': 'image/jpeg' } }),
    );
    expect(new Set(asked)).toEqual(new Set(['https://is1-ssl.mzstatic.com/image/thumb/x/144x144bb.png']));
    expect(await kept()).toBe(appIds.length);
  });

  it('are left out when the answer is no small picture, and tried again a day later', async () => {
    await pointTo('https://is1-ssl.mzstatic.com/{w}x{h}bb.{f}');
    const type = { 'content-type': 'image/png' };
    const answers: Get[] = [
      async () => new Response('<script>', { headers: { 'content-type': 'image/svg+xml' } }),
      async () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1:1/' } }),
      async () => new Response(new Uint8Array(300_000), { headers: type }),
      async () => Promise.reject(new TypeError('fetch failed')),
    ];
    for (const answer of answers) {
      await bench.db.write([{ sql: 'UPDATE appIcons SET fetchedAt = fetchedAt - 90000000', params: [] }]);
      expect((await fetchThrough(answer)).length).toBe(appIds.length);
      expect(await fetchThrough(answer)).toEqual([]);
      expect(await kept()).toBe(0);
    }
  });
});
