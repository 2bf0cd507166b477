import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '@/lib/audit/verify';
import { allThatIsKept } from '@/tests/factories/all-that-is-kept';
import { type ApiBench, apiBench } from '@/tests/factories/context';

const PASSWORD_AT_APPLE = 'canary-kelp-42';
const PASSWORD_SENT = 'canary-otter-77';

let bench: ApiBench;
let appId: string;
beforeAll(async () => {
  bench = await apiBench({ seed: 9 });
  const detail = [...store().all('betaAppReviewDetails').values()][0];
  appId = String(detail?.appId);
});
afterAll(() => bench.close());
beforeEach(() => bench.sandbox.parts().faults.remove(null));

const store = () => bench.sandbox.parts().world.store;
const one = (type: string) => {
  const [found] = [...store().all(type).values()].filter((each) => each.appId === appId);
  if (!found) throw new Error(`the app has ${type}`);
  return found;
};
const patch = (type: string, id: string, attributes: object, expected?: object) =>
  bench.call('PATCH', `/api/v1/${type}/${id}`, {
    body: { data: { type, id, attributes }, ...(expected ? { meta: { expect: expected } } : {}) },
  });
const undo = (id: string) => bench.call('POST', `/api/activity/${id}/undo`);
const sentences = async () => {
  const { body } = await bench.call('GET', `/api/activity?app=${appId}`);
  const plain = (part: unknown) => (typeof part === 'string' ? part : (part as { name: string }).name);
  return body.data.map(({ sentence }: { sentence: unknown[] }) => sentence.map(plain).join(''));
};

describe('What to Test', () => {
  const build = () =>
    [...store().all('builds').values()].find(
      (each) =>
        each.appId === appId &&
        each.attributes.processingState === 'VALID' &&
        store().related(each, 'betaBuildLocalizations').length > 0,
    );
  const text = () => {
    const found = build();
    const [first] = found ? store().related(found, 'betaBuildLocalizations') : [];
    if (!found || !first) throw new Error('a build has a text');
    return { build: found, text: first };
  };
  const write = (whatsNew: string) => patch('betaBuildLocalizations', text().text.id, { whatsNew });

  it('is written, told in a sentence, and taken back', async () => {
    const { text: held } = text();
    const before = held.attributes.whatsNew;
    const answer = await write('Try the map.');
    expect([answer.status, held.attributes.whatsNew]).toEqual([200, 'Try the map.']);
    expect((await sentences())[0]).toMatch(/^changed What to Test/);
    expect((await undo(answer.body.meta.auditId)).status).toBe(200);
    expect(held.attributes.whatsNew).toBe(before);
  });

  it('of emoji, of “<” and of over 4,000 characters is refused before anything is sent, at its place', async () => {
    bench.upstream();
    for (const wrong of ['Try it 🗺️', 'a < b', 'x'.repeat(4001)]) {
      const answer = await write(wrong);
      expect([answer.status, answer.body.errors[0].source.pointer]).toEqual([
        400,
        '/data/attributes/whatsNew',
      ]);
    }
    expect(bench.upstream()).toBe(0);
  });

  it('of over 4,000 bytes is App Store Connect’s to refuse, in its own words', async () => {
    const answer = await write('é'.repeat(2001));
    expect([answer.status, answer.body.errors[0].code, answer.body.errors[0].source.pointer]).toEqual([
      409,
      'ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG',
      '/data/attributes/whatsNew',
    ]);
    expect(answer.body.errors[0].meta.apple).toBe(true);
  });

  it('that somebody else has changed meanwhile is not overwritten: both texts are told', async () => {
    const { text: held } = text();
    const seen = held.attributes.whatsNew;
    store().update(held, { whatsNew: 'Theirs.' });
    const answer = await patch('betaBuildLocalizations', held.id, { whatsNew: 'Mine.' }, { whatsNew: seen });
    expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    expect(answer.body.errors[0].meta).toMatchObject({
      actual: { whatsNew: 'Theirs.' },
      requested: { whatsNew: 'Mine.' },
    });
    expect(held.attributes.whatsNew).toBe('Theirs.');
    // Our copy has learnt of it.
    const copy = await bench.db.query('SELECT whatsNew FROM betaBuildLocalizations WHERE id = ?', [held.id]);
    expect(copy).toEqual([{ whatsNew: 'Theirs.' }]);
  });

  it('in a further language is made and removed again, each with a way back; a second of it is refused', async () => {
    const { build: held } = text();
    const taken = store()
      .related(held, 'betaBuildLocalizations')
      .map((each) => each.attributes.locale);
    const locale = ['vi', 'th', 'el'].find((each) => !taken.includes(each));
    const create = () =>
      bench.call('POST', '/api/v1/betaBuildLocalizations', {
        body: {
          data: {
            type: 'betaBuildLocalizations',
            attributes: { locale, whatsNew: 'מפה' },
            relationships: { build: { data: { type: 'builds', id: held.id } } },
          },
        },
      });
    const made = await create();
    expect(made.status).toBe(201);
    const again = await create();
    expect([again.status, again.body.errors[0].source.pointer]).toEqual([409, '/data/attributes/locale']);
    const removed = await bench.call('DELETE', `/api/v1/betaBuildLocalizations/${made.body.data.id}`);
    expect(removed.status).toBe(200);
    expect((await undo(removed.body.meta.auditId)).status).toBe(200);
    const back = store()
      .related(held, 'betaBuildLocalizations')
      .find((each) => each.attributes.locale === locale);
    expect(back?.attributes.whatsNew).toBe('מפה');
  });
});

