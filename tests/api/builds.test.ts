import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Resource } from '@/lib/sandbox/engine/resource';
import { readAfresh } from '@/lib/services/resources/refresh';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
let build: Resource;
let app: Resource;

beforeEach(async () => {
  bench = await apiBench({ seed: 11 });
  app = [...store().all('apps').values()][0] as Resource;
  readyForReview();
  build = await uploaded();
});
afterEach(() => bench.close());

const store = () => bench.sandbox.parts().world.store;
const held = (id = build.id) => store().get('builds', id) as Resource;
const linkedTo = (name: string) => [...store().relatedIds(held(), name)];
const detail = (id = build.id) => store().relatedOne(held(id), 'buildBetaDetail') as Resource;
const external = () => detail().attributes.externalBuildState;
const groupOf = (isInternal: boolean, hasAll = false) =>
  store()
    .related(app, 'betaGroups')
    .find(
      ({ attributes }) =>
        attributes.isInternalGroup === isInternal && (attributes.hasAccessToAllBuilds === true) === hasAll,
    ) as Resource;

/** Texts and contact complete, and nothing of the app in review. */
function readyForReview(): void {
  for (const text of store().related(app, 'betaAppLocalizations'))
    store().update(text, { description: 'A fine app', feedbackEmail: 'beta@example.com' });
  const contact = store().relatedOne(app, 'betaAppReviewDetail') as Resource;
  store().update(contact, {
    ...{ contactFirstName: 'A', contactLastName: 'B', contactPhone: '+351 1', contactEmail: 'a@example.com' },
    demoAccountRequired: false,
  });
  for (const submission of store().all('betaAppReviewSubmissions').values())
    if (submission.attributes.betaReviewState !== 'APPROVED') store().remove(submission);
}

