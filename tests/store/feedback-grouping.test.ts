import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attachReports, detachReports } from '@/lib/feedback/attaching';
import { movingReports } from '@/lib/feedback/counts';
import { type Grouped, groupingWrites } from '@/lib/feedback/grouping';
import { ownIssueId, takeIn } from '@/lib/feedback/intake';
import { mergeIssues } from '@/lib/feedback/merging';
import type { Placement } from '@/lib/feedback/placement';
import type { Reading } from '@/lib/feedback/reading';
import { splitReports, splitVariants } from '@/lib/feedback/splitting';
import { takenBack } from '@/lib/feedback/take-back';
import { StaleWriteError } from '@/lib/store/errors';
import type { Store } from '@/lib/store/store';
import {
  ACCOUNT,
  APP,
  type AReport,
  aReading,
  issuesOf,
  NOW,
  reported,
  reportsOf,
  together,
} from '@/tests/factories/feedback-rows';
import { ENGINES } from '@/tests/factories/stores';

const BY = { accountId: ACCOUNT, now: NOW + 5, by: 'mara' };

describe.each(ENGINES)('feedback on $name', ({ open }) => {
  let db: Store;
  beforeEach(async () => {
    db = await open();
  });
  afterEach(() => db.close());

  const intake = (accountId = ACCOUNT) => takeIn(db, { accountId, now: NOW });
  const taken = async (reports: readonly AReport[]) => {
    await reported(db, reports);
    await intake();
  };
  /** Reads logs as the lane does: together, or one after the other. */
  const group = async (readings: Readonly<Record<string, Reading>>) => {
    const rows = await reportsOf(db, ...Object.keys(readings));
    const reports = rows.map((row) => ({ report: row as Grouped, reading: readings[row.id] as Reading }));
    await movingReports(db, ACCOUNT, await groupingWrites(db, ACCOUNT, reports, NOW));
  };
  const issueOf = async (id: string) => (await reportsOf(db, id))[0]?.issueId ?? '';
  const carryOut = async (placement: Placement) => {
    await movingReports(db, ACCOUNT, placement.writes);
    return JSON.parse(JSON.stringify(placement.takeBack)) as Placement['takeBack'];
  };
  const undo = (takeBack: Placement['takeBack']) =>
    movingReports(db, ACCOUNT, takenBack(db, takeBack, { now: NOW + 9, by: 'mara' }));
  const triaged = (id: string, values: object) =>
    db.write([
      db.build
        .updateTable('issues')
        .set({ version: 2, ...values })
        .where('id', '=', id),
    ]);
  const aliasSources = async () =>
    (await db.read(db.build.selectFrom('issueAliases').selectAll().orderBy('hash'))).map(
      ({ hash, source }) => `${hash} ${source}`,
    );

  describe('taken in', () => {
    it('gives each report an issue of its own, once, however often it is repeated', async () => {
      await reported(db, [
        { id: 'r1', type: 'screenshot', comment: '\n  First line \u2028second', testerId: 't1' },
        { id: 'r2', comment: null, email: 'a@example.com' },
      ]);
      expect(await intake()).toBe(2);
      expect(await intake()).toBe(0);
      const issues = await issuesOf(db);
      expect([...issues.keys()].sort()).toEqual(
        [ownIssueId(ACCOUNT, 'r1'), ownIssueId(ACCOUNT, 'r2')].sort(),
      );
      expect(issues.get(ownIssueId(ACCOUNT, 'r1'))).toMatchObject({
        ...{ kind: 'report', title: 'First line', status: 'new', reportCount: 1, testerCount: 1, version: 1 },
        ...{ appId: APP, accountId: ACCOUNT, firstDate: '2026-02-28T10:00:00.000Z' },
      });
      expect(issues.get(ownIssueId(ACCOUNT, 'r2'))).toMatchObject({ title: '', testerCount: 1 });
      expect((await reportsOf(db)).map(({ logState }) => logState)).toEqual([null, 'wanted']);
    });

    it('leaves what has an issue already, and takes in what two workers take in together once', async () => {
      await reported(db, [{ id: 'r1' }, { id: 'r2', accountId: 'other' }]);
      await Promise.all([intake(), takeIn({ ...db }, { accountId: ACCOUNT, now: NOW })]);
      expect((await issuesOf(db)).size).toBe(1);
      await triaged(ownIssueId(ACCOUNT, 'r1'), { status: 'triaged' });
      await reported(db, [{ id: 'r3' }]);
      await intake();
      expect((await issuesOf(db)).get(ownIssueId(ACCOUNT, 'r1'))?.status).toBe('triaged');
      expect((await reportsOf(db, 'r2'))[0]?.issueId).toBeNull();
    });

    it('takes in a first run of many in portions, between which others have a turn', async () => {
      await reported(
        db,
        Array.from({ length: 2_100 }, (_, at) => ({
          id: `r${String(at).padStart(5, '0')}`,
          comment: `No ${at}`,
        })),
      );
      let turns = 0;
      let isDone = false;
      const turn = () => {
        turns += 1;
        if (!isDone) setImmediate(turn);
      };
      setImmediate(turn);
      expect(await intake()).toBe(2_100);
      isDone = true;
      expect(turns).toBeGreaterThan(3);
      expect((await issuesOf(db)).size).toBe(2_100);
    });
  });

  describe('grouped', () => {
    it('puts like crashes into one issue, which the first of them becomes', async () => {
      await taken([
        { id: 'a', testerId: 't1' },
        { id: 'b', testerId: 't2' },
        { id: 'c', testerId: 't1' },
        { id: 'd', testerId: null },
      ]);
      await triaged(ownIssueId(ACCOUNT, 'a'), { assigneeId: 'mara' });
      await group({ a: aReading('save tap body') });
      await group({
        b: aReading('save tap other'),
        c: aReading('save tap body'),
        d: aReading('load tap body'),
      });
      expect(await together(db)).toEqual(['a b c', 'd']);
      const issues = await issuesOf(db);
      // What nobody touched is gone with its report.
      expect(issues.size).toBe(2);
      expect(issues.get(ownIssueId(ACCOUNT, 'a'))).toMatchObject({
        ...{ kind: 'crash', crashKind: 'BAD_ACCESS', topFrame: 'save', reportCount: 3, testerCount: 2 },
        ...{
          assigneeId: 'mara',
          firstDate: '2026-02-28T10:00:00.000Z',
          lastDate: '2026-02-28T10:02:00.000Z',
        },
      });
    });

    it('keeps apps apart', async () => {
      await taken([{ id: 'a' }, { id: 'b', appId: 'app-2' }]);
      await group({ a: aReading('save tap'), b: aReading('save tap') });
      expect(await together(db)).toEqual(['a', 'b']);
    });

    it('leaves what cannot be grouped alone', async () => {
      await taken([{ id: 'a' }, { id: 'b' }]);
      const nothing = { issueHash: null, variantHash: null, crashKind: null, topFrame: null };
      await group({ a: aReading('', nothing), b: aReading('', nothing) });
      expect(await together(db)).toEqual(['a', 'b']);
      expect((await reportsOf(db)).map(({ rule }) => rule)).toEqual([1, 1]);
    });

    it('makes one issue when two workers read like crashes at once', async () => {
      await taken([{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }]);
      await Promise.all(['a', 'b', 'c', 'd'].map((id) => group({ [id]: aReading('save tap body') })));
      expect(await together(db)).toEqual(['a b c d']);
      const issues = [...(await issuesOf(db)).values()];
      expect(issues.map(({ reportCount }) => reportCount)).toEqual([4]);
    });

    it('takes what was said of a lone report along into the issue it belongs to', async () => {
      await taken([{ id: 'a' }, { id: 'b' }, { id: 's', type: 'screenshot' }]);
      await group({ a: aReading('save tap') });
      const own = ownIssueId(ACCOUNT, 'b');
      await triaged(own, { assigneeId: 'mara', priority: 3, status: 'inProgress' });
      const note = { authorId: 'mara', text: 'Seen it', createdAt: 1, updatedAt: 1 };
      await db.write([
        db.build.insertInto('issueNotes').values({ id: 'n1', issueId: own, ...note }),
        db.build.insertInto('issueLabels').values({ issueId: own, label: 'launch', createdAt: 1 }),
      ]);
      await carryOut(await attachReports(db, { issueId: own, reportIds: ['s'], ...BY }));
      await group({ b: aReading('save tap') });
      expect(await together(db)).toEqual(['a b s']);
      const into = await issueOf('a');
      const issues = await issuesOf(db);
      expect(issues.get(into)).toMatchObject({
        ...{ assigneeId: 'mara', priority: 3, status: 'inProgress', reportCount: 3 },
      });
      expect(issues.get(own)).toMatchObject({ mergedInto: into, reportCount: 0 });
      const [kept] = await db.read(db.build.selectFrom('issueNotes').selectAll());
      expect(kept?.issueId).toBe(into);
      const labels = await db.read(
        db.build.selectFrom('issueLabels').select('label').where('issueId', '=', into),
      );
      expect(labels).toEqual([{ label: 'launch' }]);
    });
  });

  describe('by a newer rule', () => {
    const newer = (functions: string) => aReading(functions, { rule: 2 });

    it('keeps an issue whose reports all get the same new hash', async () => {
      await taken([{ id: 'a' }, { id: 'b' }]);
      await group({ a: aReading('save tap'), b: aReading('save tap') });
      const issueId = await issueOf('a');
      await triaged(issueId, { status: 'wontFix', assigneeId: 'mara' });
      await group({ b: newer('store tap') });
      await group({ a: newer('store tap') });
      expect(await together(db)).toEqual(['a b']);
      expect(await issueOf('a')).toBe(issueId);
      expect((await issuesOf(db)).get(issueId)).toMatchObject({
        ...{ status: 'wontFix', assigneeId: 'mara', topFrame: 'store', reportCount: 2 },
      });
    });

    it('parts what the old rule had together, and joins what it had apart', async () => {
      await taken([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
      await group({ a: aReading('x y'), b: aReading('x y'), c: aReading('p q') });
      const [x, p] = [await issueOf('a'), await issueOf('c')];
      await triaged(x, { assigneeId: 'mara' });
      await triaged(p, { status: 'inProgress', priority: 4 });
      await group({ a: newer('x one'), b: newer('x two'), c: newer('x one') });
      expect(await together(db)).toEqual(['a c', 'b']);
      expect(await issueOf('a')).toBe(x);
      const issues = await issuesOf(db);
      expect(issues.get(x)).toMatchObject({ assigneeId: 'mara', priority: 4, status: 'inProgress' });
      expect(issues.get(p)).toMatchObject({ mergedInto: x, status: 'inProgress' });
    });

    it('lets merges by hand stand', async () => {
      await taken([{ id: 'a' }, { id: 'b' }]);
      await group({ a: aReading('x y'), b: aReading('p q') });
      const into = await issueOf('a');
      await carryOut(await mergeIssues(db, { into, from: [await issueOf('b')], ...BY }));
      await group({ b: newer('p2 q') });
      await group({ a: newer('x2 y') });
      expect(await together(db)).toEqual(['a b']);
      expect(await issueOf('b')).toBe(into);
      expect((await issuesOf(db)).get(into)?.topFrame).toBe('x2');
      await taken([{ id: 'c' }, { id: 'd' }]);
      await group({ c: newer('p2 q'), d: newer('x2 y') });
      expect(await together(db)).toEqual(['a b c d']);
    });

    it('lets splits by hand stand', async () => {
      await taken([{ id: 'a' }, { id: 'b' }]);
      await group({ a: aReading('x y one'), b: aReading('x y two') });
      const split = await splitVariants(db, { issueId: await issueOf('a'), variants: ['vx-y-two'], ...BY });
      await carryOut(split);
      expect(await together(db)).toEqual(['a', 'b']);
      await group({ b: newer('x2 y two'), a: newer('x2 y one') });
      expect(await together(db)).toEqual(['a', 'b']);
      await taken([{ id: 'c' }, { id: 'd' }]);
      await group({ c: newer('x2 y two'), d: newer('x2 y three') });
      expect(await together(db)).toEqual(['a d', 'b c']);
    });

    it('lets a merge by hand win over a rule that has put like reports elsewhere', async () => {
      await taken([{ id: 'a' }, { id: 'b' }, { id: 'k' }]);
      await group({ a: aReading('x y'), b: aReading('p q'), k: aReading('k l') });
      const into = await issueOf('a');
      await carryOut(await mergeIssues(db, { into, from: [await issueOf('b')], ...BY }));
      await group({ k: newer('p2 q') });
      expect(await together(db)).toEqual(['a b', 'k']);
      await group({ b: newer('p2 q') });
      expect(await together(db)).toEqual(['a b k']);
      expect((await issuesOf(db)).get(into)?.reportCount).toBe(3);
    });
  });

  describe('placed by hand', () => {
    const three = async () => {
      await taken([
        { id: 'a', testerId: 't1' },
        { id: 'b', testerId: 't2' },
        { id: 'c', testerId: 't3' },
        { id: 's', type: 'screenshot', testerId: 't1', comment: 'Look' },
      ]);
      await group({ a: aReading('x y one'), b: aReading('x y two'), c: aReading('p q') });
    };

    it('merges issues, later reports too, and takes it back with what came since', async () => {
      await three();
      const [into, from] = [await issueOf('a'), await issueOf('c')];
      const takeBack = await carryOut(
        await mergeIssues(db, { into, from: [from, await issueOf('s')], ...BY }),
      );
      await taken([{ id: 'd' }]);
      await group({ d: aReading('p q') });
      expect(await together(db)).toEqual(['a b c d s']);
      expect(await aliasSources()).toEqual(['p-q merge', 'x-y rule']);
      let issues = await issuesOf(db);
      expect(issues.get(into)).toMatchObject({ reportCount: 5, testerCount: 3, version: 2 });
      expect(issues.get(from)).toMatchObject({ reportCount: 0, mergedInto: into, lastDate: null });
      await undo(takeBack);
      expect(await together(db)).toEqual(['a b', 'c d', 's']);
      issues = await issuesOf(db);
      expect(issues.get(into)).toMatchObject({ reportCount: 2 });
      expect(issues.get(from)).toMatchObject({ reportCount: 2, mergedInto: null });
      expect(await aliasSources()).toEqual(['p-q rule', 'x-y rule']);
    });

    it('refuses a merge of what was merged away meanwhile, or of another app', async () => {
      await three();
      await taken([{ id: 'z', appId: 'app-2' }]);
      const [into, from] = [await issueOf('a'), await issueOf('c')];
      const late = await mergeIssues(db, { into: from, from: [into], ...BY });
      await carryOut(await mergeIssues(db, { into, from: [from], ...BY }));
      await expect(carryOut(late)).rejects.toBeInstanceOf(StaleWriteError);
      const foreign = await mergeIssues(db, { into, from: [await issueOf('z')], ...BY });
      await expect(carryOut(foreign)).rejects.toBeInstanceOf(StaleWriteError);
      expect(await together(db)).toEqual(['a b c', 's', 'z']);
    });

    it('splits variants and single reports, and takes it back', async () => {
      await three();
      const issueId = await issueOf('a');
      const variants = await splitVariants(db, { issueId, variants: ['vx-y-two'], ...BY });
      const takeVariantsBack = await carryOut(variants);
      expect(await together(db)).toEqual(['a', 'b', 'c', 's']);
      expect((await issuesOf(db)).get(variants.issueId)).toMatchObject({
        ...{ kind: 'crash', crashKind: 'BAD_ACCESS', topFrame: 'x', reportCount: 1, status: 'new' },
      });
      await undo(takeVariantsBack);
      expect(await together(db)).toEqual(['a b', 'c', 's']);
      expect(await aliasSources()).toEqual(['p-q rule', 'x-y rule']);
      const single = await splitReports(db, { issueId, reportIds: ['a'], ...BY });
      const takeSingleBack = await carryOut(single);
      await group({ a: aReading('x y one', { rule: 2 }) });
      expect(await together(db)).toEqual(['a', 'b', 'c', 's']);
      await undo(takeSingleBack);
      expect(await together(db)).toEqual(['a b', 'c', 's']);
      expect((await issuesOf(db)).get(issueId)?.reportCount).toBe(2);
    });

    it('attaches a screenshot to a crash issue, takes it out again, and takes both back', async () => {
      await three();
      const issueId = await issueOf('a');
      const own = ownIssueId(ACCOUNT, 's');
      const attached = await carryOut(await attachReports(db, { issueId, reportIds: ['s'], ...BY }));
      expect(await together(db)).toEqual(['a b s', 'c']);
      expect((await issuesOf(db)).get(own)).toMatchObject({ mergedInto: issueId, reportCount: 0 });
      expect((await issuesOf(db)).get(issueId)).toMatchObject({ reportCount: 3, testerCount: 2 });
      const detached = await carryOut(await detachReports(db, { issueId, reportIds: ['s'], ...BY }));
      expect(await together(db)).toEqual(['a b', 'c', 's']);
      expect((await issuesOf(db)).get(own)).toMatchObject({
        mergedInto: null,
        reportCount: 1,
        title: 'Look',
      });
      await undo(detached);
      expect(await together(db)).toEqual(['a b s', 'c']);
      expect((await issuesOf(db)).get(own)).toMatchObject({ mergedInto: issueId, reportCount: 0 });
      await undo(attached);
      expect(await together(db)).toEqual(['a b', 'c', 's']);
      expect((await issuesOf(db)).get(own)).toMatchObject({ mergedInto: null, reportCount: 1 });
    });

    it('puts a crash that was attached elsewhere back where the rule has it', async () => {
      await three();
      const issueId = await issueOf('a');
      const wrong = await issueOf('c');
      await carryOut(await attachReports(db, { issueId: wrong, reportIds: ['b'], ...BY }));
      expect(await together(db)).toEqual(['a', 'b c', 's']);
      await carryOut(await detachReports(db, { issueId: wrong, reportIds: ['b'], ...BY }));
      expect(await together(db)).toEqual(['a b', 'c', 's']);
      expect(await issueOf('b')).toBe(issueId);
    });
  });
});
