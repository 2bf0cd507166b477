import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathOnHost } from '@/lib/asc/transport/paginate';
import { BASE_URL, errorOf, json, withApple } from './fake-apple';

const page = (ids: string[], next?: unknown, total?: number) =>
  json({
    data: ids.map((id) => ({ type: 'apps', id })),
    links: { self: `${BASE_URL}/v1/apps`, ...(next === undefined ? {} : { next }) },
    ...(total === undefined ? {} : { meta: { paging: { total, limit: 200 } } }),
  });

async function collect(pages: AsyncIterable<{ document: { data: readonly { id: string }[] } }>) {
  const ids: string[] = [];
  for await (const { document } of pages) ids.push(...document.data.map(({ id }) => id));
  return ids;
}

describe('pages', () => {
  it('follow links.next as it comes, 200 rows at a time, and carry the total', async () => {
    const next = `${BASE_URL}/v1/apps?cursor=Mg.AAA%3D&limit=200`;
    const { client, requests } = withApple((_request, nth) =>
      nth === 1 ? page(['1', '2'], next, 3) : page(['3'], undefined, 3),
    );
    const seen: { total: number | undefined; next: string | undefined }[] = [];
    for await (const one of client.pages('apps', { sort: ['name'] })) seen.push(one);
    expect(seen.map(({ total, next: following }) => [total, following])).toEqual([
      [3, next],
      [3, undefined],
    ]);
    expect(requests.map(({ url }) => url)).toEqual([`${BASE_URL}/v1/apps?sort=name&limit=200`, next]);
  });

  it('resume from a stored address', async () => {
    const { client, requests } = withApple(() => page(['9']));
    const url = `${BASE_URL}/v1/apps?cursor=abc`;
    expect(await collect(client.pagesFrom('apps', url))).toEqual(['9']);
    expect((await client.pageFrom('apps', url)).document.data[0]?.type).toBe('apps');
    expect(requests.map((request) => request.url)).toEqual([url, url]);
  });

  it('stop when next repeats (R9)', async () => {
    const next = `${BASE_URL}/v1/apps?cursor=again`;
    const { client, requests } = withApple(() => page(['1'], next));
    const error = await errorOf(collect(client.pages('apps')));
    expect(error).toMatchObject({ kind: 'pagination_loop' });
    expect(requests).toHaveLength(2);
  });

  it.each([
    '/v1/apps?cursor=x',
    '?cursor=x',
    'v1/apps?cursor=x',
    'https://api.appstoreconnect.apple.com/v1/apps?cursor=x',
  ])('ask the configured host for %s', async (next) => {
    const { client, requests } = withApple((_request, nth) => (nth === 1 ? page(['1'], next) : page(['2'])));
    expect(await collect(client.pages('apps'))).toEqual(['1', '2']);
    expect(requests[1]?.url).toBe(`${BASE_URL}/v1/apps?cursor=x`);
  });

  it.each(['', null])('end on a next page of %j', async (next) => {
    const { client } = withApple(() => json({ data: [], links: { next } }));
    expect(await collect(client.pages('apps'))).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['a number', 7, 'malformed_response'],
    ['an empty object', {}, 'malformed_response'],
    ['an address that is too long', `/v1/apps?cursor=${'x'.repeat(9_000)}`, 'malformed_response'],
    ['an address that cannot be read', 'http://[', 'malformed_response'],
    ['another list', '/v1/betaGroups?cursor=x', 'malformed_response'],
    ['another app', '/v1/apps?cursor=x&filter%5Bname%5D=b', 'malformed_response'],
    ['another host', 'https://evil.test/v1/apps?cursor=x', 'foreign_host'],
  ])(
    'do not take %s for their end, and say of the page before that it cannot be gone on with',
    async (_, next, kind) => {
      const { client, requests } = withApple(() => page(['1'], next));
      const query = { filter: { name: 'a' } };
      const first = await client.list('apps', query);
      expect(first.document.data).toHaveLength(1);
      expect(first.refusedNext).toMatchObject({ kind });
      expect(await errorOf(collect(client.pages('apps', query)))).toMatchObject({ kind });
      expect(requests).toHaveLength(2);
    },
  );

  it('follow a link that is an object, and one whose cursor stands for the filters', async () => {
    const { client, requests } = withApple((_request, nth) =>
      nth === 1 ? page(['1'], { href: '/v1/apps?cursor=x' }) : page(['2']),
    );
    expect(await collect(client.pages('apps', { filter: { name: 'a' } }))).toEqual(['1', '2']);
    expect(requests).toHaveLength(2);
  });

  it('know this machine by all its names, but not by another port', () => {
    const home = 'http://127.0.0.1:4010';
    expect(pathOnHost(home, 'http://localhost:4010/v1/apps?cursor=x')).toBe('/v1/apps?cursor=x');
    expect(() => pathOnHost(home, 'http://localhost:4011/v1/apps')).toThrow('another host');
    expect(() => pathOnHost('http://apple.test', 'http://localhost/v1/apps')).toThrow('another host');
  });

  it.each([
    'https://evil.test/v1/apps?cursor=x',
    'http://apple.test/v1/apps?cursor=x',
    'https://apple.test:8443/v1/apps',
    'https://apple.test@evil.test/v1/apps',
    '//evil.test/v1/apps',
    'https://apple.test/elsewhere',
    'javascript:alert(1)',
  ])('never contact %s (R9)', async (next) => {
    const { client, requests } = withApple(() => page(['1'], next));
    expect(await errorOf(collect(client.pages('apps')))).toMatchObject({ kind: 'foreign_host' });
    expect(requests).toHaveLength(1);
    expect(await errorOf(client.pageFrom('apps', next))).toMatchObject({ kind: 'foreign_host' });
    expect(requests).toHaveLength(1);
  });

  it('leave the host to no address whatsoever', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string()), (address) => {
        try {
          return new URL(pathOnHost(BASE_URL, address), BASE_URL).host === 'apple.test';
        } catch (error) {
          return error instanceof Error && 'kind' in error && error.kind === 'foreign_host';
        }
      }),
    );
  });

  it('pass on that a cursor has expired, for the list to be started anew', async () => {
    const { client } = withApple((_request, nth) =>
      nth === 1
        ? page(['1'], `${BASE_URL}/v1/apps?cursor=old`)
        : json(
            { errors: [{ status: '400', code: 'PARAMETER_ERROR.INVALID', source: { parameter: 'cursor' } }] },
            400,
          ),
    );
    expect(await errorOf(collect(client.pages('apps')))).toMatchObject({
      kind: 'invalid_request',
      errors: [{ code: 'PARAMETER_ERROR.INVALID', source: { parameter: 'cursor' } }],
    });
  });
});

