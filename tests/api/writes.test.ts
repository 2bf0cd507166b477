import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { begin } from '@/lib/audit/trail';
import { verifyChain } from '@/lib/audit/verify';
import type { FaultRule } from '@/lib/sandbox/http/faults';
import { recoverOutcomes } from '@/lib/services/resources/recover';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { lockWrites } from '@/tests/factories/lock-holder';

let bench: ApiBench;
let group: { id: string; name: string; appId: string };

beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
  const sql =
    'SELECT id, name, appId FROM betaGroups WHERE isInternalGroup = 0 AND publicLinkEnabled = 1 LIMIT 1';
  const [found] = await bench.db.query<typeof group>(sql);
  if (!found) throw new Error('the small programme has an open link');
  group = found;
});
afterEach(() => bench.close());

const store = () => bench.sandbox.parts().world.store;
const fault = (rule: FaultRule) => bench.sandbox.parts().faults.add(rule);
const rename = (name: string, more: object = {}) =>
  bench.call('PATCH', `/api/v1/betaGroups/${group.id}`, {
    body: { data: { type: 'betaGroups', id: group.id, attributes: { name } }, ...more },
  });
const nameAtApple = () => store().get('betaGroups', group.id)?.attributes.name;
const nameHere = async () =>
  (await bench.db.query<{ name: string }>('SELECT name FROM betaGroups WHERE id = ?', [group.id]))[0]?.name;
const trail = async () =>
  (
    await bench.db.query<{
      action: string;
      status: string;
      before: string | null;
      after: string | null;
      errors: string | null;
      label: string;
      appId: string;
    }>('SELECT * FROM auditEntries WHERE accountId = ? ORDER BY seq', [ACCOUNT])
  ).map((row) => ({
    ...row,
    before: JSON.parse(row.before ?? 'null'),
    after: JSON.parse(row.after ?? 'null'),
  }));
const told = () => bench.db.query('SELECT topic, subject FROM announcements ORDER BY seq');
const undo = (id: string) => bench.call('POST', `/api/activity/${id}/undo`);

const recover = () => {
  const now = bench.app.clock.now() + 10 * 60_000;
  const clock = { now: () => now, sleep: async () => {} };
  return recoverOutcomes({ ...bench.app.ctx({ kind: 'system', name: 'shell' }, 'recover'), clock });
};