const control = async (path: string, body: object) =>
  (await (
    await fetch(`${bench.sandbox.baseUrl}/sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) })
  ).json()) as { id: string };
const event = (body: object) => control('events', body);

/** A new build as Apple has it once it is processed, read by Flightdeck as if it were opened. */
async function uploaded(attributes: object = {}): Promise<Resource> {
  const { id } = await event({ kind: 'upload', appId: app.id, attributes });
  await event({ kind: 'finish-processing', buildId: id });
  await mirror(id);
  return held(id);
}

/** Reads a build into the mirror, as the sync does. */
async function mirror(id: string): Promise<void> {
  const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'mirror');
  await readAfresh(ctx, { accountId: ACCOUNT, type: 'builds', id, appId: app.id });
}

type Role = 'viewer' | 'triager' | 'manager' | 'admin';
const call = (method: string, path: string, body?: unknown, as: Role = 'manager') =>
  bench.call(method, path, { as, ...(body === undefined ? {} : { body }) });
const patch = (attributes: object, relationships?: object, as?: Role) =>
  call(
    'PATCH',
    `/api/v1/builds/${build.id}`,
    { data: { type: 'builds', id: build.id, attributes, ...(relationships ? { relationships } : {}) } },
    as,
  );
const link = (
  method: 'POST' | 'DELETE',
  name: 'betaGroups' | 'individualTesters',
  ids: string[],
  as?: Role,
) =>
  call(
    method,
    `/api/v1/builds/${build.id}/relationships/${name}`,
    { data: ids.map((id) => ({ type: name === 'betaGroups' ? 'betaGroups' : 'betaTesters', id })) },
    as,
  );
const make = (type: 'betaAppReviewSubmissions' | 'buildBetaNotifications', id = build.id, as?: Role) =>
  call(
    'POST',
    `/api/v1/${type}`,
    { data: { type, relationships: { build: { data: { type: 'builds', id } } } } },
    as,
  );
const autoNotify = (isOn: boolean, as?: Role) => {
  const { id } = detail();
  const data = { type: 'buildBetaDetails', id, attributes: { autoNotifyEnabled: isOn } };
  return call('PATCH', `/api/v1/buildBetaDetails/${id}`, { data }, as);
};
const undo = (answer: { body: { meta: { auditId: string } } }) =>
  call('POST', `/api/activity/${answer.body.meta.auditId}/undo`);
const here = async () => (await call('GET', `/api/v1/builds/${build.id}`)).body.data;
const sentences = async (): Promise<string[]> => {
  const { body } = await call('GET', `/api/activity?app=${app.id}`);
  const text = (part: string | { name: string }) => (typeof part === 'string' ? part : part.name);
  return body.data.map(({ sentence }: { sentence: (string | { name: string })[] }) =>
    sentence.map(text).join(''),
  );
};
const refusal = ({
  status,
  body,
}: {
  status: number;
  body: { errors: { code: string; detail: string }[] };
}) => [status, body.errors[0]?.code, body.errors[0]?.detail];

describe('a build', () => {
  it('is given to several groups at once and taken back by undo, and our copy follows', async () => {
    const groups = [groupOf(false), groupOf(true)].map(({ id }) => id);
    const before = linkedTo('betaGroups').length;
    const given = await link('POST', 'betaGroups', groups);
    expect(given.status).toBe(200);
    expect(linkedTo('betaGroups')).toEqual(expect.arrayContaining(groups));
    const ids = (await here()).meta.groups.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(expect.arrayContaining(groups));
    // Its testing began with it.
    expect((await here()).meta.internalBuildState).toBe('IN_BETA_TESTING');
    expect((await sentences())[0]).toMatch(/^added build .* to /);
    expect((await undo(given)).status).toBe(200);
    expect(linkedTo('betaGroups')).toHaveLength(before);
    await link('POST', 'betaGroups', groups);
    expect((await link('DELETE', 'betaGroups', groups)).status).toBe(200);
    expect(linkedTo('betaGroups')).toHaveLength(before);
  });

  it('is given to testers one by one and taken from them', async () => {
    const testers = store()
      .related(app, 'betaTesters')
      .slice(0, 2)
      .map(({ id }) => id);
    const given = await link('POST', 'individualTesters', testers);
    expect(given.status).toBe(200);
    expect(linkedTo('individualTesters').toSorted()).toEqual(testers.toSorted());
    const list = `/api/v1/betaTesters?filter[apps]=${app.id}&filter[builds]=${build.id}`;
    expect((await call('GET', list)).body.data).toHaveLength(2);
    expect((await link('DELETE', 'individualTesters', [testers[0] ?? ''])).status).toBe(200);
    expect((await call('GET', list)).body.data).toHaveLength(1);
    expect((await sentences()).slice(0, 2)).toEqual([
      expect.stringMatching(/^took build .* from /),
      expect.stringMatching(/^gave build .* to /),
    ]);
  });

  it('has its automatic notification switched off and on again by undo', async () => {
    const off = await autoNotify(false);
    expect([off.status, detail().attributes.autoNotifyEnabled]).toEqual([200, false]);
    expect((await here()).meta.autoNotifyEnabled).toBe(false);
    expect((await sentences())[0]).toMatch(/^switched off automatic notification of build /);
    await undo(off);
    expect(detail().attributes.autoNotifyEnabled).toBe(true);
  });

  it('expires for good: there is no undo', async () => {
    const expired = await patch({ expired: true });
    expect([expired.status, held().attributes.expired, external()]).toEqual([200, true, 'EXPIRED']);
    expect((await here()).meta.externalBuildState).toBe('EXPIRED');
    expect((await sentences())[0]).toMatch(/^expired build /);
    expect(refusal(await undo(expired)).slice(0, 2)).toEqual([409, 'FLIGHTDECK.NOT_UNDOABLE']);
    expect(refusal(await patch({ expired: false }))).toEqual([
      409,
      'STATE_ERROR.ENTITY_STATE_INVALID',
      'An expired build cannot be tested again',
    ]);
  });

  it('goes to review, gets out of it by expiring alone, and notifies by hand once it is approved', async () => {
    await link('POST', 'betaGroups', [groupOf(false).id]);
    await autoNotify(false);
    expect((await make('betaAppReviewSubmissions')).status).toBe(201);
    expect((await here()).meta).toMatchObject({
      externalBuildState: 'WAITING_FOR_BETA_REVIEW',
      betaReviewState: 'WAITING_FOR_REVIEW',
    });
    expect((await sentences())[0]).toMatch(/^submitted build .* for beta review/);
    const sibling = await uploaded();
    expect(refusal(await make('betaAppReviewSubmissions', sibling.id))).toEqual([
      422,
      'ENTITY_UNPROCESSABLE.ANOTHER_BUILD_IN_REVIEW',
      'Another build of this version is in review.',
    ]);
    await event({ kind: 'review', buildId: build.id, decision: 'APPROVED' });
    const mails = async () =>
      (await (await fetch(`${bench.sandbox.baseUrl}/sandbox/mails`)).json()) as { mails: object[] };
    const before = (await mails()).mails.length;
    expect((await make('buildBetaNotifications')).status).toBe(201);
    expect((await mails()).mails.length).toBeGreaterThan(before);
    expect(external()).toBe('IN_BETA_TESTING');
    expect((await here()).meta.externalBuildState).toBe('IN_BETA_TESTING');
    expect((await sentences())[0]).toMatch(/^notified the testers of build /);
    expect((await make('betaAppReviewSubmissions', sibling.id)).status).toBe(201);
    build = sibling;
    await patch({ expired: true });
    expect((await make('betaAppReviewSubmissions', (await uploaded()).id)).status).toBe(201);
  });
});

describe('a refusal', () => {
  const cases: readonly [
    what: string,
    act: () => Promise<Parameters<typeof refusal>[0]>,
    expected: unknown[],
  ][] = [
    [
      'of a notice while the build tells by itself',
      () => make('buildBetaNotifications'),
      [409, 'STATE_ERROR.ENTITY_STATE_INVALID', 'Auto-notify already enabled'],
    ],
    [
      'of a notice before review',
      async () => {
        await autoNotify(false);
        return make('buildBetaNotifications');
      },
      [409, 'STATE_ERROR.ENTITY_STATE_INVALID', 'Build is not in externally testable state.'],
    ],
    [
      'of an internal group that has every build',
      () => link('POST', 'betaGroups', [groupOf(true, true).id]),
      [422, 'ENTITY_UNPROCESSABLE', 'Cannot add internal group to a build.'],
    ],
    [
      'of an external group for an internal build',
      async () => {
        build = await uploaded({ buildAudienceType: 'INTERNAL_ONLY' });
        return link('POST', 'betaGroups', [groupOf(false).id]);
      },
      [422, 'ENTITY_UNPROCESSABLE', 'Build is for internal testing only.'],
    ],
    [
      'of a submission without a description',
      async () => {
        const [text] = store().related(app, 'betaAppLocalizations');
        store().update(text as Resource, { description: '' });
        return make('betaAppReviewSubmissions');
      },
      [422, 'ENTITY_UNPROCESSABLE', 'Beta App Description is missing.'],
    ],
    [
      'of a second submission',
      async () => {
        await make('betaAppReviewSubmissions');
        return make('betaAppReviewSubmissions');
      },
      [
        422,
        'ENTITY_UNPROCESSABLE.INVALID_QC_STATE',
        'The build is in state WAITING_FOR_BETA_REVIEW and cannot be submitted.',
      ],
    ],
    [
      'of non-exempt encryption without a declaration',
      async () => {
        build = await uploaded({ usesNonExemptEncryption: null });
        return patch({ usesNonExemptEncryption: true });
      },
      [
        409,
        'ENTITY_ERROR.RELATIONSHIP.REQUIRED',
        'A build that uses non-exempt encryption needs an app encryption declaration',
      ],
    ],
    [
      'of another answer to export compliance',
      () => patch({ usesNonExemptEncryption: true }),
      [
        409,
        'STATE_ERROR.ENTITY_STATE_INVALID',
        'The export compliance answer of this build cannot be changed',
      ],
    ],
  ];
  it.each(cases)('%s comes in Apple’s words and stands in the trail', async (_, act, expected) => {
    const answer = await act();
    expect(refusal(answer)).toEqual(expected);
    expect(answer.body).toMatchObject({ errors: [{ meta: { apple: true } }] });
    expect((await sentences())[0]).toMatch(/^tried to /);
  });

  it.each([
    ['groups', () => link('POST', 'betaGroups', [groupOf(false).id], 'triager')],
    ['expire', () => patch({ expired: true }, undefined, 'triager')],
    ['testers', () => link('POST', 'individualTesters', ['t'], 'triager')],
    ['notify', () => make('buildBetaNotifications', build.id, 'triager')],
    ['submit', () => make('betaAppReviewSubmissions', build.id, 'triager')],
    ['auto-notify', () => autoNotify(false, 'triager')],
  ] as const)('comes from the role table for %s', async (_, act) => {
    bench.upstream();
    expect((await act()).status).toBe(403);
    expect(bench.upstream()).toBe(0);
  });
});

describe('export compliance', () => {
  const declare = (attributes: object = {}) =>
    call('POST', '/api/v1/appEncryptionDeclarations', {
      data: {
        type: 'appEncryptionDeclarations',
        attributes: {
          appDescription: 'Encrypts notes',
          ...{ containsProprietaryCryptography: true, containsThirdPartyCryptography: false },
          availableOnFrenchStore: true,
          ...attributes,
        },
        relationships: { app: { data: { type: 'apps', id: app.id } } },
      },
    });
  const send = (id: string, bytes: Uint8Array, file = 'ccats.pdf', as: Role = 'manager') =>
    bench.call('PUT', `/api/encryption-declarations/${id}/document?name=${file}`, {
      ...{ as, body: bytes },
      headers: { 'content-type': 'application/octet-stream' },
    });
  const bytes = (size: number) => Uint8Array.from({ length: size }, (_, index) => index % 251);
  const documentOf = (id: string) =>
    store().relatedOne(
      store().get('appEncryptionDeclarations', id) as Resource,
      'appEncryptionDeclarationDocument',
    );
  const stateOf = (id: string) =>
    store().get('appEncryptionDeclarations', id)?.attributes.appEncryptionDeclarationState;

  it('is answered as exempt: the state lags, then the build gets on', async () => {
    build = await uploaded({ usesNonExemptEncryption: null });
    expect(external()).toBe('MISSING_EXPORT_COMPLIANCE');
    expect((await patch({ usesNonExemptEncryption: false })).status).toBe(200);
    expect((await here()).meta.externalBuildState).toBe('PROCESSING');
    expect((await sentences())[0]).toMatch(/^answered the export compliance of build .* as exempt$/);
    await event({ kind: 'finish-processing', buildId: build.id });
    await mirror(build.id);
    expect((await here()).meta.externalBuildState).toBe('READY_FOR_BETA_SUBMISSION');
  });

  it('is declared anew: the document goes in parts, the declaration to review, the build waits for it', async () => {
    build = await uploaded({ usesNonExemptEncryption: null });
    const { id } = (await declare()).body.data;
    const sent = await send(id, bytes(600_000));
    expect(sent.status).toBe(201);
    const document = documentOf(id);
    expect(document?.attributes).toMatchObject({
      ...{ fileName: 'ccats.pdf', fileSize: 600_000 },
      received: [1, 2, 3],
      assetDeliveryState: { state: 'COMPLETE' },
    });
    expect(stateOf(id)).toBe('IN_REVIEW');
    const declaration = { data: { type: 'appEncryptionDeclarations', id } };
    const answered = await patch(
      { usesNonExemptEncryption: true },
      { appEncryptionDeclaration: declaration },
    );
    expect(answered.status).toBe(200);
    await event({ kind: 'finish-processing', buildId: build.id });
    expect(external()).toBe('IN_EXPORT_COMPLIANCE_REVIEW');
    const attached = await call('GET', `/api/v1/builds/${build.id}/appEncryptionDeclaration`);
    expect(attached.body.data.id).toBe(id);
    expect((await sentences()).slice(0, 4)).toEqual([
      expect.stringMatching(/as not exempt$/),
      expect.stringMatching(/^sent the document of an encryption declaration/),
      expect.stringMatching(/^announced the document ccats.pdf/),
      expect.stringMatching(/^created an encryption declaration/),
    ]);
  });

  it('goes on with an upload that broke off, without reserving a second place', async () => {
    const { id } = (await declare()).body.data;
    const reservation = {
      type: 'appEncryptionDeclarationDocuments',
      attributes: { fileName: 'ccats.pdf', fileSize: 1000 },
      relationships: { appEncryptionDeclaration: { data: { type: 'appEncryptionDeclarations', id } } },
    };
    await call('POST', '/api/v1/appEncryptionDeclarationDocuments', { data: reservation });
    const place = documentOf(id)?.id;
    const other = await send(id, bytes(999));
    expect(refusal(other).slice(0, 2)).toEqual([409, 'FLIGHTDECK.OTHER_DOCUMENT']);
    expect(other.body.errors[0].detail).toContain('ccats.pdf');
    expect((await send(id, bytes(1000))).body.data).toEqual({ id: place });
    expect(stateOf(id)).toBe('IN_REVIEW');
    expect(refusal(await send(id, bytes(1000))).slice(0, 2)).toEqual([409, 'FLIGHTDECK.HAS_DOCUMENT']);
  });

  it('sends nothing to an address that is not Apple’s, nothing empty, nothing too large, nothing for whom may not', async () => {
    const { id } = (await declare()).body.data;
    expect(refusal(await send(id, bytes(0)))[1]).toBe('FLIGHTDECK.FILE.EMPTY');
    expect((await send(id, bytes(9 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await send(id, bytes(10), 'a.pdf', 'triager')).status).toBe(403);
    expect(documentOf(id)).toBeUndefined();
    bench.sandbox.parts().world.baseUrl = () => 'https://files.example.com';
    const astray = await send(id, bytes(10));
    expect([astray.status, astray.body.errors[0].detail]).toEqual([
      502,
      expect.stringContaining('leads elsewhere'),
    ]);
  });
});

describe('the lists of builds', () => {
  const list = async (query: string) =>
    (await call('GET', `/api/v1/builds?limit=200&filter[app]=${app.id}&${query}`)).body.data as {
      id: string;
      meta: Record<string, unknown>;
    }[];
  const facet = async (field: string) =>
    (await call('GET', `/api/lists/builds/facets/${field}?filter[app]=${app.id}`)).body.data.values as {
      value: string;
      count: number;
    }[];

  it('tell how builds are used by our newest reading, and are sorted by it', async () => {
    const [one, two] = [build.id, (await uploaded()).id];
    const of = { accountId: ACCOUNT, appId: app.id, readAt: 1 };
    await bench.db.write([
      bench.db.build.insertInto('buildDays').values([
        { ...of, buildId: one, day: '2026-01-01', installCount: 90, sessionCount: 3, crashCount: 0 },
        { ...of, buildId: one, day: '2026-01-02', installCount: 4, sessionCount: 10, crashCount: 5 },
        { ...of, buildId: two, day: '2026-01-02', installCount: 7, sessionCount: 10, crashCount: 1 },
      ]),
    ]);
    const order = async (sort: string) => (await list(`sort=${sort}`)).slice(0, 2).map(({ id }) => id);
    expect(await order('-installed')).toEqual([two, one]);
    expect(await order('-crashes')).toEqual([one, two]);
    expect(await order('-crashFree')).toEqual([two, one]);
    const [first] = await list('sort=-crashes');
    expect(first?.meta).toMatchObject({
      use: { day: '2026-01-02', installCount: 4, sessionCount: 10, crashCount: 5, feedbackCount: null },
      trend: [3, 10],
      individualCount: 0,
    });
  });

  it('stand in groups by version, with the heads of those that are there, and refuse any other group', async () => {
    const get = (query: string, type = 'builds') => call('GET', `/api/v1/${type}?${query}`);
    const { status, body } = await get(`limit=200&filter[app]=${app.id}&group=preReleaseVersion&closed=all`);
    expect(status).toBe(200);
    const rows = body.data as { relationships: { preReleaseVersion: { data: { id: string } } } }[];
    const trains = rows.map(({ relationships }) => relationships.preReleaseVersion.data.id);
    expect(new Set(trains).size).toBe(trains.length);
    const groups = body.meta.groups as { id: string; count: number }[];
    expect(groups.map(({ id }) => id).toSorted()).toEqual(trains.toSorted());
    const builds = groups.reduce((sum, { count }) => sum + count, 0);
    expect([body.meta.total, builds > trains.length]).toEqual([builds, true]);
    expect((await get('group=platform')).status).toBe(400);
    expect((await get('group=preReleaseVersion', 'betaLicenseAgreements')).status).toBe(400);
  });

  it('find what is superseded by a newer build of its version and platform, and what ends soon', async () => {
    await control('clock/step', { ms: 1_000 });
    const newer = await uploaded();
    const superseded = (await list('filter[isSuperseded]=true')).map(({ id }) => id);
    expect(superseded).toContain(build.id);
    expect(superseded).not.toContain(newer.id);
    const counted = (await facet('isSuperseded')).find(({ value }) => value === 'true');
    expect(counted?.count).toBe(superseded.length);
    const soon = new Date(Date.now() + 5 * 86_400_000).toISOString();
    await bench.db.write([
      bench.db.build.updateTable('builds').set({ expirationDate: soon }).where('id', '=', newer.id),
    ]);
    const ending = (await list('filter[endsWithin]=7')).map(({ id }) => id);
    expect(ending).toContain(newer.id);
    expect((await facet('endsWithin')).find(({ value }) => value === '7')?.count).toBe(ending.length);
    expect((await call('GET', '/api/v1/builds?sort=lies')).status).toBe(400);
  });

  it('are narrowed to what is in no group and what has no answer, across apps', async () => {
    const silent = await uploaded({ usesNonExemptEncryption: null });
    const ids = async (query: string) =>
      (await call('GET', `/api/v1/builds?limit=200&${query}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids('filter[isInGroup]=false')).toContain(silent.id);
    expect(await ids('filter[isInGroup]=true')).not.toContain(silent.id);
    expect(await ids('filter[usesNonExemptEncryption]=none')).toEqual(expect.arrayContaining([silent.id]));
    build = silent;
    await patch({ usesNonExemptEncryption: false });
    await event({ kind: 'finish-processing', buildId: silent.id });
    await link('POST', 'betaGroups', [groupOf(false).id]);
    expect(await ids('filter[isInGroup]=false')).not.toContain(silent.id);
    expect(await ids('filter[usesNonExemptEncryption]=none')).not.toContain(silent.id);
    const facets = await call('GET', `/api/lists/builds/facets/isInGroup?`);
    const [none] = facets.body.data.values.filter(({ value }: { value: string }) => value === 'false');
    expect(none.count).toBe((await ids('filter[isInGroup]=false')).length);
  });
});
