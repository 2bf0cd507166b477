import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupTestersByState, overview } from '@/lib/mirror/overview';
import type { ResourceLike } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { aBuild, aFeedback, aGroup, anApp, aTester, type BuildParts } from '@/tests/factories/resources';
import { ACCOUNT as A, addAccount } from '@/tests/factories/synced';

const NOW = Date.parse('2026-02-10T12:00:00Z');
const iso = (days: number) => new Date(NOW + days * 86_400_000).toISOString();
let db: TestDatabase;

beforeEach(async () => {
  db = await testDatabase();
  await addAccount(db);
  await store([anApp('1')]);
});
afterEach(() => db.close());

function store(resources: ResourceLike[], appId?: string, included: ResourceLike[] = []) {
  return db.write(
    upsertStatements({ accountId: A, resources, included, appId, fetchedAt: 1, source: 'sync' }),
  );
}
const storeBuild = (id: string, parts: BuildParts) => {
  const [build, ...included] = aBuild(id, '1', parts);
  return store(build ? [build] : [], undefined, included);
};
describe('overview', () => {
  it('counts what an app has', async () => {
    await store([
      aGroup('g1', '1', { publicLinkEnabled: true }),
      aGroup('g2', '1', { isInternalGroup: true }),
    ]);
    await store([aTester('a'), aTester('b', { state: 'INVITED' }), aTester('c', { state: null })], '1');
    await storeBuild('b1', { attributes: { uploadedDate: iso(-3), expirationDate: iso(87) } });
    await storeBuild('b2', { attributes: { uploadedDate: iso(-1), expirationDate: iso(89) } });
    await store(
      [
        aFeedback('f', 'Crash', { createdDate: iso(-1) }),
        aFeedback('old', 'Crash', { createdDate: iso(-9) }),
      ],
      '1',
    );
    const all = await overview(db, NOW);
    expect(all.apps).toMatchObject([
      {
        appId: '1',
        testers: { total: 3, byState: { INSTALLED: 1, INVITED: 1, '': 1 } },
        groups: { total: 2, external: 1, publicLinks: 1 },
        builds: { total: 2, active: 2 },
        latestBuild: { id: 'b2' },
        feedback: { total: 2, lastWeek: 1 },
        fetchedAt: null,
      },
    ]);
    expect(all.testers.total).toBe(3);
  });

  it('counts the members of a group by state', async () => {
    await store([aTester('a', {}, ['g']), aTester('b', { state: 'INVITED' }, ['g']), aTester('c')], '1');
    expect(await groupTestersByState(db, A, 'g')).toEqual({
      total: 2,
      byState: { INSTALLED: 1, INVITED: 1 },
    });
  });
});