describe('a change', () => {
  it('keeps for before what Apple had when it was compared, where our copy is behind', async () => {
    const held = store().get('betaGroups', group.id);
    if (!held) throw new Error('the group is at Apple');
    const behind = held.attributes.feedbackEnabled === true;
    held.attributes.feedbackEnabled = !behind;
    const body = {
      data: { type: 'betaGroups', id: group.id, attributes: { name: 'Compared', feedbackEnabled: behind } },
      meta: { expect: { name: group.name } },
    };
    expect((await bench.call('PATCH', `/api/v1/betaGroups/${group.id}`, { body })).status).toBe(200);
    expect(await trail()).toMatchObject([
      { status: 'succeeded', before: { attributes: { name: group.name, feedbackEnabled: !behind } } },
    ]);
  });

  it('reaches Apple, the mirror and the trail with before and after, and is taken back by undo', async () => {
    const answer = await rename('Renamed here');
    expect(answer.body.data.attributes.name).toBe('Renamed here');
    // Whoever has the group or its list open is told.
    expect(await told()).toContainEqual({ topic: 'mirror', subject: 'betaGroups' });
    expect([nameAtApple(), await nameHere()]).toEqual(['Renamed here', 'Renamed here']);
    expect(await trail()).toMatchObject([
      {
        action: 'update',
        status: 'succeeded',
        label: group.name,
        appId: group.appId,
        before: { attributes: { name: group.name } },
        after: { attributes: { name: 'Renamed here' } },
      },
    ]);
    const undone = await undo(answer.body.meta.auditId);
    expect(undone.status).toBe(200);
    expect([nameAtApple(), await nameHere()]).toEqual([group.name, group.name]);
    const again = await undo(answer.body.meta.auditId);
    expect([again.status, again.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.NOT_UNDOABLE']);
    const listed = await bench.call('GET', `/api/activity?app=${group.appId}`);
    expect(
      listed.body.data.map((entry: { canUndo: boolean; undoOf: string | null }) => [
        entry.canUndo,
        entry.undoOf,
      ]),
    ).toEqual([
      [true, answer.body.meta.auditId],
      [false, null],
    ]);
    expect(await verifyChain(bench.db)).toMatchObject({ isWhole: true, checked: 2 });
  });

  it('is not undone over a later change of somebody else', async () => {
    const first = await rename('First');
    await rename('Second');
    const answer = await undo(first.body.meta.auditId);
    expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    expect(nameAtApple()).toBe('Second');
  });

  it('from a stale page is refused with both values, and nothing is written', async () => {
    await rename('Changed in another tab');
    const audited = (await trail()).length;
    const answer = await rename('Mine', { meta: { expect: { name: group.name } } });
    expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    expect(answer.body.errors[0].meta).toMatchObject({
      expected: { name: group.name },
      actual: { name: 'Changed in another tab' },
      requested: { name: 'Mine' },
    });
    expect(answer.body.errors[0].source.pointer).toBe('/data/attributes/name');
    expect([nameAtApple(), (await trail()).length]).toEqual(['Changed in another tab', audited]);
    expect((await rename('Mine', { meta: { expect: { name: 'Changed in another tab' } } })).status).toBe(200);
  });

  it('of members is undone both ways, and the counts follow', async () => {
    const [member] = await bench.db.query<{ testerId: string }>(
      'SELECT testerId FROM betaGroupTesters WHERE groupId = ? LIMIT 1',
      [group.id],
    );
    const count = async () =>
      (
        await bench.db.query<{ n: number }>('SELECT testerCount AS n FROM betaGroups WHERE id = ?', [
          group.id,
        ])
      )[0]?.n ?? 0;
    const here = async () =>
      (
        await bench.db.query('SELECT 1 FROM betaGroupTesters WHERE groupId = ? AND testerId = ?', [
          group.id,
          member?.testerId ?? '',
        ])
      ).length;
    const before = await here();
    const body = { data: [{ type: 'betaTesters', id: member?.testerId }] };
    const removed = await bench.call('DELETE', `/api/v1/betaGroups/${group.id}/relationships/betaTesters`, {
      body,
    });
    expect([removed.status, await here()]).toEqual([200, before - 1]);
    const fewer = await count();
    expect((await undo(removed.body.meta.auditId)).status).toBe(200);
    expect([await here(), await count()]).toEqual([before, fewer + 1]);
    const inside = store().relatedIds(store().get('betaGroups', group.id) as never, 'betaTesters');
    expect([...inside]).toContain(member?.testerId);
  });

  it('that makes something is undone by deleting it; a deletion without an inverse says so', async () => {
    const body = {
      data: {
        type: 'betaGroups',
        attributes: { name: 'Short-lived' },
        relationships: { app: { data: { type: 'apps', id: group.appId } } },
      },
    };
    const made = await bench.call('POST', '/api/v1/betaGroups', { body });
    expect(made.status).toBe(201);
    expect((await bench.call('GET', `/api/v1/betaGroups/${made.body.data.id}`)).body.meta.appId).toBe(
      group.appId,
    );
    const [member] = await bench.db.query<{ id: string }>(
      "SELECT id FROM betaTesters WHERE appId = ? AND inviteType = 'EMAIL' LIMIT 1",
      [group.appId],
    );
    const path = `/api/v1/betaGroups/${made.body.data.id}/relationships/betaTesters`;
    const inside = { body: { data: [{ type: 'betaTesters', id: member?.id }] } };
    expect((await bench.call('POST', path, inside)).status).toBe(200);
    const tooLate = await undo(made.body.meta.auditId);
    expect([tooLate.status, tooLate.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.NOT_EMPTY']);
    expect((await bench.call('DELETE', path, inside)).status).toBe(200);
    const undone = await undo(made.body.meta.auditId);
    expect(undone.status).toBe(200);
    expect(store().get('betaGroups', made.body.data.id)).toBeUndefined();
    const back = await undo(undone.body.meta.auditId);
    expect([back.status, back.body.errors[0].detail]).toEqual([
      409,
      'App Store Connect offers no way back from this change.',
    ]);
  });

  it('brings a new tester with the state Apple gives within the app', async () => {
    const body = {
      data: {
        type: 'betaTesters',
        attributes: { email: 'Newest.Person@Example.com', firstName: 'Newest' },
        relationships: { betaGroups: { data: [{ type: 'betaGroups', id: group.id }] } },
      },
    };
    const answer = await bench.call('POST', '/api/v1/betaTesters', { body });
    expect(answer.status).toBe(201);
    const [row] = await bench.db.query('SELECT appId, state, emailLower FROM betaTesters WHERE id = ?', [
      answer.body.data.id,
    ]);
    expect(row).toEqual({
      appId: group.appId,
      state: expect.stringMatching(/INVITED/),
      emailLower: 'newest.person@example.com',
    });
    const listed = await bench.call('GET', `/api/v1/betaGroups/${group.id}/betaTesters?search=newest.person`);
    expect(listed.body.meta.total).toBe(1);
    expect((await trail())[0]?.label).toBe('Newest.Person@Example.com');
  });

  it('is refused in Apple’s words at the member it is about', async () => {
    const answer = await rename('x'.repeat(2000));
    expect([answer.status, answer.body.errors[0].meta.apple]).toEqual([409, true]);
    expect(answer.body.errors[0].source.pointer).toBe('/data/attributes/name');
    expect([nameAtApple(), await nameHere()]).toEqual([group.name, group.name]);
    expect((await trail())[0]).toMatchObject({ status: 'failed' });
  });
});

describe('an outcome Apple did not tell', () => {
  it('is looked up: done although the connection broke', async () => {
    fault({ kind: 'drop', when: 'after', method: 'PATCH', count: 4 });
    const answer = await rename('Arrived');
    expect([answer.status, nameAtApple(), await nameHere()]).toEqual([200, 'Arrived', 'Arrived']);
    expect(await trail()).toMatchObject([{ status: 'succeeded' }]);
  });

  it('is looked up: a creation is found again instead of being sent twice', async () => {
    for (const kind of ['drop', 'status'] as const) {
      bench.sandbox.parts().requests.reset();
      fault({ kind, when: 'after', method: 'POST', status: 504, count: 1 });
      const email = `once.${kind}@example.com`;
      const body = {
        data: {
          type: 'betaTesters',
          attributes: { email },
          relationships: { betaGroups: { data: [{ type: 'betaGroups', id: group.id }] } },
        },
      };
      const answer = await bench.call('POST', '/api/v1/betaTesters', { body });
      expect([kind, answer.status]).toEqual([kind, 201]);
      const made = [...store().all('betaTesters').values()].filter((one) => one.attributes.email === email);
      expect(made.map((one) => one.id)).toEqual([answer.body.data.id]);
    }
    expect((await trail()).map(({ action, status }) => [action, status])).toEqual([
      ['create', 'succeeded'],
      ['create', 'succeeded'],
    ]);
  });

  it('is not judged while the call may still be open, and never invites a repeat', async () => {
    fault({ kind: 'drop', when: 'before', method: 'POST', count: 1 });
    const body = {
      data: {
        type: 'betaGroups',
        attributes: { name: 'Never' },
        relationships: { app: { data: { type: 'apps', id: group.appId } } },
      },
    };
    const answer = await bench.call('POST', '/api/v1/betaGroups', { body });
    expect([answer.status, answer.body.errors[0].code]).toEqual([504, 'FLIGHTDECK.OUTCOME_UNKNOWN']);
    expect(answer.body.errors[0].detail).toContain('looked up again in two minutes');
    expect(answer.body.errors[0].detail).not.toContain('Try again');
    expect(await trail()).toMatchObject([{ status: 'unknown' }]);
    expect(await recover()).toBe(1);
    expect(await trail()).toMatchObject([{ status: 'failed' }]);
  });

  it('that Apple told and does not show is answered with a warning', async () => {
    fault({ kind: 'lie', method: 'POST', route: '/v1/betaTesters', count: 1 });
    const invite = (email: string) =>
      bench.call('POST', '/api/v1/betaTesters', {
        body: {
          data: {
            type: 'betaTesters',
            attributes: { email },
            relationships: { betaGroups: { data: [{ type: 'betaGroups', id: group.id }] } },
          },
        },
      });
    const lied = await invite('nobody@example.com');
    expect([lied.status, lied.body.meta.warning]).toEqual([201, expect.stringContaining('not to be seen')]);
    // It may only be shown late: what was answered stays for now, nobody has left, and the list is read again.
    const { id } = lied.body.data;
    const held = (sql: string) => bench.db.query(sql, [id]);
    expect(await held('SELECT groupId FROM betaGroupTesters WHERE testerId = ?')).toEqual([
      { groupId: group.id },
    ]);
    expect(await held('SELECT email FROM betaTesters WHERE id = ?')).toHaveLength(1);
    expect(await held("SELECT 1 FROM testerEvents WHERE testerId = ? AND kind = 'left'")).toEqual([]);
    const meant = await invite('somebody@example.com');
    expect([meant.status, meant.body.meta.warning]).toEqual([201, undefined]);
  });

  it('that Apple told of a group which it does not know yet keeps the group, and does not call it deleted', async () => {
    fault({ kind: 'lie', method: 'POST', route: '/v1/betaGroups', count: 1 });
    const body = {
      data: {
        type: 'betaGroups',
        attributes: { name: 'Soon' },
        relationships: { app: { data: { type: 'apps', id: group.appId } } },
      },
    };
    const made = await bench.call('POST', '/api/v1/betaGroups', { body });
    expect(made.status).toBe(201);
    const { id } = made.body.data;
    const renamed = await bench.call('PATCH', `/api/v1/betaGroups/${id}`, {
      body: { data: { type: 'betaGroups', id, attributes: { name: 'Sooner' } } },
    });
    expect([renamed.status, renamed.body.errors[0].code]).toEqual([404, 'NOT_FOUND']);
    expect(await bench.db.query('SELECT name FROM betaGroups WHERE id = ?', [id])).toEqual([
      { name: 'Soon' },
    ]);
  });

  it('is looked up at once where a repeat does no harm', async () => {
    fault({ kind: 'drop', when: 'before', method: 'PATCH', count: 4 });
    const body = {
      data: { type: 'betaGroups', id: group.id, attributes: { name: 'Never' } },
    };
    const answer = await bench.call('PATCH', `/api/v1/betaGroups/${group.id}`, { body });
    expect([answer.status, answer.body.errors[0].code]).toEqual([504, 'FLIGHTDECK.NOT_APPLIED']);
    expect(await trail()).toMatchObject([{ status: 'failed' }]);
  });

  it('stays unknown while Apple cannot be asked', async () => {
    fault({ kind: 'drop', when: 'after', method: 'POST', count: 1 });
    fault({ kind: 'status', status: 401, method: 'GET' });
    const body = {
      data: {
        type: 'betaGroups',
        attributes: { name: 'Perhaps' },
        relationships: { app: { data: { type: 'apps', id: group.appId } } },
      },
    };
    const answer = await bench.call('POST', '/api/v1/betaGroups', { body });
    expect([answer.status, answer.body.errors[0].code]).toEqual([504, 'FLIGHTDECK.OUTCOME_UNKNOWN']);
    expect(await trail()).toMatchObject([{ status: 'unknown' }]);
    expect((await verifyChain(bench.db)).isWhole).toBe(true);
  });
});

describe('a write whose process ended before an outcome was kept', () => {
  const forgotten = (action: string, requested: object, resourceId: string | null) =>
    begin(bench.db, {
      at: bench.app.clock.now(),
      actorId: null,
      actorEmail: null,
      accountId: ACCOUNT,
      appId: group.appId,
      action,
      type: 'betaGroups',
      resourceId,
      requested,
    });

  it('is looked up at the next start: what was done, what was not, and the mirror follows', async () => {
    await forgotten('update', { attributes: { name: 'Done at Apple' } }, group.id);
    await forgotten('update', { attributes: { name: 'Never arrived' } }, group.id);
    await forgotten('delete', {}, 'no-such-group');
    const app = { data: { type: 'apps', id: group.appId } };
    await forgotten('create', { attributes: { name: 'Not made' }, relationships: { app } }, null);
    const stored = store().get('betaGroups', group.id);
    if (stored) store().update(stored, { name: 'Done at Apple' });
    expect(await recover()).toBe(4);
    expect((await trail()).map(({ action, status }) => `${action} ${status}`)).toEqual([
      'update succeeded',
      'update failed',
      'delete succeeded',
      'create failed',
    ]);
    expect(await nameHere()).toBe('Done at Apple');
    expect([await recover(), (await verifyChain(bench.db)).isWhole]).toEqual([0, true]);
  });

  it('overwritten since is told as unknown, as done where the later change shows it, and never as failed', async () => {
    const named = (name: string) => ({ attributes: { name } });
    await forgotten('update', named('Covered'), group.id);
    await forgotten('update', named('Seen later'), group.id);
    await forgotten('update', { attributes: { feedbackEnabled: 'never' } }, group.id);
    const stored = store().get('betaGroups', group.id);
    if (stored) store().update(stored, { name: 'Seen later' });
    await bench.call('GET', `/api/v1/betaGroups/${group.id}?refresh=1`);
    expect((await rename('By somebody else')).status).toBe(200);
    expect(await recover()).toBe(2);
    const [covered, seen, other] = await trail();
    expect([covered?.status, seen?.status, other?.status]).toEqual(['unknown', 'succeeded', 'failed']);
    expect(covered?.errors).toContain('FLIGHTDECK.OVERWRITTEN');
    expect(await nameHere()).toBe('By somebody else');
    // Nothing more can be found out: the next start asks no further.
    const before = bench.sandbox.parts().requests.count;
    expect(await recover()).toBe(0);
    expect(bench.sandbox.parts().requests.count).toBe(before);
    expect((await verifyChain(bench.db)).isWhole).toBe(true);
  });

  it('of members who were changed again is told as unknown as well', async () => {
    const tester = (
      await bench.db.query<{ id: string }>(
        'SELECT testerId AS id FROM betaGroupTesters WHERE groupId = ? LIMIT 1',
        [group.id],
      )
    )[0]?.id;
    const data = [{ type: 'betaTesters', id: tester }];
    await forgotten('removeLinkage', { relationship: 'betaTesters', data }, group.id);
    const path = `/api/v1/betaGroups/${group.id}/relationships/betaTesters`;
    expect((await bench.call('DELETE', path, { body: { data } })).status).toBe(200);
    expect((await bench.call('POST', path, { body: { data } })).status).toBe(200);
    expect(await recover()).toBe(0);
    expect((await trail())[0]?.status).toBe('unknown');
  });

  it('is left alone while it may still be under way', async () => {
    await forgotten('update', { attributes: { name: 'Under way' } }, group.id);
    const ctx = bench.app.ctx({ kind: 'system', name: 'shell' }, 'recover');
    expect([await recoverOutcomes(ctx), (await trail())[0]?.status]).toEqual([0, 'pending']);
  });
});

describe('bad days', () => {
  it('with a full disk nothing is sent, reads go on, and it says so', async () => {
    const writer = bench.db.write;
    const { DatabaseUnavailableError } = await import('@/lib/store/database');
    (bench.db as { write: typeof writer }).write = () =>
      Promise.reject(new DatabaseUnavailableError('full', new Error('SQLITE_FULL')));
    bench.upstream();
    const answer = await rename('Never sent');
    expect([answer.status, answer.body.errors[0].code]).toEqual([503, 'FLIGHTDECK.DATABASE_FULL']);
    expect(answer.body.errors[0].detail).toContain('Nothing was sent');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect([bench.upstream(), nameAtApple()]).toEqual([0, group.name]);
    expect((await bench.call('GET', '/api/v1/betaGroups')).status).toBe(200);
    expect((await bench.call('GET', '/api/v1/betaLicenseAgreements')).status).toBe(200);
    expect((await bench.call('GET', '/api/health/ready')).body).toMatchObject({
      status: 'not ready',
      checks: { database: { ok: false, reason: 'full' } },
    });
    (bench.db as { write: typeof writer }).write = writer;
    expect((await rename('Sent now')).status).toBe(200);
  });

  it('with a disk that fills up once Apple has made a change, it says that only the copy is behind', async () => {
    const writer = bench.db.write;
    const { DatabaseUnavailableError } = await import('@/lib/store/database');
    (bench.db as { write: typeof writer }).write = (...given) =>
      nameAtApple() === 'Made there'
        ? Promise.reject(new DatabaseUnavailableError('full', new Error('SQLITE_FULL')))
        : writer(...given);
    const answer = await rename('Made there');
    (bench.db as { write: typeof writer }).write = writer;
    expect([answer.status, await nameHere()]).toEqual([200, group.name]);
    expect(answer.body.meta.warning).toContain('could not write it into its copy');
    expect(Object.keys(answer.body.meta).sort()).toEqual(['auditId', 'source', 'warning']);
    expect((await rename('Both')).body.meta.warning).toBeUndefined();
    expect([nameAtApple(), await nameHere()]).toEqual(['Both', 'Both']);
  });

  it('while another process holds the write lock, reads answer and a write waits for its turn', async () => {
    const release = await lockWrites(bench.db);
    const waiting = rename('After the lock');
    const times: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      const started = performance.now();
      expect((await bench.call('GET', '/api/v1/betaGroups?limit=20')).status).toBe(200);
      times.push(performance.now() - started);
    }
    expect(nameAtApple()).toBe(group.name);
    await release();
    expect((await waiting).status).toBe(200);
    expect([nameAtApple(), await nameHere()]).toEqual(['After the lock', 'After the lock']);
    expect(times.sort((a, b) => a - b)[10]).toBeLessThan(2_000);
  });

  it('with Apple down the last known copy is served and marked, and the account says why', async () => {
    const address = `/api/v1/apps/${group.appId}/betaAppLocalizations`;
    const known = await bench.call('GET', address);
    expect(known.body.meta.stale).toBe(false);
    fault({
      kind: 'status',
      status: 403,
      code: 'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED',
      detail: 'A required agreement is missing or has expired.',
    });
    const answer = await bench.call('GET', `${address}?refresh=1`);
    expect([answer.status, answer.body.meta.stale, answer.body.meta.fetchedAt]).toEqual([
      200,
      true,
      known.body.meta.fetchedAt,
    ]);
    expect(answer.body.data).toEqual(known.body.data);
    const live = await bench.call(
      'GET',
      `/api/v1/betaGroups/${group.id}/betaRecruitmentCriterionCompatibleBuildCheck`,
    );
    expect(live.status).toBe(403);
    expect(live.body.errors[0].meta).toMatchObject({ apple: true, kind: 'agreement_missing' });
    await expect
      .poll(async () => (await bench.call('GET', '/api/accounts')).body.data[0].status)
      .toBe('agreement_missing');
    expect((await bench.call('GET', '/api/v1/betaTesters')).body.meta.source).toBe('mirror');
    // The client leaves Apple alone for a while after such an answer; another process asks at once.
    await bench.restart();
    bench.sandbox.parts().faults.remove(null);
    expect((await bench.call('GET', `${address}?refresh=1`)).body.meta.stale).toBe(false);
    await expect.poll(async () => (await bench.call('GET', '/api/accounts')).body.data[0].status).toBe('ok');
  });

  it('with something on the way that answers for Apple the last known copy is served as well', async () => {
    const address = `/api/v1/apps/${group.appId}/betaAppLocalizations`;
    const known = await bench.call('GET', address);
    fault({ kind: 'html', status: 503 });
    const { status, body } = await bench.call('GET', `${address}?refresh=1`);
    expect([status, body.meta?.stale, body.data]).toEqual([200, true, known.body.data]);
  });

  it('a resource deleted between list and read goes from the mirror with Apple’s 404', async () => {
    const gone = store().get('betaGroups', group.id);
    if (gone) store().remove(gone);
    const answer = await bench.call('GET', `/api/v1/betaGroups/${group.id}?refresh=1`);
    expect(answer.status).toBe(404);
    expect(await nameHere()).toBeUndefined();
  });
});
