import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;

beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
});
afterEach(() => bench.close());

const held = () => bench.sandbox.parts().world.store;

function aGroup() {
  for (const group of held().all('betaGroups').values()) {
    const members = [...held().relatedIds(group, 'betaTesters')];
    if (group.attributes.isInternalGroup !== true && members.length > 2)
      return { id: group.id, name: String(group.attributes.name), appId: group.appId ?? '', members };
  }
  throw new Error('The programme has an external group with testers.');
}

function removeAtApple(type: string, id: string): void {
  const resource = held().get(type, id);
  if (!resource) throw new Error(`There is no ${type} ${id}.`);
  held().remove(resource);
}

const isHere = async (table: string, id: string) =>
  (await bench.db.query(`SELECT 1 FROM ${table} WHERE id = ?`, [id])).length > 0;

describe('a change of a thing that is gone at Apple', () => {
  it('removes a group here, with a word, whether it is changed, deleted or filled', async () => {
    const requests = [
      (id: string) =>
        bench.call('PATCH', `/api/v1/betaGroups/${id}`, {
          body: { data: { type: 'betaGroups', id, attributes: { name: 'Other' } } },
        }),
      (id: string, name: string) =>
        bench.call('DELETE', `/api/v1/betaGroups/${id}`, {
          headers: { 'flightdeck-confirm': encodeURIComponent(name) },
        }),
      (id: string, _name: string, members: string[]) =>
        bench.call('POST', `/api/v1/betaGroups/${id}/relationships/betaTesters`, {
          body: { data: [{ type: 'betaTesters', id: members[0] }] },
        }),
    ];
    for (const request of requests) {
      const { id, name, members } = aGroup();
      removeAtApple('betaGroups', id);
      expect(await isHere('betaGroups', id)).toBe(true);
      const answer = await request(id, name, members);
      expect([answer.status, answer.body.errors[0].code, answer.body.errors[0].detail]).toEqual([
        404,
        'FLIGHTDECK.GONE',
        `“${name}” was deleted at App Store Connect; it has been removed here.`,
      ]);
      expect(answer.body.errors[0].meta.gone).toEqual([{ type: 'betaGroups', id }]);
      expect(await isHere('betaGroups', id)).toBe(false);
      expect(await bench.db.query('SELECT 1 FROM betaGroupTesters WHERE groupId = ?', [id])).toEqual([]);
      const page = await bench.call('GET', `/api/v1/betaGroups/${id}`);
      expect([page.status, page.body.errors[0].code]).toEqual([404, 'FLIGHTDECK.GONE']);
    }
  });

  it('removes a tester whom a group is to get, and leaves the group', async () => {
    const { id, members, appId } = aGroup();
    const other = [...held().all('betaGroups').values()].find(
      (one) => one.appId === appId && one.id !== id && one.attributes.isInternalGroup !== true,
    );
    const [ghost = ''] = members;
    const email = (
      await bench.db.query<{ email: string }>('SELECT email FROM betaTesters WHERE id = ?', [ghost])
    )[0]?.email;
    removeAtApple('betaTesters', ghost);
    const answer = await bench.call('POST', `/api/v1/betaGroups/${other?.id}/relationships/betaTesters`, {
      body: { data: [{ type: 'betaTesters', id: ghost }] },
    });
    expect([answer.status, answer.body.errors[0].code]).toEqual([404, 'FLIGHTDECK.GONE']);
    expect(answer.body.errors[0].detail).toContain(email);
    expect([await isHere('betaTesters', ghost), await isHere('betaGroups', other?.id ?? '')]).toEqual([
      false,
      true,
    ]);
  });

  it('removes a tester who is to be deleted from the team, out of every app', async () => {
    const [ghost = ''] = aGroup().members;
    const refused = await bench.call('DELETE', `/api/v1/betaTesters/${ghost}`);
    removeAtApple('betaTesters', ghost);
    const answer = await bench.call('DELETE', `/api/v1/betaTesters/${ghost}`, {
      headers: { 'flightdeck-confirm': encodeURIComponent(refused.body.errors[0].meta.expected) },
    });
    expect([answer.status, answer.body.errors[0].code]).toEqual([404, 'FLIGHTDECK.GONE']);
    expect(await isHere('betaTesters', ghost)).toBe(false);
  });

  it('removes a tester whose invitation is to be sent again', async () => {
    const { members, appId } = aGroup();
    const [ghost = ''] = members;
    removeAtApple('betaTesters', ghost);
    const answer = await bench.call('POST', '/api/v1/betaTesterInvitations', {
      body: {
        data: {
          type: 'betaTesterInvitations',
          relationships: {
            app: { data: { type: 'apps', id: appId } },
            betaTester: { data: { type: 'betaTesters', id: ghost } },
          },
        },
      },
    });
    expect([answer.status, answer.body.errors[0].code]).toEqual([404, 'FLIGHTDECK.GONE']);
    expect(await isHere('betaTesters', ghost)).toBe(false);
  });

  it('removes a build and a text of a build alike', async () => {
    const build = [...held().all('builds').values()].find((one) => one.attributes.expired !== true);
    const id = build?.id ?? '';
    removeAtApple('builds', id);
    const expired = await bench.call('PATCH', `/api/v1/builds/${id}`, {
      body: { data: { type: 'builds', id, attributes: { expired: true } } },
    });
    expect([expired.status, expired.body.errors[0].code, await isHere('builds', id)]).toEqual([
      404,
      'FLIGHTDECK.GONE',
      false,
    ]);
    const text =
      (await bench.db.query<{ id: string }>('SELECT id FROM betaBuildLocalizations LIMIT 1'))[0]?.id ?? '';
    removeAtApple('betaBuildLocalizations', text);
    const changed = await bench.call('PATCH', `/api/v1/betaBuildLocalizations/${text}`, {
      body: { data: { type: 'betaBuildLocalizations', id: text, attributes: { whatsNew: 'New' } } },
    });
    expect([changed.body.errors[0].code, await isHere('betaBuildLocalizations', text)]).toEqual([
      'FLIGHTDECK.GONE',
      false,
    ]);
  });

  it('says so for an undo, too', async () => {
    const { id, name } = aGroup();
    const renamed = await bench.call('PATCH', `/api/v1/betaGroups/${id}`, {
      body: { data: { type: 'betaGroups', id, attributes: { name: 'For a while' } } },
    });
    removeAtApple('betaGroups', id);
    const undone = await bench.call('POST', `/api/activity/${renamed.body.meta.auditId}/undo`);
    expect([undone.status, undone.body.errors[0].code]).toEqual([404, 'FLIGHTDECK.GONE']);
    expect([await isHere('betaGroups', id), name]).toEqual([false, name]);
  });
});

describe('what is not Apple’s word', () => {
  it('removes nothing: a 404 for a thing that is there when it is asked for', async () => {
    const { id } = aGroup();
    const rename = () =>
      bench.call('PATCH', `/api/v1/betaGroups/${id}`, {
        body: { data: { type: 'betaGroups', id, attributes: { name: 'Other' } } },
      });
    bench.sandbox.parts().faults.add({ kind: 'status', method: 'PATCH', status: 404, count: 1 });
    expect([(await rename()).status, await isHere('betaGroups', id)]).toEqual([404, true]);
    expect((await rename()).status).toBe(200);
    expect(await bench.db.query('SELECT 1 FROM tombstones WHERE accountId = ?', [ACCOUNT])).toEqual([]);
  });
});
