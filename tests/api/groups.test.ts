import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type ApiBench, apiBench } from '@/tests/factories/context';

interface Group {
  id: string;
  name: string;
  appId: string;
}

let bench: ApiBench;
beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
});
afterEach(() => bench.close());

const store = () => bench.sandbox.parts().world.store;
const one = async (condition: string): Promise<Group> => {
  const [found] = await bench.db.query<Group>(
    `SELECT id, name, appId FROM betaGroups WHERE ${condition} ORDER BY name LIMIT 1`,
  );
  if (!found) throw new Error(`no group: ${condition}`);
  return found;
};
const external = () => one('isInternalGroup = 0');
const allBuilds = () => one('hasAccessToAllBuilds = 1');
const manual = () => one('isInternalGroup = 1 AND hasAccessToAllBuilds IS NOT 1');
const atApple = (id: string) => store().get('betaGroups', id);
const linked = (id: string, name: 'builds' | 'betaTesters') => {
  const group = atApple(id);
  return new Set(group ? store().relatedIds(group, name) : []);
};
const audits = () =>
  bench.db.query<{ action: string; type: string; status: string; undoOf: string | null }>(
    `SELECT action, type, status, undoOf FROM auditEntries WHERE type LIKE 'beta%' ORDER BY seq`,
  );
const undo = (answer: Answer) => bench.call('POST', `/api/activity/${answer.body.meta.auditId}/undo`);
const create = (appId: string, attributes: object, relationships: object = {}) =>
  bench.call('POST', '/api/v1/betaGroups', {
    body: {
      data: {
        type: 'betaGroups',
        attributes,
        relationships: { app: { data: { type: 'apps', id: appId } }, ...relationships },
      },
    },
  });
const patch = (id: string, attributes: object) =>
  bench.call('PATCH', `/api/v1/betaGroups/${id}`, { body: { data: { type: 'betaGroups', id, attributes } } });
const remove = async (id: string) => {
  const { name = '' } =
    (await bench.db.query<{ name: string }>('SELECT name FROM betaGroups WHERE id = ?', [id]))[0] ?? {};
  return bench.call('DELETE', `/api/v1/betaGroups/${id}`, {
    headers: { 'flightdeck-confirm': encodeURIComponent(name) },
  });
};
const link = (
  method: 'POST' | 'DELETE',
  id: string,
  name: 'builds' | 'betaTesters',
  ids: readonly string[],
) =>
  bench.call(method, `/api/v1/betaGroups/${id}/relationships/${name}`, {
    body: { data: ids.map((target) => ({ type: name, id: target })) },
  });
/** Status, code and the member of the request the refusal is about. */
const refusal = ({ status, body }: Answer) => [
  status,
  body.errors[0].code,
  (body.errors[0].source?.pointer ?? '').split('/').at(-1),
];

describe('creating a group', () => {
  it('makes an external one and takes it back', async () => {
    const { appId } = await external();
    const made = await create(appId, { name: 'Field team', feedbackEnabled: false });
    expect(made.status).toBe(201);
    const { id } = made.body.data;
    expect(atApple(id)?.attributes).toMatchObject({ name: 'Field team', feedbackEnabled: false });
    expect(await one(`id = '${id}'`)).toMatchObject({ name: 'Field team', appId });
    expect((await undo(made)).status).toBe(200);
    expect(atApple(id)).toBeUndefined();
    expect(await audits()).toMatchObject([
      { action: 'create', type: 'betaGroups', status: 'succeeded', undoOf: null },
      { action: 'delete', type: 'betaGroups', status: 'succeeded', undoOf: made.body.meta.auditId },
    ]);
  });

  it('makes an internal one with access to all builds', async () => {
    const { appId } = await external();
    const made = await create(appId, {
      name: 'Everything',
      isInternalGroup: true,
      hasAccessToAllBuilds: true,
    });
    expect(atApple(made.body.data.id)?.attributes).toMatchObject({
      isInternalGroup: true,
      hasAccessToAllBuilds: true,
    });
  });

  it('is refused with the reason at the field', async () => {
    const { appId, name } = await external();
    const duplicate = await create(appId, { name });
    expect(refusal(duplicate)).toEqual([409, 'ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE', 'name']);
    expect(duplicate.body.errors[0].meta.apple).toBe(true);
    expect(refusal(await create(appId, { name: ' ' }))).toEqual([400, 'FLIGHTDECK.BODY', 'name']);
    const open = await create(appId, { name: 'Open', hasAccessToAllBuilds: true });
    expect(refusal(open)).toEqual([409, 'ENTITY_ERROR.ATTRIBUTE.INVALID', 'hasAccessToAllBuilds']);
    const internal = await create(appId, { name: 'In', isInternalGroup: true, publicLinkEnabled: true });
    expect(refusal(internal)).toEqual([409, 'ENTITY_ERROR.ATTRIBUTE.INVALID', 'publicLinkEnabled']);
    expect((await create('0', { name: 'Nowhere' })).status).toBeGreaterThanOrEqual(404);
    expect(refusal(await create(appId, { name: 'x', colour: 'red' }))).toEqual([
      400,
      'FLIGHTDECK.BODY',
      'colour',
    ]);
    expect((await audits()).every(({ status }) => status === 'failed')).toBe(true);
  });
});

