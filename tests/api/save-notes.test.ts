import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TEXT_LOCALES } from '@/lib/format/languages';
import { readItems, readJob } from '@/lib/jobs/rows';
import { newJobBody, startJob } from '@/lib/services/jobs/start';
import { getJob } from '@/lib/services/jobs/views';
import { refreshResource } from '@/lib/services/resources/refresh';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
let builds: { id: string; name: string }[];
beforeAll(async () => {
  bench = await peopleBench({ seed: 4 });
  await bench.mirror();
  const rows = await bench.db.query<{ id: string; trainVersion: string; version: string; platform: string }>(
    "SELECT id, trainVersion, version, platform FROM builds WHERE appId = ? AND processingState = 'VALID' ORDER BY id",
    [bench.appId],
  );
  builds = rows.map(({ id, trainVersion, version, platform }) => ({
    id,
    name: `${trainVersion}/${version}/${platform}`,
  }));
});
afterAll(() => bench.close());
afterEach(() => bench.sandbox.parts().faults.remove(null));

const store = () => bench.sandbox.parts().world.store;
const asked = () => bench.sandbox.parts().requests.count;
const at = (index: number) => {
  const build = builds[index];
  if (!build) throw new Error('the app has so many builds');
  return build;
};
const held = (buildId: string) => {
  const build = store().get('builds', buildId);
  if (!build) throw new Error('the build is at Apple');
  return build;
};
const texts = (buildId: string) => {
  const found = store().related(held(buildId), 'betaBuildLocalizations');
  return Object.fromEntries(found.map(({ attributes }) => [attributes.locale, attributes.whatsNew]));
};
const start = (input: object, more: object = {}) =>
  startJob(bench.ctx, newJobBody.parse({ kind: 'save-notes', appId: bench.appId, input, ...more }));
const itemsOf = (id: string) => readItems(bench.db, id, { status: [], after: -1, limit: 200 });
const outcomes = async (id: string) =>
  (await itemsOf(id)).map(({ label, status, errorCode }) => [label, status, errorCode]);
const lines = async (id: string) => {
  const { sentence, rest } = await getJob(bench.ctx, id);
  return [sentence.map((part) => (typeof part === 'string' ? part : part.name)).join(''), rest];
};