describe('answers that are not what they should be (R8)', () => {
  const row = { type: 'apps', id: '1' };
  it.each([
    ['malformed JSON', new Response('{"data":[{"type":"apps"')],
    ['no data', json({ links: {} })],
    ['data that is no list', json({ data: row })],
    ['an entry without id', json({ data: [{ type: 'apps' }] })],
    ['an entry that is null', json({ data: [null] })],
    ['included that is no list', json({ data: [row], included: row })],
    ['an empty body', new Response('')],
    ['a bare list', json([row])],
  ])('%s is a typed error with method, path and status', async (_name, answer) => {
    const { client } = withApple(() => answer);
    expect(await errorOf(client.list('apps', { limit: { page: 5 } }))).toMatchObject({
      kind: 'malformed_response',
      method: 'GET',
      status: 200,
      path: expect.stringMatching(/^\/v1\/apps/),
    });
  });

  it('null attributes, unknown attributes and unknown values are kept as they came', async () => {
    const data = [
      {
        type: 'betaTesters',
        id: 't',
        attributes: { email: null, firstName: 'Anonymous', state: 'TELEPORTED', newFact: { a: 1 } },
        relationships: { apps: { data: null } },
      },
      { type: 'betaTesters', id: 'u', attributes: null },
    ];
    const { client } = withApple(() => json({ data, links: {}, newPart: 1 }));
    const { document } = await client.list('betaTesters');
    expect(document.data).toEqual(data);
    expect(document.data[0]?.attributes?.email).toBeNull();
    expect(document.data[1]?.attributes?.email).toBeUndefined();
  });

  it('an empty to-one relationship is null, not an error', async () => {
    const { client } = withApple(() => json({ data: null, links: { self: 'x' } }));
    const { document } = await client.getRelated('betaGroups', '1', 'betaRecruitmentCriteria');
    expect(document.data).toBeNull();
  });

  it('both shapes of figures are read', async () => {
    const groups = [
      { dataPoints: [{ start: '2026-01-01', end: '2026-01-02', values: { viewCount: 3 } }] },
      { type: 'betaTesterUsages', dimensions: { betaTesters: { data: { type: 'betaTesters', id: 't' } } } },
    ];
    const { client } = withApple(() => json({ data: groups, links: {} }));
    const { document } = await client.metrics('betaGroups', '1', 'publicLinkUsages');
    expect(document.data[0]?.dataPoints[0]?.values?.viewCount).toBe(3);
    expect(document.data[1]?.dataPoints).toEqual([]);
  });
});
