import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type Answer, type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
let group: { id: string; name: string; appId: string };

beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
  const [found] = await bench.db.query<typeof group>(
    'SELECT id, name, appId FROM betaGroups WHERE isInternalGroup = 0 AND publicLinkEnabled = 1 ORDER BY name LIMIT 1',
  );
  if (!found) throw new Error('the small programme has an open link');
  group = found;
  // As a sync does, which asks for the totals.
  const sql = `UPDATE betaGroups SET testerCount =
    (SELECT count(*) FROM betaGroupTesters AS m WHERE m.groupId = betaGroups.id)`;
  await bench.db.write([{ sql, params: [] }]);
});
afterEach(() => bench.close());

const store = () => bench.sandbox.parts().world.store;
const attributes = (id = group.id) => store().get('betaGroups', id)?.attributes ?? {};
const internal = async () =>
  (await bench.db.query<{ id: string }>('SELECT id FROM betaGroups WHERE isInternalGroup = 1 LIMIT 1'))[0]
    ?.id ?? '';
const patch = (given: object, id = group.id) =>
  bench.call('PATCH', `/api/v1/betaGroups/${id}`, {
    body: { data: { type: 'betaGroups', id, attributes: given } },
  });
const undo = (answer: Answer) => bench.call('POST', `/api/activity/${answer.body.meta.auditId}/undo`);
const refusal = ({ status, body }: Answer) => [
  status,
  body.errors[0].code,
  (body.errors[0].source?.pointer ?? '').split('/').at(-1),
];
const report = async (id = group.id, query = '') =>
  (await bench.call('GET', `/api/programme/links/${id}${query}`)).body.data;
const codes = (data: { findings: { code: string }[] }) => data.findings.map(({ code }) => code);
const event = (input: object) =>
  fetch(`${bench.sandbox.baseUrl}/sandbox/events`, { method: 'POST', body: JSON.stringify(input) });

const ANY_IPHONE = [{ deviceFamily: 'IPHONE' }];
const setCriteria = (filters: unknown, id = group.id) =>
  bench.call('POST', '/api/v1/betaRecruitmentCriteria', {
    body: {
      data: {
        type: 'betaRecruitmentCriteria',
        attributes: { deviceFamilyOsVersionFilters: filters },
        relationships: { betaGroup: { data: { type: 'betaGroups', id } } },
      },
    },
  });
const changeCriteria = (id: string, filters: unknown, expect?: unknown) =>
  bench.call('PATCH', `/api/v1/betaRecruitmentCriteria/${id}`, {
    body: {
      data: { type: 'betaRecruitmentCriteria', id, attributes: { deviceFamilyOsVersionFilters: filters } },
      ...(expect ? { meta: { expect: { deviceFamilyOsVersionFilters: expect } } } : {}),
    },
  });
const criteriaAtApple = () => {
  const found = store().get('betaGroups', group.id);
  const criteria = found && store().relatedOne(found, 'betaRecruitmentCriteria');
  return criteria?.attributes.deviceFamilyOsVersionFilters ?? null;
};
const criteriaHere = async () =>
  (await bench.call('GET', `/api/v1/betaGroups/${group.id}`)).body.data.meta.criteria
    ?.deviceFamilyOsVersionFilters ?? null;

describe('the switch and the limit', () => {
  it('go to Apple and come back with undo', async () => {
    const off = await patch({ publicLinkEnabled: false });
    expect(attributes()).toMatchObject({ publicLinkEnabled: false, publicLink: null });
    await undo(off);
    expect(attributes().publicLinkEnabled).toBe(true);
    const before = attributes().publicLinkLimit;
    const limited = await patch({ publicLinkLimitEnabled: true, publicLinkLimit: 250 });
    expect(attributes().publicLinkLimit).toBe(250);
    await undo(limited);
    expect(attributes().publicLinkLimit).toBe(before);
  });

  it.each([0, 10_001, 1.5, 'ten'])('refuse a limit of %s before Apple is asked', async (publicLinkLimit) => {
    bench.upstream();
    const answer = await patch({ publicLinkLimitEnabled: true, publicLinkLimit });
    expect(refusal(answer)).toEqual([400, 'FLIGHTDECK.BODY', 'publicLinkLimit']);
    expect(bench.upstream()).toBe(0);
  });

  it.each([1, 10_000])('take a limit of %s', async (publicLinkLimit) => {
    expect((await patch({ publicLinkLimitEnabled: true, publicLinkLimit })).status).toBe(200);
    expect(attributes().publicLinkLimit).toBe(publicLinkLimit);
  });

  it('refuse a link without a build, and one of an internal group, in Apple’s words', async () => {
    const body = {
      data: {
        type: 'betaGroups',
        attributes: { name: 'Empty' },
        relationships: { app: { data: { type: 'apps', id: group.appId } } },
      },
    };
    const { id } = (await bench.call('POST', '/api/v1/betaGroups', { body })).body.data;
    const empty = await patch({ publicLinkEnabled: true }, id);
    expect(empty.status).toBe(409);
    expect(empty.body.errors[0].detail).toContain('approved build');
    expect(empty.body.errors[0].meta.apple).toBe(true);
    expect(attributes(id).publicLinkEnabled).toBe(false);
    const wrong = await patch({ publicLinkLimitEnabled: true, publicLinkLimit: 10 }, await internal());
    expect(refusal(wrong)).toEqual([409, 'ENTITY_ERROR.ATTRIBUTE.INVALID', 'publicLinkLimitEnabled']);
  });
});