describe('test information', () => {
  const address = () => `/api/v1/apps/${appId}/betaAppLocalizations`;

  it('is changed in one language, told in a sentence, taken back, and read anew by whoever asks next', async () => {
    const held = one('betaAppLocalizations');
    const before = held.attributes.description;
    await bench.call('GET', address());
    const answer = await patch(
      'betaAppLocalizations',
      held.id,
      { description: 'What we are up to.' },
      { description: before },
    );
    expect([answer.status, held.attributes.description]).toEqual([200, 'What we are up to.']);
    expect((await bench.call('GET', address())).text).toContain('What we are up to.');
    expect((await sentences())[0]).toMatch(/^changed Description of test information/);
    expect((await undo(answer.body.meta.auditId)).status).toBe(200);
    expect(held.attributes.description).toBe(before);
  });

  it('is checked before it is sent, each fault at its field', async () => {
    const { id } = one('betaAppLocalizations');
    bench.upstream();
    const faults = [{ feedbackEmail: 'nobody' }, { description: 'x'.repeat(4001) }];
    for (const wrong of faults) {
      const answer = await patch('betaAppLocalizations', id, wrong);
      const [name] = Object.keys(wrong);
      expect([answer.status, answer.body.errors[0].source.pointer]).toEqual([
        400,
        `/data/attributes/${name}`,
      ]);
    }
    expect(bench.upstream()).toBe(0);
    const address = await patch('betaAppLocalizations', id, { marketingUrl: 'example' });
    expect([address.status >= 400, address.body.errors[0].source.pointer]).toEqual([
      true,
      '/data/attributes/marketingUrl',
    ]);
  });

  it('keeps its primary language, in App Store Connect’s words', async () => {
    const app = store().get('apps', appId);
    const primary = app
      ? store()
          .related(app, 'betaAppLocalizations')
          .find((each) => each.attributes.locale === app.attributes.primaryLocale)
      : undefined;
    const answer = await bench.call('DELETE', `/api/v1/betaAppLocalizations/${primary?.id}`);
    expect([answer.status, answer.body.errors[0].meta.apple]).toEqual([409, true]);
    expect(store().get('betaAppLocalizations', primary?.id ?? '')).toBeDefined();
  });

  it('in a further language is made and removed, and an undo brings all of it back', async () => {
    const app = store().get('apps', appId);
    const locales = () =>
      app
        ? store()
            .related(app, 'betaAppLocalizations')
            .map((each) => each.attributes)
        : [];
    const locale = ['vi', 'th', 'el'].find((each) => !locales().some((one) => one.locale === each));
    const texts = { description: 'Mới', feedbackEmail: 'beta@example.com', tvOsPrivacyPolicy: 'None.' };
    const made = await bench.call('POST', '/api/v1/betaAppLocalizations', {
      body: {
        data: {
          type: 'betaAppLocalizations',
          attributes: { locale, ...texts },
          relationships: { app: { data: { type: 'apps', id: appId } } },
        },
      },
    });
    expect(made.status).toBe(201);
    const path = `/api/v1/betaAppLocalizations/${made.body.data.id}`;
    const held = store().get('betaAppLocalizations', made.body.data.id);
    if (!held) throw new Error('the language is there');
    store().update(held, { privacyPolicyUrl: 'https://theirs.example.com' });
    const seen = { meta: { expect: { ...texts, privacyPolicyUrl: null } } };
    for (const refused of [
      await bench.call('DELETE', path, { body: seen }),
      await undo(made.body.meta.auditId),
    ])
      expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    store().update(held, { privacyPolicyUrl: null });
    const removed = await bench.call('DELETE', path, { body: seen });
    expect(removed.status, removed.text).toBe(200);
    expect(locales().some((one) => one.locale === locale)).toBe(false);
    expect((await sentences())[0]).toMatch(new RegExp(`^deleted test information \\(${locale}\\) of `));
    expect((await undo(removed.body.meta.auditId)).status).toBe(200);
    expect(locales().find((one) => one.locale === locale)).toMatchObject(texts);
  });

  it('has a licence that is changed and taken back', async () => {
    const held = one('betaLicenseAgreements');
    const before = held.attributes.agreementText ?? null;
    const answer = await patch('betaLicenseAgreements', held.id, { agreementText: 'Be kind.' });
    expect([answer.status, held.attributes.agreementText]).toEqual([200, 'Be kind.']);
    await undo(answer.body.meta.auditId);
    expect(held.attributes.agreementText ?? null).toBe(before);
  });

  it('is for managers to change, and a viewer’s refusal causes no request', async () => {
    const { id } = one('betaAppLocalizations');
    bench.upstream();
    const body = { data: { type: 'betaAppLocalizations', id, attributes: { description: 'x' } } };
    for (const as of ['viewer', 'triager'] as const)
      expect((await bench.call('PATCH', `/api/v1/betaAppLocalizations/${id}`, { as, body })).status).toBe(
        403,
      );
    expect(bench.upstream()).toBe(0);
  });
});

