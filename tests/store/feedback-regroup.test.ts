import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RULE } from '@/lib/crash/signature';
import { movingReports } from '@/lib/feedback/counts';
import { type Grouped, groupingWrites } from '@/lib/feedback/grouping';
import { takeIn } from '@/lib/feedback/intake';
import { type Reading, readLog } from '@/lib/feedback/reading';
import { awakened, isRegression, judged, reopened, suspects } from '@/lib/feedback/regression';
import { regroup, regroupAsked } from '@/lib/feedback/regroup';
import { teamRules, teamRulesWritten } from '@/lib/feedback/team-rules';
import { StaleWriteError } from '@/lib/store/errors';
import type { Store } from '@/lib/store/store';
import { ipsFile } from '@/tests/factories/crash-files';
import {
  ACCOUNT,
  APP,
  aReading,
  issuesOf,
  NOW,
  reported,
  reportsOf,
  together,
} from '@/tests/factories/feedback-rows';
import { ENGINES } from '@/tests/factories/stores';

const clock = { now: () => NOW };
const log = (name: string) =>
  ipsFile({
    stack: [
      ['Harbour', `Harbour.${name}()`, 40],
      ['Harbour', 'Harbour.run()', 80],
    ],
  });

describe.each(ENGINES)('feedback regrouped and reopened on $name', ({ open }) => {
  let db: Store;
  beforeEach(async () => {
    db = await open();
  });
  afterEach(() => db.close());

  const stored = async (
    logs: Readonly<Record<string, string>>,
    read: (text: string) => Reading = readLog,
  ) => {
    const ids = Object.keys(logs);
    await reported(
      db,
      ids.map((id) => ({ id })),
    );
    await takeIn(db, { accountId: ACCOUNT, now: NOW });
    const rows = await reportsOf(db, ...ids);
    await movingReports(
      db,
      ACCOUNT,
      await groupingWrites(
        db,
        ACCOUNT,
        rows.map((row) => ({ report: row as Grouped, reading: read(logs[row.id] ?? '') })),
        NOW,
      ),
    );
    await db.write([
      ...ids.map((feedbackId) =>
        db.build.insertInto('crashLogs').values({
          ...{ accountId: ACCOUNT, feedbackId, bytes: gzipSync(logs[feedbackId] ?? '') },
          ...{ size: 1, storedAt: NOW },
        }),
      ),
      db.build.updateTable('feedback').set({ logState: 'stored' }),
    ]);
  };

  it('reads kept logs again by a newer rule, once', async () => {
    // The old rule took all for one.
    await stored({ a: log('save'), b: log('save'), c: log('load') }, () => aReading('x y', { rule: 0 }));
    expect(await together(db)).toEqual(['a b c']);
    const [before] = await reportsOf(db, 'a');
    const two = [db, { ...db }].map((one) => regroup(one, { accountId: ACCOUNT, team: {}, clock }));
    await Promise.all(two);
    expect(await together(db)).toEqual(['a b', 'c']);
    const rows = await reportsOf(db);
    expect(rows.map(({ rule }) => rule)).toEqual([RULE, RULE, RULE]);
    expect(rows.some(({ issueId }) => issueId === before?.issueId)).toBe(true);
    expect([...(await issuesOf(db)).values()].map(({ topFrame }) => topFrame).sort()).toEqual([
      'load',
      'save',
    ]);
    expect(await regroup(db, { accountId: ACCOUNT, team: {}, clock })).toBe(0);
  });

  it('reads again what symbols came for, and all when the team says what is its own', async () => {
    await stored({ a: log('save'), b: log('load') });
    await db.write([regroupAsked(db, ACCOUNT, ['b'])]);
    expect(await regroup(db, { accountId: ACCOUNT, team: {}, clock })).toBe(1);
    await db.write(teamRulesWritten(db, { helpers: ['save', 'load'] }, NOW));
    const team = await teamRules(db);
    expect(team.helpers).toEqual(['save', 'load']);
    expect(await regroup(db, { accountId: ACCOUNT, team, clock })).toBe(2);
    expect(await together(db)).toEqual(['a b']);
  });

  it('leaves what cannot be unpacked where it is', async () => {
    await stored({ a: log('save'), b: log('save') });
    await db.write([
      db.build
        .updateTable('crashLogs')
        .set({ bytes: Buffer.from('no gzip') })
        .where('feedbackId', '=', 'a'),
      db.build.updateTable('feedback').set({ rule: 0 }),
    ]);
    expect(await regroup(db, { accountId: ACCOUNT, team: {}, clock })).toBe(2);
    expect(await together(db)).toEqual(['a b']);
    expect(await regroup(db, { accountId: ACCOUNT, team: {}, clock })).toBe(0);
  });

  const build = (id: string, uploadedDate: string, platform = 'IOS') =>
    db.build.insertInto('builds').values({
      ...{ accountId: ACCOUNT, id, appId: APP, version: '1', platform, uploadedDate },
      ...{ document: '{}', generation: 1, fetchedAt: 1 },
    });
  const resolved = async () => {
    await stored({ a: log('save') });
    const [row] = await reportsOf(db, 'a');
    await db.write([
      build('b7', '2026-02-07T00:00:00.000Z'),
      build('b6', '2026-02-06T00:00:00.000Z'),
      build('mac8', '2026-02-08T00:00:00.000Z', 'MAC_OS'),
      db.build
        .updateTable('issues')
        .set({
          ...{ status: 'resolved', resolvedBuildId: 'b7', resolvedPlatform: 'IOS', version: 2 },
          ...{ resolvedDate: '2026-02-07T00:00:00.000Z', resolvedLabel: '1.4 (7)', assigneeId: 'mara' },
        })
        .where('id', '=', row?.issueId ?? ''),
    ]);
    return row?.issueId ?? '';
  };
  const arrives = async (id: string, buildId: string | null) => {
    await reported(db, [{ id, buildId }]);
    await takeIn(db, { accountId: ACCOUNT, now: NOW });
    const [row] = await reportsOf(db, id);
    const reading = readLog(log('save'));
    const reports = [{ report: row as Grouped, reading }];
    await movingReports(db, ACCOUNT, await groupingWrites(db, ACCOUNT, reports, NOW));
    return (await suspects(db, ACCOUNT)).filter((one) => one.id === id);
  };

  it('takes only a newer build of the same platform for a regression', async () => {
    await resolved();
    const verdict = async (id: string, buildId: string) => (await arrives(id, buildId)).map(isRegression);
    expect(await verdict('old', 'b6')).toEqual([false]);
    expect(await verdict('same', 'b7')).toEqual([false]);
    expect(await verdict('mac', 'mac8')).toEqual([false]);
    await db.write([build('b8', '2026-02-08T00:00:00.000Z')]);
    expect(await verdict('new', 'b8')).toEqual([true]);
    expect(await arrives('nobody', null)).toEqual([]);
  });

  it('judges a report whose build is told later, and none that came before it was resolved', async () => {
    const issueId = await resolved();
    expect(await arrives('early', 'b9')).toEqual([]);
    await db.write([build('b9', '2026-02-09T00:00:00.000Z')]);
    const [report] = await suspects(db, ACCOUNT);
    expect(report).toMatchObject({ id: 'early', issueId, buildId: 'b9' });
    if (!report) return;
    const writes = [...reopened(report, NOW), judged({ accountId: ACCOUNT, ids: ['early'] })];
    await db.write(writes);
    expect((await issuesOf(db)).get(issueId)).toMatchObject({
      ...{ status: 'new', regressedAt: NOW, regressedBuildId: 'b9', version: 3, resolvedLabel: '1.4 (7)' },
    });
    expect(await suspects(db, ACCOUNT)).toEqual([]);
    const notices = await db.read(db.build.selectFrom('notices').selectAll());
    expect(notices).toMatchObject([{ userId: 'mara', kind: 'regressed', issueId, readAt: null }]);
    // Whoever comes second changes nothing.
    await expect(db.write(writes)).rejects.toBeInstanceOf(StaleWriteError);
    expect(await arrives('later', 'b9')).toEqual([]);
  });

  it('wakes what sleeps until a build when one of its platform is newer', async () => {
    await stored({ a: log('save'), b: log('load') });
    const snoozed = { snoozedDate: '2026-02-07T00:00:00.000Z', snoozedPlatform: 'IOS' };
    await db.write([
      db.build.updateTable('issues').set(snoozed),
      build('b7', '2026-02-07T00:00:00.000Z'),
      build('mac9', '2026-02-09T00:00:00.000Z', 'MAC_OS'),
    ]);
    const asleep = async () =>
      [...(await issuesOf(db)).values()].filter(({ snoozedDate }) => snoozedDate !== null).length;
    await db.write([awakened({ accountId: ACCOUNT })]);
    expect(await asleep()).toBe(2);
    await db.write([build('b8', '2026-02-08T00:00:00.000Z'), awakened({ accountId: ACCOUNT })]);
    expect(await asleep()).toBe(0);
  });
});
