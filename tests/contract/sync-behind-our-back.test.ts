import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '@/lib/sandbox/server';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { addAccount, quietSandbox, sandboxClient, syncOnce } from '@/tests/factories/synced';

let sandbox: Sandbox;
let db: TestDatabase;

beforeAll(async () => {
  sandbox = await quietSandbox();
  db = await testDatabase();
  await addAccount(db);
  await syncOnce(db, sandboxClient(sandbox));
}, 60_000);
afterAll(async () => {
  await db.close();
  await sandbox.close();
});

/** Something happens at Apple without us. */
async function happens(event: Record<string, unknown>): Promise<{ id: string }> {
  const answer = await fetch(`${sandbox.baseUrl}/sandbox/events`, {
    method: 'POST',
    body: JSON.stringify(event),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { id: string };
}

async function twoCycles(): Promise<void> {
  for (const _ of [1, 2]) {
    const result = await syncOnce(db, sandboxClient(sandbox), { mode: 'incremental' });
    expect(result).toMatchObject({ status: 'succeeded', mode: 'incremental' });
  }
}

const one = async (sql: string) =>
  (await db.query<{ id: string; appId: string }>(sql))[0] ?? { id: '', appId: '' };
const count = async (sql: string) =>
  (await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${sql}`))[0]?.n;

describe('changes at Apple behind our back are true in the lists after two cycles (R25)', () => {
  it('a tester deleted just after a sweep', async () => {
    const { id } = await one(
      'SELECT t.id FROM betaTesters t JOIN betaGroupTesters m ON m.testerId = t.id AND m.appId = t.appId LIMIT 1',
    );
    await happens({ kind: 'remove', type: 'betaTesters', id });
    await twoCycles();
    expect(await count(`betaTesters WHERE id = '${id}'`)).toBe(0);
    expect(await count(`betaGroupTesters WHERE testerId = '${id}'`)).toBe(0);
  });

  it('somebody who joined, and what they do soon after', async () => {
    const { id: groupId } = await one(`SELECT id FROM betaGroups WHERE publicLinkEnabled = 1`);
    const { id } = await happens({ kind: 'join', groupId });
    await happens({ kind: 'set', type: 'betaTesters', id, attributes: { state: 'INVITED', nextAt: null } });
    await twoCycles();
    expect(await count(`betaTesters WHERE id = '${id}' AND state = 'INVITED'`)).toBe(1);
    await happens({ kind: 'install', testerId: id });
    await twoCycles();
    expect(await count(`betaTesters WHERE id = '${id}' AND state = 'INSTALLED'`)).toBe(1);
  });

  it('a group and an app that were renamed', async () => {
    const { id, appId } = await one('SELECT id, appId FROM betaGroups LIMIT 1');
    await happens({ kind: 'set', type: 'betaGroups', id, attributes: { name: 'Renamed' } });
    await happens({ kind: 'set', type: 'apps', id: appId, attributes: { name: 'Renamed app' } });
    await twoCycles();
    expect(await count(`betaGroups WHERE id = '${id}' AND name = 'Renamed'`)).toBe(1);
    expect(await count(`apps WHERE id = '${appId}' AND name = 'Renamed app'`)).toBe(1);
  });

  it('a group that was deleted', async () => {
    const { id } = await one('SELECT id FROM betaGroups WHERE isInternalGroup = 0 LIMIT 1');
    await happens({ kind: 'remove', type: 'betaGroups', id });
    await twoCycles();
    expect(await count(`betaGroups WHERE id = '${id}'`)).toBe(0);
    expect(await count(`betaGroupTesters WHERE groupId = '${id}'`)).toBe(0);
  });

  it('a build that is new, and its state', async () => {
    const { id: appId } = await one('SELECT id FROM apps LIMIT 1');
    const { id } = await happens({ kind: 'upload', appId });
    await twoCycles();
    expect(await count(`builds WHERE id = '${id}' AND processingState = 'PROCESSING'`)).toBe(1);
    await happens({ kind: 'finish-processing', buildId: id });
    await twoCycles();
    expect(await count(`builds WHERE id = '${id}' AND processingState = 'VALID'`)).toBe(1);
  });
});