it('never lets the password of the demo account in: not into answers, store, drafts, trail, log or export', async () => {
  const held = one('betaAppReviewDetails');
  store().update(held, { demoAccountPassword: PASSWORD_AT_APPLE, demoAccountName: 'ann' });
  const answers: string[] = [];
  const ask = async (...args: Parameters<ApiBench['call']>) => {
    const answer = await bench.call(...args);
    answers.push(answer.text);
    return answer;
  };
  const read = await ask('GET', `/api/v1/apps/${appId}/betaAppReviewDetail?refresh=1`);
  expect(read.body.data).toMatchObject({
    attributes: { demoAccountName: 'ann' },
    meta: { isSet: ['demoAccountPassword'] },
  });
  await ask('GET', `/api/v1/betaAppReviewDetails?filter[app]=${appId}&include=app`);
  await ask('GET', `/api/v1/betaAppReviewDetails/${held.id}`);
  await ask('GET', `/api/v1/apps/${appId}?include=betaAppReviewDetail&refresh=1`);
  const fields = 'fields[betaAppReviewDetails]=demoAccountPassword';
  await ask('GET', `/api/v1/betaAppReviewDetails/${held.id}?${fields}`);
  // An expectation is compared with what Apple has, and told when it differs.
  await ask('PATCH', `/api/v1/betaAppReviewDetails/${held.id}`, {
    body: {
      data: { type: 'betaAppReviewDetails', id: held.id, attributes: { notes: 'n' } },
      meta: { expect: { demoAccountPassword: 'guess' } },
    },
  });
  const sent = await ask('PATCH', `/api/v1/betaAppReviewDetails/${held.id}`, {
    body: {
      data: {
        type: 'betaAppReviewDetails',
        id: held.id,
        attributes: { demoAccountPassword: PASSWORD_SENT, notes: 'Tap twice.' },
      },
    },
  });
  expect([sent.status, held.attributes.demoAccountPassword]).toEqual([200, PASSWORD_SENT]);
  expect((await undo(sent.body.meta.auditId)).status).toBe(409);
  const draft = { key: `review-contact/${appId}`, value: { demoAccountPassword: PASSWORD_SENT } };
  expect((await ask('PUT', '/api/drafts', { body: draft })).status).toBe(422);
  bench.sandbox.parts().faults.add({ kind: 'status', status: 500 });
  await ask('GET', `/api/v1/apps/${appId}/betaAppReviewDetail?refresh=1`);
  bench.sandbox.parts().faults.remove(null);
  await ask('GET', `/api/activity?app=${appId}`);
  const places = {
    kept: await allThatIsKept(bench.db),
    logged: bench.logged.join(''),
    answers: answers.join(''),
  };
  for (const [place, text] of Object.entries(places))
    for (const secret of [PASSWORD_AT_APPLE, PASSWORD_SENT])
      expect([place, secret, text.includes(secret)]).toEqual([place, secret, false]);
  expect(places.kept).toContain('Tap twice.');
  expect(await verifyChain(bench.db)).toMatchObject({ isWhole: true });
});
