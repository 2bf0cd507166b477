import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TEXT_LOCALES } from '@/lib/format/languages';
import type { Resource } from '@/lib/sandbox/engine/resource';
import { type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
let build: Resource;
beforeAll(async () => {
  bench = await apiBench({ seed: 9 });
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.sandbox.parts().faults.remove(null);
  const found = [...store().all('builds').values()].find(
    ({ attributes }) => attributes.processingState === 'VALID' && attributes.expired !== true,
  );
  if (!found) throw new Error('The programme has a build.');
  build = found;
  for (const text of held()) store().remove(text);
  await aMinuteLater();
});

/** What was just made is given a minute before its absence is believed. */
const aMinuteLater = () =>
  bench.db.write([{ sql: 'UPDATE betaBuildLocalizations SET fetchedAt = fetchedAt - 61000', params: [] }]);
const store = () => bench.sandbox.parts().world.store;
const held = () => store().related(build, 'betaBuildLocalizations');
const texts = () =>
  Object.fromEntries(held().map(({ attributes }) => [attributes.locale, attributes.whatsNew]));
type Change =
  | { kind: 'write'; locale: string; whatsNew: string | null; expect: string | null }
  | { kind: 'remove'; locale: string; expect: string | null };
const put = (changes: readonly Change[], as: 'viewer' | 'manager' = 'manager') =>
  bench.call('PUT', `/api/programme/builds/${build.id}/notes`, { as, body: { changes } });
const write = (locale: string, whatsNew: string | null, expect: string | null = null): Change => ({
  ...{ kind: 'write', locale, whatsNew, expect },
});
const undo = (id: string) => bench.call('POST', `/api/activity/${id}/undo`, { as: 'manager' });

describe('What to Test of one build as its form holds it', () => {
  it('takes one read and at most one write for each of 28 languages, and nothing where all is so already', async () => {
    const all = TEXT_LOCALES.map((locale) => write(locale, `New in ${locale}.`));
    bench.upstream();
    const answer = await put(all);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(bench.upstream()).toBe(29);
    expect(texts()).toEqual(Object.fromEntries(TEXT_LOCALES.map((locale) => [locale, `New in ${locale}.`])));
    expect(new Set(answer.body.data.map(({ auditId }: { auditId: string }) => auditId)).size).toBe(28);
    bench.upstream();
    const again = await put(all);
    expect(bench.upstream()).toBe(1);
    expect(again.body.data[0]).toMatchObject({ status: 'done', auditId: null, id: expect.any(String) });
  });

  it('is made, changed and removed, each with a way back', async () => {
    const [made] = (await put([write('ja', '地図')])).body.data;
    const [changed] = (await put([write('ja', '店', '地図')])).body.data;
    expect([texts(), changed.id]).toEqual([{ ja: '店' }, made.id]);
    expect((await undo(changed.auditId)).status).toBe(200);
    expect(texts()).toEqual({ ja: '地図' });
    const [removed] = (await put([{ kind: 'remove', locale: 'ja', expect: '地図' }])).body.data;
    expect(texts()).toEqual({});
    expect((await undo(removed.auditId)).status).toBe(200);
    expect(texts()).toEqual({ ja: '地図' });
  });

  it('that others have written into since is not deleted by taking back its making', async () => {
    const [made] = (await put([write('ja', '地図')])).body.data;
    const text = held()[0] as Resource;
    store().update(text, { whatsNew: 'Theirs.' });
    const refused = await undo(made.auditId);
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    expect(texts()).toEqual({ ja: 'Theirs.' });
    store().update(text, { whatsNew: '地図' });
    expect((await undo(made.auditId)).status).toBe(200);
    expect(texts()).toEqual({});
  });

  it('is not written over what somebody else has written, and one refusal takes none of the others along', async () => {
    await put([write('ja', '地図'), write('th', 'แผนที่')]);
    const [japanese, thai] = ['ja', 'th'].map((locale) =>
      held().find(({ attributes }) => attributes.locale === locale),
    ) as [Resource, Resource];
    store().update(japanese, { whatsNew: 'Theirs.' });
    store().remove(thai);
    await aMinuteLater();
    const { body } = await put([
      write('ja', 'Mine.', '地図'),
      write('th', 'Mine.', 'แผนที่'),
      write('vi', 'é'.repeat(2001)),
      write('de-DE', 'Die Karte.'),
    ]);
    expect(body.data).toMatchObject([
      {
        ...{ locale: 'ja', status: 'refused', code: 409, id: japanese.id },
        errors: [{ code: 'FLIGHTDECK.STALE', meta: { actual: { whatsNew: 'Theirs.' } } }],
      },
      { locale: 'th', status: 'refused', code: 404, errors: [{ code: 'FLIGHTDECK.GONE' }] },
      {
        ...{ locale: 'vi', status: 'refused', code: 409 },
        errors: [{ source: { pointer: '/data/attributes/whatsNew' }, meta: { apple: true } }],
      },
      { locale: 'de-DE', status: 'done' },
    ]);
    expect(texts()).toEqual({ ja: 'Theirs.', 'de-DE': 'Die Karte.' });
  });

  it('is not written over, nor removed, where somebody else has written while languages before it were sent', async () => {
    await put([write('de-DE', 'Karte'), write('ja', '地図'), write('th', 'แผนที่')]);
    bench.sandbox.parts().faults.add({
      ...{ kind: 'slow', ms: 1500, count: 1 },
      ...{ method: 'PATCH', route: '/v1/betaBuildLocalizations/{id}' },
    });
    const begun = async () =>
      (await bench.db.query("SELECT 1 FROM auditEntries WHERE status = 'pending'")).length;
    const mine = put([
      write('de-DE', 'Die Karte.', 'Karte'),
      write('ja', 'Mine.', '地図'),
      { kind: 'remove', locale: 'th', expect: 'แผนที่' },
    ]);
    await expect.poll(begun).toBe(1);
    const theirs = await put([write('ja', 'Theirs.', '地図'), write('th', 'Theirs.', 'แผนที่')]);
    expect(theirs.body.data).toMatchObject([{ status: 'done' }, { status: 'done' }]);
    const stale = { status: 'refused', errors: [{ code: 'FLIGHTDECK.STALE' }] };
    expect((await mine).body.data).toMatchObject([{ status: 'done' }, stale, stale]);
    expect(texts()).toEqual({ 'de-DE': 'Die Karte.', ja: 'Theirs.', th: 'Theirs.' });
  });

  it('is refused whole where it is wrong, forbidden, or the build is gone', async () => {
    expect((await put([write('ja', 'x')], 'viewer')).status).toBe(403);
    const wrong = await put([write('ja', 'Try it 🗺️')]);
    expect([wrong.status, wrong.body.errors[0].source.pointer]).toEqual([400, '/changes/0/whatsNew']);
    expect((await put([write('ja', 'x'), write('ja', 'y')])).status).toBe(400);
    expect((await put([])).status).toBe(400);
    bench.sandbox
      .parts()
      .faults.add({ kind: 'status', status: 404, method: 'GET', route: '/v1/builds/{id}' });
    expect((await put([write('ja', 'x')])).status).toBe(404);
    expect(texts()).toEqual({});
  });
});