describe('changing a group', () => {
  it('switches feedback, Mac and Vision and takes each back', async () => {
    const { id } = await external();
    for (const name of [
      'feedbackEnabled',
      'iosBuildsAvailableForAppleSiliconMac',
      'iosBuildsAvailableForAppleVision',
    ]) {
      const before = atApple(id)?.attributes[name];
      const changed = await patch(id, { [name]: !before });
      expect(changed.status).toBe(200);
      expect(atApple(id)?.attributes[name]).toBe(!before);
      expect((await undo(changed)).status).toBe(200);
      expect(atApple(id)?.attributes[name]).toBe(before);
    }
  });

  it('is refused for a taken name, an internal link and unknown ids', async () => {
    const group = await external();
    const other = await one(`isInternalGroup = 0 AND appId = '${group.appId}' AND id <> '${group.id}'`);
    expect(refusal(await patch(group.id, { name: other.name }))).toEqual([
      409,
      'ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE',
      'name',
    ]);
    expect(refusal(await patch((await manual()).id, { publicLinkEnabled: true }))).toEqual([
      409,
      'ENTITY_ERROR.ATTRIBUTE.INVALID',
      'publicLinkEnabled',
    ]);
    expect(refusal(await patch(group.id, { isInternalGroup: true }))).toEqual([
      400,
      'FLIGHTDECK.BODY',
      'isInternalGroup',
    ]);
    expect((await patch('11111111-1111-1111-1111-111111111111', { name: 'x' })).status).toBe(404);
  });

  it('knows a deletion for its own whose answer was lost and whose repeat finds nothing', async () => {
    const { id } = await external();
    bench.sandbox.parts().faults.add({ kind: 'drop', when: 'after', method: 'DELETE', count: 1 });
    expect((await remove(id)).status).toBe(200);
    expect(atApple(id)).toBeUndefined();
    expect(await bench.db.query('SELECT 1 FROM betaGroups WHERE id = ?', [id])).toEqual([]);
    expect(await audits()).toMatchObject([{ action: 'delete', status: 'succeeded' }]);
  });

  it('deletes one, which has no way back', async () => {
    const { id } = await external();
    for (const typed of [undefined, 'Another name', encodeURIComponent('Grüppe')]) {
      const headers = typed === undefined ? {} : { 'flightdeck-confirm': typed };
      const refused = await bench.call('DELETE', `/api/v1/betaGroups/${id}`, { headers });
      expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.CONFIRM']);
    }
    const gone = await remove(id);
    expect(gone.status).toBe(200);
    expect(atApple(id)).toBeUndefined();
    expect(await bench.db.query('SELECT id FROM betaGroups WHERE id = ?', [id])).toEqual([]);
    const answer = await undo(gone);
    expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.NOT_UNDOABLE']);
    expect((await remove(id)).status).toBe(404);
  });
});

