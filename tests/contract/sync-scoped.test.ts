import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AscWriter } from '@/lib/asc/client-interface';
import type { Sandbox } from '@/lib/sandbox/server';
import { syncStatus } from '@/lib/sync/status';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { addAccount, quietSandbox, sandboxClient, syncOnce } from '@/tests/factories/synced';

let sandbox: Sandbox;
let asc: AscWriter;
let db: TestDatabase;

beforeEach(async () => {
  sandbox = await quietSandbox({ seed: 7 });
  asc = sandboxClient(sandbox);
  db = await testDatabase();
  await addAccount(db);
  await syncOnce(db, asc);
});
afterEach(async () => {
  await db.close();
  await sandbox.close();
});

const held = () => sandbox.parts().world.store;
const read = (...scopes: string[]) => syncOnce(db, asc, { mode: 'scoped', scopes });
const stateOf = async (id: string) =>
  (await db.query<{ state: string }>('SELECT state FROM betaTesters WHERE id = ?', [id]))[0]?.state;
const events = async (id: string) =>
  (
    await db.query<{ kind: string }>('SELECT kind FROM testerEvents WHERE testerId = ? ORDER BY id', [id])
  ).map(({ kind }) => kind);
const membersOf = async (groupId: string) =>
  (await db.query<{ testerId: string }>('SELECT testerId FROM betaGroupTesters WHERE groupId = ?', [groupId]))
    .map(({ testerId }) => testerId)
    .sort();

/** A group with several testers. */
function aGroup() {
  for (const group of held().all('betaGroups').values()) {
    const members = [...held().relatedIds(group, 'betaTesters')];
    if (members.length > 3) return { group, members, appId: group.appId ?? '' };
  }
  throw new Error('The programme has a group with testers.');
}

describe('a sync of what somebody looks at', () => {
  it('sweeps the testers of one app and asks for nothing else', async () => {
    const { appId, members } = aGroup();
    const [id = ''] = members;
    const tester = held().get('betaTesters', id);
    if (tester) held().update(tester, { state: 'REVOKED' });
    const before = sandbox.parts().requests.entries().length;
    expect(await read(`betaTesters/${appId}`)).toMatchObject({ status: 'succeeded', mode: 'scoped' });
    const asked = sandbox.parts().requests.entries().slice(before);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(({ url }) => url.startsWith('/v1/betaTesters?') && url.includes(appId))).toBe(true);
    expect(await stateOf(id)).toBe('REVOKED');
    expect(await events(id)).toContain('state');
  });

  it('reads a group with its members: who left the app, who only the group, who came, and how many there are', async () => {
    const { group, members } = aGroup();
    const [gone = '', out = ''] = members;
    const removed = held().get('betaTesters', gone);
    if (removed) held().remove(removed);
    await asc.removeLinkage('betaGroups', group.id, 'betaTesters', [out]);
    const now = () => [...held().relatedIds(group, 'betaTesters')].sort();
    expect(await read(`members/${group.id}`)).toMatchObject({ status: 'succeeded' });
    expect(await membersOf(group.id)).toEqual(now());
    expect([await stateOf(gone), (await events(gone)).at(-1)]).toEqual([undefined, 'left']);
    expect(await stateOf(out)).toBeDefined();
    expect(await events(out)).not.toContain('left');
    const count = async () =>
      (await db.query<{ n: number }>('SELECT testerCount AS n FROM betaGroups WHERE id = ?', [group.id]))[0]
        ?.n;
    expect(await count()).toBe(now().length);
    await asc.addLinkage('betaGroups', group.id, 'betaTesters', [out]);
    await read(`members/${group.id}`);
    expect(await membersOf(group.id)).toEqual(now());
    expect([(await membersOf(group.id)).includes(out), await count()]).toEqual([true, now().length]);
  });

  it('takes a group out that was deleted at Apple', async () => {
    const { group } = aGroup();
    held().remove(group);
    expect(await read(`members/${group.id}`)).toMatchObject({ status: 'succeeded' });
    expect(await db.query('SELECT 1 FROM betaGroups WHERE id = ?', [group.id])).toEqual([]);
    expect(await membersOf(group.id)).toEqual([]);
  });

  it('says what failed, goes on with the rest, and is not told as a sync of everything', async () => {
    const { appId } = aGroup();
    const lastSucceeded = async () => (await syncStatus(db, Date.now()))[0]?.lastSucceededAt;
    const before = await lastSucceeded();
    sandbox.parts().faults.add({ route: '/v1/betaTesters', kind: 'status', status: 409 });
    const result = await read(`betaTesters/${appId}`, 'builds');
    expect(result).toMatchObject({ mode: 'scoped', status: 'failed', isPartial: true });
    expect(Object.keys(result.perType)).toContain('builds');
    await read('builds');
    expect(await lastSucceeded()).toBe(before);
  });
});
