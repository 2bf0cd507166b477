import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Resource } from '@/lib/sandbox/engine/resource';
import { type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
let app: Resource;
let bundle: Resource;

beforeAll(async () => {
  bench = await apiBench({ seed: 9 });
});
afterAll(() => bench.close());
beforeEach(() => {
  const clips = [...store().all('buildBundles').values()].filter(
    ({ attributes }) => attributes.bundleType === 'APP_CLIP',
  );
  const found = clips.find((one) => store().relatedOne(one, 'build')?.attributes.expired !== true);
  if (!found) throw new Error('The programme has a build with an App Clip.');
  bundle = found;
  app = store().get('apps', String(found.appId)) as Resource;
  for (const one of store().related(bundle, 'betaAppClipInvocations')) store().remove(one);
});

const store = () => bench.sandbox.parts().world.store;
const held = () => store().related(bundle, 'betaAppClipInvocations');
const titlesOf = (one: Resource) =>
  store()
    .related(one, 'betaAppClipInvocationLocalizations')
    .map(({ attributes }) => `${attributes.locale} ${attributes.title}`)
    .toSorted();
type Role = 'viewer' | 'manager';
const call = (method: string, path: string, body?: unknown, as: Role = 'manager') =>
  bench.call(method, `/api/v1/${path}`, { as, ...(body === undefined ? {} : { body }) });
const at = (path: string) => `${path}?inApp=${app.id}`;

const TITLES = 'betaAppClipInvocationLocalizations';
function made(url: string, titles: Readonly<Record<string, string>>, bundleId = bundle.id) {
  const included = Object.entries(titles).map(([locale, title], n) => ({
    ...{ type: TITLES, id: `\${title-${n}}` },
    attributes: { locale, title },
  }));
  return {
    data: {
      type: 'betaAppClipInvocations',
      attributes: { url },
      relationships: {
        buildBundle: { data: { type: 'buildBundles', id: bundleId } },
        [TITLES]: { data: included.map(({ type, id }) => ({ type, id })) },
      },
    },
    included,
  };
}
const create = (
  url = 'https://kelp.example.com/menu',
  titles: Record<string, string> = { 'en-US': 'Menu' },
) => call('POST', at('betaAppClipInvocations'), made(url, titles));
const list = async () => {
  const path = `buildBundles/${bundle.id}/betaAppClipInvocations?include=${TITLES}`;
  const answer = await call('GET', path);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const sentences = async () => {
  const { body } = await bench.call('GET', `/api/activity?app=${app.id}`);
  const plain = (part: unknown) => (typeof part === 'string' ? part : (part as { name: string }).name);
  return body.data.map(({ sentence }: { sentence: unknown[] }) => sentence.map(plain).join(''));
};
const undo = (id: string) => bench.call('POST', `/api/activity/${id}/undo`, { as: 'manager' });

describe('addresses of an App Clip', () => {
  it('are added with their titles in one request, told in a sentence, and taken back', async () => {
    const answer = await create('https://kelp.example.com/menu', { 'en-US': 'Menu', 'de-DE': 'Karte' });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    const [one] = held();
    expect(one?.attributes.url).toBe('https://kelp.example.com/menu');
    expect(titlesOf(one as Resource)).toEqual(['de-DE Karte', 'en-US Menu']);
    const { data, included } = await list();
    expect([data.length, included.length]).toEqual([1, 2]);
    expect((await sentences())[0]).toBe(
      `created an App Clip address https://kelp.example.com/menu in ${app.attributes.name}`,
    );
    expect((await undo(answer.body.meta.auditId)).status).toBe(200);
    expect(held()).toEqual([]);
    expect((await list()).data).toEqual([]);
  });

  it('are changed, and taken back; a title is added, changed and removed, and the list is read anew', async () => {
    const { body } = await create();
    const { id } = body.data;
    const url = (address: string) => ({
      data: { type: 'betaAppClipInvocations', id, attributes: { url: address } },
    });
    const changed = await call(
      'PATCH',
      at(`betaAppClipInvocations/${id}`),
      url('https://kelp.example.com/new'),
    );
    expect([changed.status, held()[0]?.attributes.url]).toEqual([200, 'https://kelp.example.com/new']);
    expect((await undo(changed.body.meta.auditId)).status).toBe(200);
    expect(held()[0]?.attributes.url).toBe('https://kelp.example.com/menu');

    await list();
    const added = await call('POST', at(TITLES), {
      data: {
        type: TITLES,
        attributes: { locale: 'ja', title: '地図' },
        relationships: { betaAppClipInvocation: { data: { type: 'betaAppClipInvocations', id } } },
      },
    });
    expect(added.status, JSON.stringify(added.body)).toBe(201);
    expect((await list()).included).toHaveLength(2);
    expect((await sentences())[0]).toBe(
      `added a title (ja) to an App Clip address in ${app.attributes.name}`,
    );
    const titleId = added.body.data.id;
    const title = { data: { type: TITLES, id: titleId, attributes: { title: '店' } } };
    expect((await call('PATCH', at(`${TITLES}/${titleId}`), title)).status).toBe(200);
    expect(titlesOf(held()[0] as Resource)).toContain('ja 店');
    expect((await sentences())[0]).toMatch(/^changed a title (?:\(ja\) )?of an App Clip address in /);
    expect((await call('DELETE', at(`${TITLES}/${titleId}`))).status).toBe(200);
    expect((await list()).included).toHaveLength(1);
    expect((await call('DELETE', at(`betaAppClipInvocations/${id}`))).status).toBe(200);
    expect(held()).toEqual([]);
    expect((await sentences())[0]).toMatch(/^deleted the App Clip address https:/);
  });

  it('are not changed nor removed where somebody else has changed them since they were seen', async () => {
    const { body } = await create('https://kelp.example.com/menu', { 'en-US': 'Menu', ja: '店' });
    const { id } = body.data;
    const [one] = held();
    if (!one) throw new Error('the address is there');
    const japanese = store()
      .related(one, TITLES)
      .find(({ attributes }) => attributes.locale === 'ja');
    if (!japanese) throw new Error('the title is there');
    const of = { type: 'betaAppClipInvocations', id };
    const changeTitle = (title: string, seen: string) =>
      call('PATCH', at(`${TITLES}/${japanese.id}`), {
        data: { type: TITLES, id: japanese.id, attributes: { title } },
        meta: { expect: { title: seen }, of },
      });
    expect((await changeTitle('地図', '店')).status).toBe(200);
    store().update(japanese, { title: 'Theirs' });
    const stale = await changeTitle('Mine', '地図');
    expect([stale.status, stale.body.errors[0]]).toEqual([
      409,
      expect.objectContaining({
        code: 'FLIGHTDECK.STALE',
        meta: expect.objectContaining({ actual: { title: 'Theirs' } }),
      }),
    ]);
    const remove = (path: string, meta: object) => call('DELETE', at(path), { meta });
    const kept = await remove(`${TITLES}/${japanese.id}`, { expect: { title: '地図' }, of });
    expect([kept.status, kept.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    expect(titlesOf(one)).toEqual(['en-US Menu', 'ja Theirs']);
    const address = await remove(`betaAppClipInvocations/${id}`, { expect: { url: 'https://other' } });
    expect([address.status, held()]).toEqual([409, [one]]);
    store().remove(japanese);
    const gone = await changeTitle('Mine', 'Theirs');
    expect([gone.status, gone.body.errors[0].code]).toEqual([404, 'FLIGHTDECK.GONE']);
    const whole = { expect: { url: 'https://kelp.example.com/menu' } };
    expect((await remove(`betaAppClipInvocations/${id}`, { ...whole, of: {} })).status).toBe(400);
    expect((await remove(`betaAppClipInvocations/${id}`, whole)).status).toBe(200);
  });

  it('whose title somebody else has changed keep it when its making is taken back', async () => {
    const { body } = await create();
    const added = await call('POST', at(TITLES), {
      data: {
        ...{ type: TITLES, attributes: { locale: 'ja', title: '地図' } },
        relationships: {
          betaAppClipInvocation: { data: { type: 'betaAppClipInvocations', id: body.data.id } },
        },
      },
    });
    const title = store().get(TITLES, added.body.data.id) as Resource;
    store().update(title, { title: 'Theirs' });
    const refused = await undo(added.body.meta.auditId);
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    expect(titlesOf(held()[0] as Resource)).toContain('ja Theirs');
    store().update(title, { title: '地図' });
    expect((await undo(added.body.meta.auditId)).status).toBe(200);
    expect(titlesOf(held()[0] as Resource)).toEqual(['en-US Menu']);
  });

  it('are refused before sending where they are no address or have no title', async () => {
    const before = bench.sandbox.parts().requests.entries().length;
    const pointers = async (url: string, titles: Record<string, string>) =>
      (await create(url, titles)).body.errors.map(
        ({ source }: { source: { pointer: string } }) => source?.pointer,
      );
    expect(await pointers('kelp', { 'en-US': 'Menu' })).toContain('/data/attributes/url');
    expect((await create('https://kelp.example.com', {})).status).toBe(400);
    expect(await pointers('https://kelp.example.com', { 'en-US': ' ' })).toContain(
      '/included/0/attributes/title',
    );
    expect(bench.sandbox.parts().requests.entries().length).toBe(before);
  });

  it('are refused by Apple over three for a build, for what is no App Clip, and for a title that is too long', async () => {
    for (const n of [1, 2, 3]) expect((await create(`https://kelp.example.com/${n}`)).status).toBe(201);
    const fourth = await create('https://kelp.example.com/4');
    expect(fourth.status).toBe(409);
    expect(fourth.body.errors[0]).toMatchObject({
      detail: expect.stringContaining('at most 3'),
      meta: { apple: true },
    });
    expect(held()).toHaveLength(3);
    const app = [...store().all('buildBundles').values()].find(
      ({ attributes }) => attributes.bundleType === 'APP',
    );
    const wrong = await call(
      'POST',
      'betaAppClipInvocations',
      made('https://a.example.com', { ja: 'x' }, app?.id),
    );
    expect([wrong.status, wrong.body.errors[0].source.pointer]).toEqual([
      409,
      '/data/relationships/buildBundle',
    ]);
    const [{ id } = { id: '' }] = store().related(held()[0] as Resource, TITLES);
    const long = { data: { type: TITLES, id, attributes: { title: 'x'.repeat(300) } } };
    const refused = await call('PATCH', `${TITLES}/${id}`, long);
    expect([refused.status, refused.body.errors[0].source.pointer]).toEqual([409, '/data/attributes/title']);
  });

  it('are not written by who may only read, and an app that is not there is not believed', async () => {
    const forbidden = await call(
      'POST',
      at('betaAppClipInvocations'),
      made('https://a.example.com', { ja: 'x' }),
      'viewer',
    );
    expect([forbidden.status, held()]).toEqual([403, []]);
    const { body } = await call(
      'POST',
      'betaAppClipInvocations?inApp=another',
      made('https://a.example.com', { ja: 'x' }),
    );
    const [entry] = await bench.db.query<{ appId: string | null }>(
      'SELECT appId FROM auditEntries WHERE id = ?',
      [body.meta.auditId],
    );
    expect(entry?.appId).toBeNull();
  });
});

describe('domains of an App Clip', () => {
  it.each(['appClipDomainCacheStatus', 'appClipDomainDebugStatus'])('are told by %s', async (name) => {
    const status = store().relatedOne(bundle, name) as Resource;
    const domains = [{ domain: 'kelp.example.com', isValid: false, errorCode: 'TLS_ERROR' }];
    store().update(status, { domains });
    const { body } = await call('GET', `buildBundles/${bundle.id}/${name}?refresh=1`);
    expect(body.data.attributes.domains).toMatchObject(domains);
  });

  it('fail by many kinds of trouble in the programme', () => {
    const codes = [...store().all('appClipDomainStatuses').values()].flatMap(({ attributes }) =>
      (attributes.domains as { errorCode?: string }[]).flatMap(({ errorCode }) => errorCode ?? []),
    );
    expect(new Set(codes).size).toBeGreaterThan(4);
  });

  it('are told as not known where Apple has none', async () => {
    store().remove(store().relatedOne(bundle, 'appClipDomainDebugStatus') as Resource);
    const { status } = await call('GET', `buildBundles/${bundle.id}/appClipDomainDebugStatus?refresh=1`);
    expect(status).toBe(404);
  });
});