describe('testers of a group', () => {
  const outsiders = async (group: Group, inviteType = 'EMAIL') =>
    (
      await bench.db.query<{ id: string }>(
        `SELECT id FROM betaTesters AS t WHERE appId = ? AND inviteType = ? AND NOT EXISTS (
          SELECT 1 FROM betaGroupTesters AS m WHERE m.testerId = t.id AND m.groupId = ?) LIMIT 2`,
        [group.appId, inviteType, group.id],
      )
    ).map(({ id }) => id);

  it('are added and removed, each with a way back', async () => {
    const group = await external();
    const ids = await outsiders(group);
    expect(ids).toHaveLength(2);
    const added = await link('POST', group.id, 'betaTesters', ids);
    expect(added.status).toBe(200);
    expect(ids.every((id) => linked(group.id, 'betaTesters').has(id))).toBe(true);
    await undo(added);
    expect(ids.some((id) => linked(group.id, 'betaTesters').has(id))).toBe(false);
    const [member = ''] = linked(group.id, 'betaTesters');
    const removed = await link('DELETE', group.id, 'betaTesters', [member]);
    expect(linked(group.id, 'betaTesters').has(member)).toBe(false);
    await undo(removed);
    expect(linked(group.id, 'betaTesters').has(member)).toBe(true);
    expect((await audits()).map(({ action }) => action)).toEqual([
      'addLinkage',
      'removeLinkage',
      'removeLinkage',
      'addLinkage',
    ]);
  });

  it('leave many at a time only when their number was typed', async () => {
    const { id } = await external();
    const ids = Array.from({ length: 51 }, (_, n) => `somebody-${n}`);
    const body = { data: ids.map((one) => ({ type: 'betaTesters', id: one })) };
    const path = `/api/v1/betaGroups/${id}/relationships/betaTesters`;
    const refused = await bench.call('DELETE', path, { body });
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.CONFIRM']);
    expect(await audits()).toEqual([]);
    const typed = await bench.call('DELETE', path, { body, headers: { 'flightdeck-confirm': '51' } });
    expect(typed.body.errors?.[0].code).not.toBe('FLIGHTDECK.CONFIRM');
    expect(await audits()).toHaveLength(1);
  });

  it('of another app, unknown ones and none at all are refused', async () => {
    const group = await external();
    const [stranger] = await bench.db.query<{ id: string }>(
      'SELECT id FROM betaTesters WHERE appId <> ? LIMIT 1',
      [group.appId],
    );
    const foreign = await link('POST', group.id, 'betaTesters', [stranger?.id ?? '']);
    expect(foreign.status).toBe(409);
    expect(foreign.body.errors[0].meta.apple).toBe(true);
    expect((await link('POST', group.id, 'betaTesters', ['nobody'])).status).toBeGreaterThanOrEqual(404);
    expect((await link('POST', group.id, 'betaTesters', [])).status).toBe(400);
    expect((await link('POST', group.id, 'builds', [stranger?.id ?? ''])).status).toBeGreaterThanOrEqual(400);
  });

  it('are counted by use in a period, and only in a period Apple knows', async () => {
    const { id } = await external();
    const path = `/api/v1/betaGroups/${id}/metrics/betaTesterUsages`;
    const used = await bench.call('GET', `${path}?period=P365D&groupBy=betaTesters&limit=200`);
    expect(used.status).toBe(200);
    expect(used.body.data[0].dataPoints[0].values.sessionCount).toBeGreaterThan(0);
    const wrong = await bench.call('GET', `${path}?period=P1D&groupBy=betaTesters`);
    expect([wrong.status, wrong.body.errors[0].source.parameter]).toEqual([400, 'period']);
    expect((await bench.call('GET', `${path}?period=P7D`)).status).toBe(400);
  });
});

describe('builds of a group', () => {
  const spare = async (group: Group) =>
    (
      await bench.db.query<{ id: string }>(
        `SELECT id FROM builds AS b WHERE appId = ? AND expired = 0 AND processingState = 'VALID'
       AND internalBuildState IN ('IN_BETA_TESTING', 'READY_FOR_BETA_TESTING')
       AND NOT EXISTS (SELECT 1 FROM buildGroups AS m WHERE m.buildId = b.id AND m.groupId = ?) LIMIT 1`,
        [group.appId, group.id],
      )
    )[0]?.id ?? '';

  it('are added and removed, each with a way back', async () => {
    const group = await manual();
    const [held = ''] = linked(group.id, 'builds');
    const removed = await link('DELETE', group.id, 'builds', [held]);
    expect(removed.status).toBe(200);
    expect(linked(group.id, 'builds').has(held)).toBe(false);
    expect(
      await bench.db.query('SELECT 1 FROM buildGroups WHERE groupId = ? AND buildId = ?', [group.id, held]),
    ).toEqual([]);
    await undo(removed);
    expect(linked(group.id, 'builds').has(held)).toBe(true);
    const id = await spare(group);
    const added = await link('POST', group.id, 'builds', [id]);
    expect(added.status).toBe(200);
    expect(linked(group.id, 'builds').has(id)).toBe(true);
  });

  it('go to no group with access to all, in Apple’s own words', async () => {
    const group = await allBuilds();
    const [build] = await bench.db.query<{ id: string }>(
      'SELECT id FROM builds WHERE appId = ? AND expired = 0 LIMIT 1',
      [group.appId],
    );
    const answer = await link('POST', group.id, 'builds', [build?.id ?? '']);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0]).toMatchObject({
      title: 'Builds cannot be assigned to this internal group.',
      detail: 'Cannot add internal group to a build.',
      meta: { apple: true },
    });
    expect(await audits()).toMatchObject([{ action: 'addLinkage', status: 'failed' }]);
  });

  it('that expired, belong elsewhere or are unknown are refused', async () => {
    const group = await external();
    const [expired] = await bench.db.query<{ id: string }>(
      'SELECT id FROM builds WHERE appId = ? AND expired = 1 LIMIT 1',
      [group.appId],
    );
    const [foreign] = await bench.db.query<{ id: string }>(
      'SELECT id FROM builds WHERE appId <> ? AND expired = 0 LIMIT 1',
      [group.appId],
    );
    for (const id of [expired?.id, foreign?.id, 'none']) {
      const before = linked(group.id, 'builds').size;
      const answer = await link('POST', group.id, 'builds', [id ?? '']);
      expect(answer.status).toBeGreaterThanOrEqual(404);
      expect(linked(group.id, 'builds').size).toBe(before);
    }
  });
});