describe('texts of What to Test, as one job', () => {
  beforeEach(() => {
    for (const text of [...store().all('betaBuildLocalizations').values()])
      if (text.attributes.locale === 'en-US') store().update(text, { whatsNew: 'Before.' });
  });

  it('in all 28 languages of one build take at most 28 writes and one read', async () => {
    const all = Object.fromEntries(TEXT_LOCALES.map((locale) => [locale, `New in ${locale}.`]));
    const before = asked();
    const { id } = await start({ builds: [at(0).name], texts: all });
    await bench.run(id);
    expect(asked() - before).toBeLessThanOrEqual(29);
    expect(texts(at(0).id)).toEqual(all);
    expect((await readJob(bench.db, id))?.done).toBe(28);
    const here = await bench.db.query(
      'SELECT 1 FROM betaBuildLocalizations WHERE accountId = ? AND buildId = ?',
      [ACCOUNT, at(0).id],
    );
    expect(here).toHaveLength(28);
    expect(await lines(id)).toEqual([expect.stringMatching(/^wrote 28 texts of What to Test for iOS /), '']);
    const again = await start({ builds: [at(0).id], texts: all });
    const writes = asked();
    await bench.run(again.id);
    expect([asked() - writes, (await readJob(bench.db, again.id))?.skipped]).toEqual([0, 28]);
  });

  it('become what they are for each build, and are refused where they stand for nothing there', async () => {
    const { id } = await start({
      ...{ builds: [at(1).id, at(2).id], variables: true },
      texts: { 'en-US': 'This is {version} ({build}).' },
    });
    await bench.run(id);
    const written = [1, 2].map((index) => texts(at(index).id)['en-US']);
    expect(written).toEqual(
      [1, 2].map((index) => {
        const [version, number] = at(index).name.split('/');
        return `This is ${version} (${number}).`;
      }),
    );
    // Braces without the wish to fill them in are braces.
    const plain = await start({ builds: [at(1).id], texts: { 'en-US': '{version}' } });
    await bench.run(plain.id);
    expect(texts(at(1).id)['en-US']).toBe('{version}');
    const refused = await start({
      ...{ builds: [at(1).id], variables: true },
      texts: { 'en-US': 'About {versoin}', ja: `${'x'.repeat(3_990)}{date}` },
    }).catch(({ problems }: { problems: readonly object[] }) => problems);
    expect(refused).toEqual([
      expect.objectContaining({
        source: { pointer: '/input/texts/en-US' },
        detail: expect.stringContaining('{versoin} stands for nothing'),
      }),
      expect.objectContaining({
        source: { pointer: '/input/texts/ja' },
        detail: expect.stringContaining('4,000'),
      }),
    ]);
  });

  it('of several builds each get an outcome, and one refusal takes none of the others along', async () => {
    const { id } = await start({
      builds: [at(1).id, at(2).id],
      texts: { 'en-US': 'Try the map.', ja: 'é'.repeat(2001) },
    });
    await bench.run(id);
    const found = await outcomes(id);
    expect(found.map(([, status]) => status)).toEqual(['done', 'failed', 'done', 'failed']);
    expect(found[1]).toEqual([
      expect.stringMatching(/, Japanese$/),
      'failed',
      'ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG',
    ]);
    for (const index of [1, 2]) expect(texts(at(index).id)['en-US']).toBe('Try the map.');
    expect((await lines(id))[1]).toBe('2 were refused');
    const trail = await bench.db.query<{ status: string; before: string | null }>(
      'SELECT status, before FROM auditEntries WHERE jobId = ? ORDER BY seq',
      [id],
    );
    expect(trail.map(({ status }) => status).toSorted()).toEqual([
      'failed',
      'failed',
      'succeeded',
      'succeeded',
    ]);
  });

  it('as a dry run send nothing and hold the plan', async () => {
    const was = texts(at(3).id);
    const before = asked();
    const { id } = await start(
      { builds: [at(3).id], texts: { 'en-US': 'Planned.', vi: 'Mới' } },
      { dryRun: true },
    );
    await bench.run(id);
    expect(asked() - before).toBe(1);
    expect(texts(at(3).id)).toEqual(was);
    const items = await itemsOf(id);
    expect(items.map(({ errorCode, errorDetail }) => [errorCode, errorDetail])).toContainEqual([
      'FLIGHTDECK.PLANNED',
      'Would add the language.',
    ]);
    expect(items[0]?.payload).toMatchObject({ buildId: at(3).id, whatsNew: 'Planned.' });
    expect((await lines(id))[1]).toBe('nothing was sent');
  });

  it('that somebody else has changed since are not overwritten', async () => {
    const { id } = await start({ builds: [at(1).id], texts: { 'en-US': 'Mine.' } });
    const [item] = await itemsOf(id);
    const textId = String((item?.payload as { id?: string } | undefined)?.id);
    const theirs = store().get('betaBuildLocalizations', textId);
    if (!theirs) throw new Error('the text is at Apple');
    store().update(theirs, { whatsNew: 'Theirs.' });
    // As a sync or a page that was opened has seen it since.
    await refreshResource(bench.ctx, {
      accountId: ACCOUNT,
      type: 'betaBuildLocalizations',
      id: textId,
      appId: bench.appId,
    });
    await bench.run(id);
    expect(await outcomes(id)).toEqual([[expect.any(String), 'failed', 'FLIGHTDECK.STALE']]);
    expect(texts(at(1).id)['en-US']).toBe('Theirs.');
  });

  it.each([
    ['the same text', 'ko', 'Mine.', 'skipped', 'FLIGHTDECK.ALREADY'],
    ['no text', 'hi', null, 'done', null],
    ['another text', 'cs', 'Theirs.', 'failed', 'FLIGHTDECK.STALE'],
  ])('in a language that somebody has added since with %s do what they can', async (...row) => {
    const [, locale, theirs, status, code] = row;
    const { id: buildId } = at(3);
    expect(texts(buildId)[locale]).toBeUndefined();
    const { id } = await start({ builds: [buildId], texts: { [locale]: 'Mine.' } });
    const added = { type: 'betaBuildLocalizations', id: `added-${locale}`, appId: bench.appId };
    const attributes = { locale, whatsNew: theirs };
    store().insert({ ...added, attributes, relationships: { build: buildId } });
    await bench.run(id);
    expect(await outcomes(id)).toEqual([[expect.any(String), status, code]]);
    expect(texts(buildId)[locale]).toBe(theirs ?? 'Mine.');
    const trail = await bench.db.query<{ action: string; status: string }>(
      'SELECT action, status FROM auditEntries WHERE jobId = ? ORDER BY seq',
      [id],
    );
    const sent = trail.map((one) => `${one.action} ${one.status}`);
    expect(sent).toEqual(['create failed', ...(theirs === null ? ['update succeeded'] : [])]);
  });

  it('whose answer was lost are read back, not written twice', async () => {
    bench.sandbox.parts().faults.add({ kind: 'drop', when: 'after', method: 'POST', count: 1 });
    const { id } = await start({ builds: [at(2).id], texts: { th: 'ลองแผนที่' } });
    await bench.run(id);
    expect((await outcomes(id)).map(([, status]) => status)).toEqual(['done']);
    expect(texts(at(2).id).th).toBe('ลองแผนที่');
  });

  it.each([
    [{ builds: ['0/0/IOS'], texts: { ja: 'x' } }, 404],
    [{ builds: ['1/2/3/4'], texts: { ja: 'x' } }, 400],
  ])('of %j are refused', async (input, status) => {
    await expect(start(input)).rejects.toMatchObject({ status });
  });

  it.each([
    { builds: [], texts: { ja: 'x' } },
    { builds: ['1'], texts: {} },
    { builds: ['1'], texts: { ja: ' \n' } },
    { builds: ['1'], texts: { ja: 'x'.repeat(4001) } },
    { builds: ['1'], texts: { ja: 'a < b' } },
    { builds: ['1'], texts: { 'no locale': 'x' } },
  ])('of %j are no input', (input) => {
    expect(newJobBody.safeParse({ kind: 'save-notes', appId: '1', input }).success).toBe(false);
  });

  it('are for managers', async () => {
    const body = newJobBody.parse({
      kind: 'save-notes',
      appId: bench.appId,
      input: { builds: [at(1).id], texts: { ja: 'x' } },
    });
    await expect(startJob(bench.ctxAs('triager'), body)).rejects.toThrow(/role manager/);
  });
});
