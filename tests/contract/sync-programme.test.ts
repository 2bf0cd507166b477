import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AscClient } from '@/lib/asc/client-interface';
import type { Sandbox } from '@/lib/sandbox/server';
import type { SyncResult } from '@/lib/sync/run';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { ACCOUNT, addAccount, quietSandbox, sandboxClient, syncOnce } from '@/tests/factories/synced';

describe('the medium programme: ten apps of two thousand testers', () => {
  let sandbox: Sandbox;
  let asc: AscClient;
  let db: TestDatabase;
  let first: SyncResult;

  beforeAll(async () => {
    sandbox = await quietSandbox({ size: 'medium' });
    asc = sandboxClient(sandbox);
    db = await testDatabase();
    await addAccount(db);
    first = await syncOnce(db, asc);
  }, 180_000);
  afterAll(async () => {
    await db.close();
    await sandbox.close();
  });

  const requests = () => sandbox.parts().requests.entries();

  it('takes the least requests there can be, none refused, none repeated', () => {
    expect(first).toMatchObject({ status: 'succeeded', requests: 125 });
    expect(requests()).toHaveLength(125);
    expect(new Set(requests().map(({ url }) => url)).size).toBe(125);
    expect(requests().filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('holds exactly what the programme holds', async () => {
    const counts = await fetch(`${sandbox.baseUrl}/sandbox/counts`).then(
      (answer) => answer.json() as Promise<{ types: Record<string, number> }>,
    );
    const ours = async (sql: string) =>
      (await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${sql}`))[0]?.n;
    expect({
      apps: await ours('apps'),
      betaGroups: await ours('betaGroups'),
      betaTesters: await ours('betaTesters'),
      builds: await ours('builds'),
      preReleaseVersions: await ours('preReleaseVersions'),
      betaBuildLocalizations: await ours('betaBuildLocalizations'),
      betaFeedbackCrashSubmissions: await ours(`feedback WHERE type = 'betaFeedbackCrashSubmissions'`),
      betaFeedbackScreenshotSubmissions: await ours(
        `feedback WHERE type = 'betaFeedbackScreenshotSubmissions'`,
      ),
    }).toMatchObject(
      Object.fromEntries(
        [
          'apps',
          'betaGroups',
          'betaTesters',
          'builds',
          'preReleaseVersions',
          'betaBuildLocalizations',
          'betaFeedbackCrashSubmissions',
          'betaFeedbackScreenshotSubmissions',
        ].map((type) => [type, counts.types[type]]),
      ),
    );
  });

  it('knows every membership, state and build state', async () => {
    const { store } = sandbox.parts().world;
    const groups = await db.query<{ id: string; testerCount: number; members: number; builds: number }>(
      `SELECT g.id, g.testerCount, (SELECT COUNT(*) FROM betaGroupTesters m WHERE m.accountId = g.accountId AND m.groupId = g.id) AS members,
         (SELECT COUNT(*) FROM buildGroups b WHERE b.accountId = g.accountId AND b.groupId = g.id) AS builds FROM betaGroups g`,
    );
    expect(groups).toHaveLength(store.all('betaGroups').size);
    for (const { id, testerCount, members, builds } of groups) {
      const group = store.get('betaGroups', id);
      if (!group) throw new Error(`The sandbox has no group ${id}.`);
      const truth = store.relatedCount(group, 'betaTesters');
      expect({ id, testerCount, members }).toEqual({ id, testerCount: truth, members: truth });
      expect({ id, builds }).toEqual({ id, builds: store.relatedCount(group, 'builds') });
    }
    const states = await db.query<{ state: string | null; n: number }>(
      'SELECT state, COUNT(*) AS n FROM betaTesters GROUP BY state',
    );
    expect(states.find(({ state }) => state === null)).toBeUndefined();
    expect(states.length).toBeGreaterThan(2);
    expect(
      await db.query(
        'SELECT id FROM builds WHERE internalBuildState IS NULL OR trainVersion IS NULL OR platform IS NULL',
      ),
    ).toEqual([]);
  });

  it('costs three requests and two per app when nothing is new', async () => {
    const before = requests().length;
    const quiet = await syncOnce(db, asc, { mode: 'incremental' });
    expect(quiet).toMatchObject({ status: 'succeeded', requests: 23 });
    expect(requests().length - before).toBe(23);
  });

  it('changes nothing when read again', async () => {
    const sizes = () =>
      db.query(
        `SELECT (SELECT COUNT(*) FROM betaTesters) AS testers, (SELECT COUNT(*) FROM betaGroupTesters) AS members,
          (SELECT COUNT(*) FROM testerEvents) AS events, (SELECT SUM(count) FROM betaTesterCounts) AS counted,
          (SELECT COUNT(*) FROM feedback WHERE goneAt IS NOT NULL) AS gone`,
      );
    const before = await sizes();
    expect(await syncOnce(db, asc)).toMatchObject({ status: 'succeeded', requests: 125 });
    expect(await sizes()).toEqual(before);
    expect(await db.query('SELECT status FROM "Account" WHERE id = ?', [ACCOUNT])).toEqual([
      { status: 'ok' },
    ]);
  }, 180_000);
});