describe('reading a group', () => {
  it('gives its app, members, builds, criteria and check as resources and as ids', async () => {
    const { id, appId } = await external();
    const get = async (path: string) =>
      (await bench.call('GET', `/api/v1/betaGroups/${id}/${path}`)).body.data;
    expect((await get('app')).id).toBe(appId);
    expect((await get('relationships/app')).id).toBe(appId);
    const ids = (rows: { id: string }[]) => rows.map((row) => row.id).sort();
    expect(ids(await get('relationships/betaTesters?limit=200'))).toEqual(
      [...linked(id, 'betaTesters')].sort(),
    );
    expect(ids(await get('betaTesters?limit=1000'))).toEqual([...linked(id, 'betaTesters')].sort());
    expect(ids(await get('relationships/builds?limit=200'))).toEqual([...linked(id, 'builds')].sort());
    expect(ids(await get('builds?limit=1000'))).toEqual([...linked(id, 'builds')].sort());
    for (const path of ['relationships/betaRecruitmentCriteria', 'betaRecruitmentCriteria'])
      expect((await bench.call('GET', `/api/v1/betaGroups/${id}/${path}`)).status).toBe(404);
    const check = await get('betaRecruitmentCriterionCompatibleBuildCheck');
    expect(typeof check.attributes.hasCompatibleBuild).toBe('boolean');
    const checkLink = await get('relationships/betaRecruitmentCriterionCompatibleBuildCheck');
    expect(checkLink.type).toBe('betaRecruitmentCriterionCompatibleBuildChecks');
  });

  it('says in lists who came by link, how many builds there are and what happened last', async () => {
    await bench.db.write([
      {
        sql: `INSERT INTO syncScopes (accountId, scope, completedAt) VALUES ('account-1', 'builds', 1)
          ON CONFLICT (accountId, scope) DO UPDATE SET completedAt = 1`,
        params: [],
      },
    ]);
    const { body } = await bench.call('GET', '/api/v1/betaGroups?limit=100');
    for (const { id, attributes, meta } of body.data) {
      expect(meta.buildCount).toBe(linked(id, 'builds').size);
      const group = atApple(id);
      const byLink = group
        ? [...store().related(group, 'betaTesters')].filter(
            (one) => one.attributes.inviteType === 'PUBLIC_LINK',
          )
        : [];
      if (attributes.publicLinkLimitEnabled && meta.testerCount !== null)
        expect(meta.linkTesterCount).toBe(byLink.length);
      else expect(meta.linkTesterCount).toBeNull();
    }
    expect(
      body.data.some(({ meta }: { meta: { lastActivity: { kind: string } | null } }) => meta.lastActivity),
    ).toBe(true);
  });
});

describe('who may', () => {
  it('lets viewers read and triagers change nothing', async () => {
    const { id, appId } = await external();
    const as = 'triager' as const;
    const body = { data: { type: 'betaGroups', id, attributes: { name: 'Mine' } } };
    expect((await bench.call('PATCH', `/api/v1/betaGroups/${id}`, { as, body })).status).toBe(403);
    expect((await bench.call('DELETE', `/api/v1/betaGroups/${id}`, { as })).status).toBe(403);
    const made = {
      data: {
        type: 'betaGroups',
        attributes: { name: 'x' },
        relationships: { app: { data: { type: 'apps', id: appId } } },
      },
    };
    expect((await bench.call('POST', '/api/v1/betaGroups', { as, body: made })).status).toBe(403);
    expect((await bench.call('GET', `/api/v1/betaGroups/${id}`, { as: 'viewer' })).status).toBe(200);
    expect(await audits()).toEqual([]);
  });
});
