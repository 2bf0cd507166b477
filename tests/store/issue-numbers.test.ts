import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { movingReports } from '@/lib/feedback/counts';
import { type Grouped, groupingWrites } from '@/lib/feedback/grouping';
import { takeIn } from '@/lib/feedback/intake';
import { mergeIssues } from '@/lib/feedback/merging';
import { splitVariants } from '@/lib/feedback/splitting';
import { takenBack } from '@/lib/feedback/take-back';
import { queryMirror } from '@/lib/mirror/query';
import type { Store } from '@/lib/store/store';
import { ACCOUNT, aReading, issuesOf, NOW, reported, reportsOf } from '@/tests/factories/feedback-rows';
import { ENGINES } from '@/tests/factories/stores';

const BY = { accountId: ACCOUNT, now: NOW, by: null };

describe.each(ENGINES)('numbers of crash issues on $name', ({ open }) => {
  let db: Store;
  beforeEach(async () => {
    db = await open();
  });
  afterEach(() => db.close());

  const group = async (id: string, functions: string, accountId = ACCOUNT) => {
    const report = (await reportsOf(db, id)).find((row) => row.accountId === accountId) as Grouped;
    const writes = await groupingWrites(db, accountId, [{ report, reading: aReading(functions) }], NOW);
    await movingReports(db, accountId, writes);
  };
  const taken = async (ids: readonly string[], accountId = ACCOUNT) => {
    await reported(
      db,
      ids.map((id) => ({ id, accountId })),
    );
    await takeIn(db, { accountId, now: NOW });
  };
  const numberOf = async (id: string, accountId = ACCOUNT) => {
    const row = (await reportsOf(db, id)).find((one) => one.accountId === accountId);
    return (await issuesOf(db)).get(row?.issueId ?? '')?.number ?? null;
  };
  const issueOf = async (id: string) => (await reportsOf(db, id))[0]?.issueId ?? '';
  const found = async (type: 'issues' | 'feedback', search: string) =>
    (await queryMirror(db, type, { search, limit: 10 })).data.map(({ id }) => id);

  it('are given in turn, once, and not to what is no crash yet', async () => {
    await taken(['r1', 'r2', 'r3', 'r4']);
    expect(await numberOf('r1')).toBeNull();
    await group('r2', 'pay main');
    await group('r1', 'save main');
    await group('r3', 'pay main');
    expect([await numberOf('r2'), await numberOf('r1'), await numberOf('r3')]).toEqual([1, 2, 1]);
    // The newest goes with all of it: its number is given to no other.
    await db.write([db.build.deleteFrom('issues').where('number', '=', 2)]);
    await group('r4', 'load main');
    expect(await numberOf('r4')).toBe(3);
  });

  it('are of each account by itself', async () => {
    await taken(['r1']);
    await taken(['r1'], 'account-2');
    await group('r1', 'pay main');
    await group('r1', 'pay main', 'account-2');
    expect([await numberOf('r1'), await numberOf('r1', 'account-2')]).toEqual([1, 1]);
  });

  it('are given by two at once, none twice', async () => {
    const ids = Array.from({ length: 8 }, (_, at) => `r${at}`);
    await taken(ids);
    await Promise.all(ids.map((id, at) => group(id, `f${at} main`)));
    const numbers = await Promise.all(ids.map((id) => numberOf(id)));
    expect(numbers.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('stay through merges and splits, and lead on', async () => {
    await taken(['r1', 'r2', 'r3']);
    await group('r1', 'pay main a');
    await group('r2', 'save main');
    await group('r3', 'pay main b');
    const [first, second] = [await issueOf('r1'), await issueOf('r2')];
    const merged = await mergeIssues(db, { ...BY, into: second, from: [first] });
    await movingReports(db, ACCOUNT, merged.writes);
    expect((await issuesOf(db)).get(first)?.number).toBe(1);
    expect(await found('issues', '#1')).toEqual([second]);
    expect((await found('feedback', '#1')).toSorted()).toEqual(['r1', 'r2', 'r3']);
    await movingReports(db, ACCOUNT, takenBack(db, merged.takeBack, { now: NOW, by: null }));
    expect(await found('issues', ' #1 ')).toEqual([first]);
    const split = await splitVariants(db, { ...BY, issueId: first, variants: ['vpay-main-b'] });
    await movingReports(db, ACCOUNT, split.writes);
    expect([await numberOf('r1'), await numberOf('r3')]).toEqual([1, 3]);
    expect(await found('issues', '#4')).toEqual([]);
    expect(await found('issues', '#1x')).toEqual([]);
  });
});
