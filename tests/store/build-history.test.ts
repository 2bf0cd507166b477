import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildDayStatement, buildDays } from '@/lib/history/build-days';
import { buildEvents } from '@/lib/history/build-events';
import { evictStatements } from '@/lib/mirror/evict';
import { type UpsertInput, upsertStatements } from '@/lib/mirror/upsert';
import type { Store } from '@/lib/store/store';
import { aBuild } from '@/tests/factories/resources';
import { ENGINES } from '@/tests/factories/stores';
import { ACCOUNT, addAccount } from '@/tests/factories/synced';

describe.each(ENGINES)('what becomes of builds on $name', ({ open }) => {
  let db: Store;
  beforeEach(async () => {
    db = await open();
    await addAccount(db);
  });
  afterEach(() => db.close());

  const read = async (
    fetchedAt: number,
    [build, ...included]: ReturnType<typeof aBuild>,
    more: Partial<UpsertInput> = {},
  ) =>
    db.write(
      upsertStatements({
        ...{ accountId: ACCOUNT, resources: build ? [build] : [], included, fetchedAt, source: 'sync' },
        ...more,
      }),
    );
  const history = async () =>
    (await db.read(buildEvents({ accountId: ACCOUNT, buildId: 'b1', most: 50 })))
      .reverse()
      .map(({ kind, before, after, since, at }) => [kind, before, after, Number(since), Number(at)]);

  it('is noted once, between the two readings it was seen by, whatever read it', async () => {
    const young = { attributes: { processingState: 'PROCESSING', usesNonExemptEncryption: null } };
    const detail = { internalBuildState: 'PROCESSING', externalBuildState: 'PROCESSING' };
    await read(1_000, aBuild('b1', '1', { ...young, detail }));
    expect(await history()).toEqual([]);
    await read(2_000, aBuild('b1', '1', { ...young, detail }));
    expect(await history()).toEqual([]);

    const held = { internalBuildState: 'MISSING_EXPORT_COMPLIANCE', externalBuildState: 'PROCESSING' };
    await read(3_000, aBuild('b1', '1', { attributes: { usesNonExemptEncryption: null }, detail: held }));
    expect(await history()).toEqual([
      ['processingState', 'PROCESSING', 'VALID', 2_000, 3_000],
      ['internalBuildState', 'PROCESSING', 'MISSING_EXPORT_COMPLIANCE', 2_000, 3_000],
    ]);
    // An answer that started earlier and came later says nothing new.
    await read(2_500, aBuild('b1', '1', { ...young, detail }));
    expect(await history()).toHaveLength(2);

    const submitted = { review: { betaReviewState: 'WAITING_FOR_REVIEW' } };
    await read(4_000, aBuild('b1', '1', { detail: { ...held, autoNotifyEnabled: false }, ...submitted }));
    await read(
      5_000,
      aBuild('b1', '1', {
        attributes: { expired: true },
        detail: { ...held, autoNotifyEnabled: false },
        ...submitted,
      }),
    );
    expect((await history()).slice(2)).toEqual([
      ['betaReviewState', null, 'WAITING_FOR_REVIEW', 3_000, 4_000],
      ['usesNonExemptEncryption', null, '0', 3_000, 4_000],
      ['autoNotifyEnabled', '1', '0', 3_000, 4_000],
      ['expired', '0', '1', 4_000, 5_000],
    ]);
  });

  it('is noted of a detail that is read by itself, and is kept when the build is gone', async () => {
    await read(1_000, aBuild('b1', '1'));
    const [, , detail] = aBuild('b1', '1', { detail: { externalBuildState: 'EXPIRED' } });
    await read(2_000, detail ? [detail] : [], { source: 'read' });
    const seen = [['externalBuildState', 'IN_BETA_TESTING', 'EXPIRED', 1_000, 2_000]];
    expect(await history()).toEqual(seen);
    await db.write(evictStatements({ accountId: ACCOUNT, type: 'builds', ids: ['b1'], at: 9_000 }));
    expect(await history()).toEqual(seen);
  });

  it('keeps the last reading of each day of how a build is used, whichever is stored first', async () => {
    const noon = Date.parse('2026-03-20T12:00:00Z');
    const none = { inviteCount: null, crashCount: null, feedbackCount: null };
    const reading = (readAt: number, installCount: number | null, sessionCount = 1) =>
      buildDayStatement({
        ...{ accountId: ACCOUNT, appId: '1', buildId: 'b1', readAt },
        day: new Date(readAt).toISOString().slice(0, 10),
        ...{ ...none, installCount, sessionCount },
      });
    await db.write([reading(noon, 5), reading(noon - 60_000, 4), reading(noon + 60_000, 6)]);
    await db.write([reading(noon + 12 * 3_600_000, null, 9)]);
    const days = await db.read(buildDays({ accountId: ACCOUNT, buildId: 'b1', most: 5 }));
    expect(days.map(({ day, installCount, sessionCount }) => [day, installCount, sessionCount])).toEqual([
      ['2026-03-21', null, 9],
      ['2026-03-20', 6, 1],
    ]);
  });
});
