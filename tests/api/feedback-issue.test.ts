import { afterEach, expect, it } from 'vitest';
import { verifyChain } from '@/lib/audit/verify';
import { collectLogs, judgeReports, takeInFeedback } from '@/lib/services/feedback/collect';
import { readExample, readIssueFigures, readIssueRate } from '@/lib/services/feedback/issue';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

interface Row {
  id: string;
  appId: string;
  reportCount: number;
  crashKind: string;
}

async function open() {
  const opened = await apiBench();
  bench = opened;
  const ctx = opened.app.ctx({ kind: 'system', name: 'worker' }, 'test');
  await takeInFeedback(ctx, ACCOUNT);
  await collectLogs(ctx, ACCOUNT, new AbortController().signal);
  const [issue] = await opened.db.query<Row>(
    "SELECT id, appId, reportCount, crashKind FROM issues WHERE kind = 'crash' ORDER BY reportCount DESC, id LIMIT 1",
  );
  if (!issue) throw new Error('There is no crash issue.');
  const as = (role: 'viewer' | 'triager') =>
    opened.app.ctx({ kind: 'user', sessionId: 's', ...opened.users[role], role }, role);
  return { ...opened, ctx, issue, as };
}

it('tells of an issue what its reports say, with masked addresses for viewers', async () => {
  const { issue, as, db } = await open();
  const figures = await readIssueFigures(as('triager'), issue.id);
  const sum = (shares: readonly { count: number }[]) => shares.reduce((total, { count }) => total + count, 0);
  expect(figures).toMatchObject({ id: issue.id, kind: 'crash', reportCount: issue.reportCount });
  for (const shares of [
    figures.perDay,
    figures.builds,
    figures.devices,
    figures.osVersions,
    figures.variants,
  ])
    expect(sum(shares)).toBe(issue.reportCount);
  expect(figures.builds[0]?.trainVersion).toMatch(/^\d/);
  expect(figures.perDay.map(({ day }) => day)).toEqual(figures.perDay.map(({ day }) => day).sort());
  expect(figures.firstDate).toMatch(/^20/);
  const known = figures.testers.find(({ email }) => email !== null);
  expect(known?.email).toContain('@');
  const shown = JSON.stringify(await readIssueFigures(as('viewer'), issue.id));
  expect(shown).not.toContain(known?.email);
  expect(shown).toContain('•••@');
  const example = await readExample(as('viewer'), issue.id);
  expect(example?.report).toMatchObject({ kind: 'crash' });
  expect(example?.report.stack.some(({ isInApp }) => isInApp)).toBe(true);
  expect(example?.report.imageCount).toBeGreaterThan(0);
  await expect(readIssueFigures(as('viewer'), 'unknown')).rejects.toMatchObject({ status: 404 });
  await db.write([{ sql: 'UPDATE Account SET removedAt = 1', params: [] }]);
  await expect(readIssueFigures(as('triager'), issue.id)).rejects.toMatchObject({ status: 404 });
  await expect(readExample(as('triager'), issue.id)).rejects.toMatchObject({ status: 404 });
});

it('reads sessions when it is opened, and serves viewers what is kept', async () => {
  const { issue, as, ...at } = await open();
  at.upstream();
  const before = await readIssueRate(as('viewer'), issue.id);
  expect(at.upstream()).toBe(0);
  expect(before[0]).toMatchObject({ sessionCount: null });
  expect(before[0]?.trouble).toContain('may not ask');
  const rates = await readIssueRate(as('triager'), issue.id);
  expect(rates.length).toBeGreaterThan(0);
  expect(rates.every(({ sessionCount }) => sessionCount !== null)).toBe(true);
  expect(at.upstream()).toBe(rates.length);
  expect((await readIssueRate(as('viewer'), issue.id)).map(({ sessionCount }) => sessionCount)).toEqual(
    rates.map(({ sessionCount }) => sessionCount),
  );
});

it('reopens an issue that is seen in a newer build, says so in the activity, and to its assignee', async () => {
  const { issue, ctx, db, users } = await open();
  const builds = await db.query<{ id: string; platform: string; uploadedDate: string }>(
    "SELECT id, platform, uploadedDate FROM builds WHERE appId = ? AND platform = 'IOS' ORDER BY uploadedDate",
    [issue.appId],
  );
  const [old, fixed, newer] = builds.slice(-3);
  if (!old || !fixed || !newer) throw new Error('The programme has too few builds.');
  await db.write([
    {
      sql: `UPDATE issues SET status = 'resolved', resolvedBuildId = ?, resolvedPlatform = 'IOS', resolvedDate = ?,
        resolvedLabel = '1.4 (7)', assigneeId = ?, version = version + 1 WHERE id = ?`,
      params: [fixed.id, fixed.uploadedDate, users.triager.id, issue.id],
    },
  ]);
  const seen = async (buildId: string) => {
    await db.write([
      {
        sql: `UPDATE feedback SET mayRegress = 1, buildId = ? WHERE id =
          (SELECT MIN(f.id) FROM feedback AS f WHERE f.issueId = ?)`,
        params: [buildId, issue.id],
      },
    ]);
    await Promise.all([judgeReports(ctx, ACCOUNT), judgeReports(ctx, ACCOUNT)]);
    const [row] = await db.query<{ status: string; regressedBuildId: string | null }>(
      'SELECT status, regressedBuildId FROM issues WHERE id = ?',
      [issue.id],
    );
    return row;
  };
  expect(await seen(old.id)).toMatchObject({ status: 'resolved', regressedBuildId: null });
  expect(await seen('not-mirrored')).toMatchObject({ status: 'resolved' });
  expect(await seen(newer.id)).toMatchObject({ status: 'new', regressedBuildId: newer.id });
  const notices = await db.query<{ userId: string }>("SELECT userId FROM notices WHERE kind = 'regressed'");
  expect(notices).toEqual([{ userId: users.triager.id }]);
  const told = await db.query<{ actorEmail: string; label: string }>(
    "SELECT actorEmail, label FROM auditEntries WHERE type = 'issues' AND status = 'succeeded'",
  );
  expect(told).toHaveLength(1);
  expect(told[0]?.actorEmail).toBe('worker');
  expect(told[0]?.label).not.toBe('');
  expect(await verifyChain(db)).toMatchObject({ isWhole: true });
});