describe('recruitment criteria', () => {
  it('are set, changed and removed, and each step is taken back', async () => {
    const options = await bench.call('GET', '/api/v1/betaRecruitmentCriterionOptions?limit=200');
    const { deviceFamilyOsVersions } = options.body.data[0].attributes;
    const versions = deviceFamilyOsVersions.find(
      (one: { deviceFamily: string }) => one.deviceFamily === 'IPHONE',
    ).osVersions;
    const made = await setCriteria(ANY_IPHONE);
    expect(made.status).toBe(201);
    expect([criteriaAtApple(), await criteriaHere()]).toEqual([ANY_IPHONE, ANY_IPHONE]);
    await undo(made);
    expect([criteriaAtApple(), await criteriaHere()]).toEqual([null, null]);

    const { id } = (await setCriteria(ANY_IPHONE)).body.data;
    const narrow = [{ deviceFamily: 'IPHONE', minimumOsInclusive: versions[0] }, { deviceFamily: 'IPAD' }];
    const changed = await changeCriteria(id, narrow, ANY_IPHONE);
    expect(changed.status).toBe(200);
    expect([criteriaAtApple(), await criteriaHere()]).toEqual([narrow, narrow]);
    await undo(changed);
    expect([criteriaAtApple(), await criteriaHere()]).toEqual([ANY_IPHONE, ANY_IPHONE]);

    const removed = await bench.call('DELETE', `/api/v1/betaRecruitmentCriteria/${id}`);
    expect(removed.status).toBe(200);
    expect([criteriaAtApple(), await criteriaHere()]).toEqual([null, null]);
    expect((await undo(removed)).status).toBe(200);
    expect([criteriaAtApple(), await criteriaHere()]).toEqual([ANY_IPHONE, ANY_IPHONE]);
    const labels = await bench.db.query<{ label: string; appId: string }>(
      `SELECT label, appId FROM auditEntries WHERE type = 'betaRecruitmentCriteria'`,
    );
    expect(labels).toHaveLength(7);
    for (const entry of labels) expect(entry).toEqual({ label: group.name, appId: group.appId });
  });

  it('changed by somebody else meanwhile are refused with both values', async () => {
    const { id } = (await setCriteria(ANY_IPHONE)).body.data;
    await changeCriteria(id, [{ deviceFamily: 'MAC' }]);
    const stale = await changeCriteria(id, [{ deviceFamily: 'IPAD' }], ANY_IPHONE);
    expect([stale.status, stale.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    expect(criteriaAtApple()).toEqual([{ deviceFamily: 'MAC' }]);
  });

  it('are refused for internal groups, twice, for what is not offered, and when they admit nobody', async () => {
    expect((await setCriteria(ANY_IPHONE, await internal())).body.errors[0]).toMatchObject({
      status: '409',
      detail: 'Recruitment criteria belong to external groups',
      meta: { apple: true },
    });
    await setCriteria(ANY_IPHONE);
    expect((await setCriteria(ANY_IPHONE)).status).toBe(409);
    const id = store().get('betaGroups', group.id);
    const criteriaId = (id && store().relatedId(id, 'betaRecruitmentCriteria')) ?? '';
    expect(refusal(await changeCriteria(criteriaId, []))[0]).toBe(400);
    expect(refusal(await changeCriteria(criteriaId, [{ deviceFamily: 'FRIDGE' }]))[0]).toBe(400);
    const unknown = await changeCriteria(criteriaId, [{ deviceFamily: 'IPHONE', minimumOsInclusive: '3.1' }]);
    expect(refusal(unknown)).toEqual([409, 'ENTITY_ERROR.ATTRIBUTE.INVALID', 'deviceFamilyOsVersionFilters']);
    expect((await changeCriteria('nothing', ANY_IPHONE)).status).toBe(404);
    expect((await bench.call('DELETE', '/api/v1/betaRecruitmentCriteria/nothing')).status).toBe(404);
    expect((await bench.call('GET', `/api/v1/betaRecruitmentCriteria/${criteriaId}`)).status).toBe(405);
    expect(criteriaAtApple()).toEqual(ANY_IPHONE);
  });
});

describe('the report of a link', () => {
  it('tells Apple’s figures, keeps them as the day’s, and says what ails the link', async () => {
    const first = await report();
    expect(first.totals.viewCount).toBeGreaterThan(0);
    expect(first.trouble).toBeNull();
    expect(first.days).toHaveLength(1);
    await event({ kind: 'visit', groupId: group.id });
    const live = await bench.call('GET', `/api/v1/betaGroups/${group.id}/metrics/publicLinkUsages?refresh=1`);
    expect(live.body.data[0].dataPoints[0].values.viewCount).toBe(first.totals.viewCount + 1);
    const second = await report();
    expect(second.totals.viewCount).toBe(first.totals.viewCount + 1);
    expect(second.days).toHaveLength(1);
    expect(second.days[0].viewCount).toBe(first.totals.viewCount + 1);
  });

  it('names every reason, and drops it once it is mended', async () => {
    await patch({ publicLinkEnabled: false, publicLinkLimitEnabled: true, publicLinkLimit: 1 });
    expect(codes(await report())).toEqual(expect.arrayContaining(['LINK_OFF', 'LIMIT_REACHED']));
    await patch({ publicLinkEnabled: true, publicLinkLimitEnabled: false });
    const mended = codes(await report());
    expect(mended).not.toContain('LINK_OFF');
    expect(mended).not.toContain('LIMIT_REACHED');
    await setCriteria([{ deviceFamily: 'APPLE_TV' }]);
    const fitting = await report();
    expect(fitting.hasCompatibleBuild).toBe(false);
    expect(codes(fitting)).toContain('CRITERIA_NO_BUILD');
    const found = store().get('betaGroups', group.id);
    const ids = found ? [...store().relatedIds(found, 'builds')] : [];
    await bench.call('DELETE', `/api/v1/betaGroups/${group.id}/relationships/builds`, {
      body: { data: ids.map((id) => ({ type: 'builds', id })) },
    });
    expect(codes(await report())).toContain('NO_BUILD');
    expect(codes(await report(await internal()))).toEqual(['INTERNAL_GROUP']);
  });

  it('says on which day the places run out, from the kept days', async () => {
    await patch({ publicLinkLimitEnabled: true, publicLinkLimit: 10_000 });
    const { totals, used } = await report();
    const DAY_MS = 86_400_000;
    await bench.db.write(
      [3, 2, 1].map((ago) => ({
        sql: 'INSERT INTO linkDays (accountId, groupId, day, viewCount, acceptedCount) VALUES (?, ?, ?, ?, ?)',
        params: [
          ACCOUNT,
          group.id,
          new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10),
          totals.viewCount - 20 * ago,
          totals.acceptedCount - 10 * ago,
        ],
      })),
    );
    const told = await report();
    expect(told.days).toHaveLength(4);
    expect(told.forecast.perDay).toBeCloseTo(10);
    expect(told.forecast.daysLeft).toBe(Math.ceil((10_000 - used) / 10));
    expect((await report(group.id, '?days=2')).days).toHaveLength(2);
  });

  it('falls back on what was kept when Apple cannot be asked, and for viewers causes no request', async () => {
    await report();
    bench.upstream();
    const seen = await bench.call('GET', `/api/programme/links/${group.id}`, { as: 'viewer' });
    expect(seen.status).toBe(200);
    expect(seen.body.data.totals.viewCount).toBeGreaterThan(0);
    expect(bench.upstream()).toBe(0);
  });

  it('is refused without a session, for unknown groups and for impossible days', async () => {
    expect((await bench.call('GET', `/api/programme/links/${group.id}`, { as: null })).status).toBe(401);
    expect((await bench.call('GET', '/api/programme/links/none')).status).toBe(404);
    for (const days of ['0', '366', 'many']) {
      const answer = await bench.call('GET', `/api/programme/links/${group.id}?days=${days}`);
      expect([answer.status, answer.body.errors[0].source.parameter]).toEqual([400, 'days']);
    }
  });
});
