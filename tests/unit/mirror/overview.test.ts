import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupTestersByState, overview } from '@/lib/mirror/overview';
import type { ResourceLike } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import { attentionOf } from '@/lib/services/alerts/attention';
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
const attention = async () =>
  (await attentionOf(db, NOW)).filter(({ appId }) => appId === '1').map(({ kind, id }) => `${kind} ${id}`);

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

  it('names the builds that need somebody today', async () => {
    await storeBuild('soon', { attributes: { expirationDate: iso(6) } });
    await storeBuild('later', { attributes: { expirationDate: iso(8) } });
    await storeBuild('past', { attributes: { expirationDate: iso(-1), expired: true } });
    await storeBuild('export', {
      attributes: { expirationDate: iso(80) },
      detail: {
        internalBuildState: 'MISSING_EXPORT_COMPLIANCE',
        externalBuildState: 'MISSING_EXPORT_COMPLIANCE',
      },
    });
    await storeBuild('waits', {
      attributes: { expirationDate: iso(80) },
      detail: { externalBuildState: 'IN_BETA_REVIEW' },
    });
    await storeBuild('refused', {
      attributes: { expirationDate: iso(80) },
      detail: { externalBuildState: 'BETA_REJECTED' },
    });
    expect(await attention()).toEqual([
      'build_expiring soon',
      'export_compliance_missing export',
      'review_rejected refused',
      'waiting_for_review waits',
    ]);
  });

  it('names links that are nearly full', async () => {
    const link = { publicLinkEnabled: true, publicLinkLimitEnabled: true, publicLinkLimit: 100 };
    await store([
      aGroup('full', '1', link, 90),
      aGroup('room', '1', link, 89),
      aGroup('off', '1', { ...link, publicLinkEnabled: false }, 99),
    ]);
    expect(await attention()).toEqual(['link_nearly_full full']);
  });

  it('counts only those who came by the link once every member is known', async () => {
    const link = { publicLinkEnabled: true, publicLinkLimitEnabled: true, publicLinkLimit: 2 };
    await store([aGroup('mixed', '1', link, 2), aGroup('link', '1', link, 2)]);
    const tester = (id: string, inviteType: string, groups: string[]) => aTester(id, { inviteType }, groups);
    await store(
      [
        tester('a', 'EMAIL', ['mixed']),
        tester('b', 'PUBLIC_LINK', ['mixed', 'link']),
        tester('c', 'PUBLIC_LINK', ['link']),
      ],
      '1',
    );
    expect(await attention()).toEqual(['link_nearly_full link']);
  });

  it('names a refused key and a failed sync for the whole account', async () => {
    await db.write([
      {
        sql: `UPDATE "Account" SET status = 'unauthorized', statusDetail = 'refused', statusAt = ?`,
        params: [NOW],
      },
      {
        sql: `INSERT INTO syncRuns (id, accountId, mode, status, "trigger", error, startedAt, updatedAt, finishedAt) VALUES ('r', ?, 'full', 'failed', 'start', 'No.', 1, 2, 3)`,
        params: [A],
      },
    ]);
    expect((await attentionOf(db, NOW)).map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
      'sync_failed: No.',
      'key_refused: unauthorized: refused',
    ]);
  });

  it('counts the members of a group by state', async () => {
    await store([aTester('a', {}, ['g']), aTester('b', { state: 'INVITED' }, ['g']), aTester('c')], '1');
    expect(await groupTestersByState(db, A, 'g')).toEqual({
      total: 2,
      byState: { INSTALLED: 1, INVITED: 1 },
    });
  });
});
