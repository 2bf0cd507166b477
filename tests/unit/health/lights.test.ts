import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResourceLike } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import { askOf } from '@/lib/services/health/ask';
import { figuresOf } from '@/lib/services/health/figures';
import { allLights } from '@/lib/services/health/lights';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { aBuild, aGroup, anApp, aTester, type BuildParts } from '@/tests/factories/resources';
import { ACCOUNT as A, addAccount } from '@/tests/factories/synced';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const DAY_MS = 86_400_000;
const iso = (days: number) => new Date(NOW + days * DAY_MS).toISOString();
const day = (days: number) => iso(days).slice(0, 10);
let db: TestDatabase;

beforeEach(async () => {
  db = await testDatabase();
  await addAccount(db);
  await store([anApp('1'), aGroup('g', '1')]);
  await db.write([
    run(`INSERT INTO syncScopes (accountId, scope, completedAt) VALUES ('${A}', 'builds', 1)`),
  ]);
});
afterEach(() => db.close());

const run = (sql: string, ...params: (string | number | null)[]) => ({ sql, params });

function store(resources: ResourceLike[], appId?: string, included: ResourceLike[] = []) {
  return db.write(
    upsertStatements({ accountId: A, resources, included, appId, fetchedAt: 1, source: 'sync' }),
  );
}

const TESTED = { internalBuildState: 'IN_BETA_TESTING', externalBuildState: 'IN_BETA_TESTING' };

/** A build of the group, uploaded and ending so many days from now. */
async function storeBuild(
  id: string,
  { from, to = 80, ...parts }: BuildParts & { readonly from: number; readonly to?: number },
) {
  const attributes = {
    uploadedDate: iso(from),
    expirationDate: iso(to),
    expired: to < 0,
    ...parts.attributes,
  };
  const [build, ...included] = aBuild(id, '1', { groups: ['g'], detail: TESTED, ...parts, attributes });
  await store(build ? [build] : [], undefined, included);
}

const used = (id: string, sessions: number, crashes: number) =>
  run('UPDATE builds SET sessionCount = ?, crashCount = ? WHERE id = ?', sessions, crashes, id);

const lights = (accountId?: string) => allLights(askOf(db, { now: NOW, accountId }));
const told = async () => (await lights()).map(({ kind, level, id }) => `${level} ${kind} ${id}`);

describe('builds that end', () => {
  it.each([
    [15, []],
    [13, ['amber build_expiring b']],
    [6, ['red build_expiring b']],
    [-3, ['red build_expiring b']],
    [-91, []],
  ])('in %i days', async (to, expected) => {
    await storeBuild('b', { from: -95, to });
    expect(await told()).toEqual(expected);
  });

  it('are told only of the one that testers have for longest, on each platform', async () => {
    await storeBuild('b1', { from: -80, to: 3 });
    await storeBuild('b2', { from: -70, to: 10 });
    await storeBuild('b3', { from: -60, to: 2, groups: [] });
    expect(await told()).toEqual(['amber build_expiring b2']);
    await storeBuild('b4', { from: -1 });
    expect(await told()).toEqual([]);
  });
});

describe('builds on their way', () => {
  it('count only while nothing newer is with testers', async () => {
    const detail = {
      internalBuildState: 'MISSING_EXPORT_COMPLIANCE',
      externalBuildState: 'MISSING_EXPORT_COMPLIANCE',
    };
    await storeBuild('b1', { from: -9, detail });
    await storeBuild('b2', {
      from: -8,
      detail: { ...TESTED, externalBuildState: 'BETA_REJECTED' },
      groups: [],
    });
    expect(await told()).toEqual(['red review_rejected b2', 'amber export_compliance_missing b1']);
    await storeBuild('b3', { from: -7 });
    expect(await told()).toEqual([]);
  });

  it.each([
    [-1, []],
    [-2, ['amber review_waiting b']],
    [-5, ['red review_waiting b']],
  ])('wait for beta review since %i days', async (days, expected) => {
    const detail = { internalBuildState: 'IN_BETA_TESTING', externalBuildState: 'WAITING_FOR_BETA_REVIEW' };
    await storeBuild('b', {
      ...{ from: -6, detail, groups: [] },
      review: { betaReviewState: 'WAITING_FOR_REVIEW', submittedDate: iso(days) },
    });
    expect(await told()).toEqual(expected);
  });
});

describe('crash-free sessions', () => {
  it.each([
    [1_000, 10, 1_000, 0, ['amber crash_free_fell b2']],
    [1_000, 9, 1_000, 0, []],
    [1_000, 60, 1_000, 5, ['red crash_free_fell b2']],
    [49, 40, 1_000, 0, []],
    [1_000, 400, 49, 0, []],
    [1_000, 0, 1_000, 400, []],
  ])('%i sessions with %i crashes after %i with %i', async (sessions, crashes, before, former, expected) => {
    await storeBuild('b1', { from: -20 });
    await storeBuild('b2', { from: -5 });
    await db.write([used('b1', before, former), used('b2', sessions, crashes)]);
    expect(await told()).toEqual(expected);
  });

  it('rest on numbers that are told, and on the last build that has enough', async () => {
    for (const [id, from] of [
      ['b1', -30],
      ['b2', -20],
      ['b3', -5],
    ] as const)
      await storeBuild(id, { from });
    await db.write([used('b1', 2_000, 0), used('b2', 3, 3), used('b3', 1_000, 100)]);
    expect((await lights())[0]).toMatchObject({
      name: 'iOS 2.0 (3)',
      facts: {
        newest: { sessions: 1_000, crashes: 100 },
        former: { sessions: 2_000, crashes: 0 },
        formerName: 'iOS 2.0 (1)',
      },
    });
    const figures = (await figuresOf(askOf(db, { now: NOW })))({ accountId: A, appId: '1' });
    expect(figures.stability).toMatchObject({ sessions: 1_000, crashes: 100, former: { sessions: 2_000 } });
  });
});

describe('links', () => {
  const link = { publicLinkEnabled: true, publicLinkLimitEnabled: true, publicLinkLimit: 100 };

  it('are nearly full, or full and admit nobody', async () => {
    await store([
      aGroup('near', '1', link, 90),
      aGroup('room', '1', link, 89),
      aGroup('full', '1', link, 100),
      aGroup('off', '1', { ...link, publicLinkEnabled: false }, 99),
    ]);
    await storeBuild('b', { from: -1, groups: ['near', 'room', 'full', 'off'] });
    expect(await told()).toEqual(['red link_admits_nobody full', 'amber link_nearly_full near']);
  });

  it('count only those who came by them, once every member is known', async () => {
    const two = { ...link, publicLinkLimit: 2 };
    await store([aGroup('mixed', '1', two, 2), aGroup('link', '1', two, 2)]);
    await storeBuild('b', { from: -1, groups: ['mixed', 'link'] });
    const tester = (id: string, inviteType: string, groups: string[]) => aTester(id, { inviteType }, groups);
    await store(
      [
        tester('a', 'EMAIL', ['mixed']),
        tester('b', 'PUBLIC_LINK', ['mixed', 'link']),
        tester('c', 'PUBLIC_LINK', ['link']),
      ],
      '1',
    );
    expect(await told()).toEqual(['red link_admits_nobody link']);
  });

  it('fill by their trend', async () => {
    await store([aGroup('grows', '1', link, 50)]);
    await storeBuild('b', { from: -1, groups: ['grows'] });
    for (const [before, accepted] of [
      [-3, 20],
      [-2, 30],
      [-1, 40],
      [0, 50],
    ] as const)
      await db.write([
        run(
          `INSERT INTO linkDays (accountId, groupId, day, acceptedCount) VALUES (?, 'grows', ?, ?)`,
          A,
          day(before),
          accepted,
        ),
      ]);
    expect((await lights()).map(({ kind, facts }) => [kind, facts])).toEqual([
      ['link_nearly_full', { used: 50, limit: 100, fullOn: day(5) }],
    ]);
  });

  it('say every reason why they admit nobody, and accuse nobody before all builds are known', async () => {
    await store([aGroup('empty', '1', { ...link, publicLinkLimit: 5 }, 5)]);
    expect((await lights())[0]?.facts).toEqual({ reasons: ['The link is full', 'The group has no build'] });
    await db.write([run('UPDATE syncScopes SET completedAt = NULL')]);
    expect(await told()).toEqual([]);
  });
});

describe('feedback', () => {
  const issue = (id: string, firstDate: string, more?: string) => [
    run(
      `INSERT INTO issues (id, accountId, appId, kind, title, reportCount, firstDate, createdAt, updatedAt)
       VALUES (?, ?, '1', 'crash', 'T', 3, ?, 0, 0)`,
      ...[id, A, firstDate],
    ),
    ...(more === undefined ? [] : [run(`UPDATE issues SET ${more} WHERE id = '${id}'`)]),
  ];

  it('is unread from a week on, and red from thirty days', async () => {
    await db.write(issue('i1', iso(-6)));
    expect(await told()).toEqual([]);
    await db.write(issue('i2', iso(-8)));
    expect((await lights()).map(({ kind, facts }) => [kind, facts])).toEqual([
      ['feedback_unread', { reports: 6, oldest: iso(-8) }],
    ]);
    await db.write(issue('i3', iso(-31)));
    expect(await told()).toEqual(['red feedback_unread 1']);
  });

  it('is not waited for while it is decided, snoozed, or back since yesterday', async () => {
    await db.write([
      ...issue('a', iso(-40), `status = 'triaged'`),
      ...issue('b', iso(-40), `snoozedUntil = ${NOW + 1}`),
      ...issue('c', iso(-40), `snoozedDate = '${iso(-1)}'`),
      ...issue('d', iso(-40), `regressedAt = ${NOW - DAY_MS}`),
      ...issue('e', iso(-40), `mergedInto = 'a'`),
    ]);
    expect(await told()).toEqual([]);
    await db.write([run(`UPDATE issues SET snoozedUntil = ${NOW} WHERE id = 'b'`)]);
    expect(await told()).toEqual(['red feedback_unread 1']);
  });
});

describe('groups', () => {
  const reading = (testerId: string, before: number, sessions: number) =>
    run(
      `INSERT INTO testerDays (accountId, appId, testerId, day, sessionCount) VALUES (?, '1', ?, ?, ?)`,
      ...[A, testerId, day(-before), sessions],
    );

  it('are not used without a build, or when nobody opens the app', async () => {
    await store([
      aGroup('none', '1', {}, 2),
      aGroup('new', '1', { createdDate: iso(-3) }, 2),
      aGroup('empty', '1', {}, 0),
      aGroup('quiet', '1', {}, 1),
      aGroup('busy', '1', {}, 1),
    ]);
    await store([aTester('q', {}, ['quiet']), aTester('u', {}, ['busy'])], '1');
    await storeBuild('b', { from: -1, groups: ['quiet', 'busy'] });
    expect(await told()).toEqual(['amber group_unused none']);
    for (const before of [1, 7, 14, 21, 28]) await db.write([reading('u', before, before === 21 ? 4 : 0)]);
    expect(await told()).toEqual(['amber group_unused none', 'amber group_unused quiet']);
    // Readings that leave days out tell nothing of those days.
    await db.write([run(`DELETE FROM testerDays WHERE day = '${day(-14)}'`)]);
    expect(await told()).toEqual(['amber group_unused none']);
  });
});

describe('adoption', () => {
  const device = (number: string, devices: number, before = 0) =>
    run(
      `INSERT INTO deviceDays (accountId, appId, day, platform, number, devices) VALUES (?, '1', ?, 'IOS', ?, ?)`,
      ...[A, day(-before), number, devices],
    );

  it('is slow when few devices have the newest build after a week', async () => {
    await storeBuild('b1', { from: -30 });
    await storeBuild('b2', { from: -8 });
    await db.write([device('1', 71), device('2', 29)]);
    expect((await lights())[0]).toMatchObject({ kind: 'adoption_slow', facts: { devices: 29, all: 100 } });
    await db.write([run(`UPDATE deviceDays SET devices = 31 WHERE number = '2'`)]);
    expect(await told()).toEqual([]);
  });

  it('is not judged by few devices, old readings, or a number that two builds share', async () => {
    await storeBuild('b1', { from: -30 });
    await storeBuild('b2', { from: -8 });
    await db.write([device('1', 8), device('2', 1)]);
    expect(await told()).toEqual([]);
    await db.write([run(`UPDATE deviceDays SET devices = 90 WHERE number = '1'`)]);
    expect(await told()).toEqual(['amber adoption_slow b2']);
    await db.write([run(`UPDATE deviceDays SET day = '${day(-4)}'`)]);
    expect(await told()).toEqual([]);
    await db.write([run(`UPDATE deviceDays SET day = '${day(0)}'`)]);
    await storeBuild('other2', { from: -40, train: '1.0' });
    expect(await told()).toEqual([]);
  });
});

describe('apps that fill up', () => {
  it('count external testers, of whom an app may have ten thousand', async () => {
    const many = (first: number, last: number) =>
      run(
        `WITH RECURSIVE n (i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i < ${last})
         INSERT INTO betaGroupTesters (accountId, groupId, testerId, appId, fetchedAt) SELECT '${A}', 'g', 't' || i, '1', 1 FROM n`,
      );
    await db.write([
      run(
        `INSERT INTO betaTesterCounts (accountId, appId, state, count) VALUES ('${A}', '1', 'INSTALLED', 12000)`,
      ),
      many(1, 8_999),
    ]);
    expect(await told()).toEqual([]);
    await db.write([many(9_000, 9_000)]);
    expect(await told()).toEqual(['amber testers_nearly_full 1']);
    await db.write([many(9_001, 10_000)]);
    expect(await told()).toEqual(['red testers_nearly_full 1']);
  });
});

describe('accounts', () => {
  const state = (status: string) =>
    run(`UPDATE "Account" SET status = ?, statusDetail = 'NOT_AUTHORIZED', statusAt = ?`, status, NOW);
  const synced = (id: string, status: string, at: number, error: string | null = null) =>
    run(
      `INSERT INTO syncRuns (id, accountId, mode, status, "trigger", error, startedAt, updatedAt, finishedAt)
       VALUES (?, ?, 'full', ?, 'start', ?, ?, ?, ?)`,
      ...[id, A, status, error, at, at, at],
    );
  const HOUR_MS = 3_600_000;

  it('say one cause once', async () => {
    await db.write([synced('r1', 'succeeded', NOW - 7 * HOUR_MS)]);
    expect(await told()).toEqual([`amber sync_old ${A}`]);
    await db.write([synced('r2', 'failed', NOW - HOUR_MS, 'No.')]);
    expect((await lights()).map(({ kind, facts }) => [kind, facts])).toEqual([
      ['sync_failed', { error: 'No.' }],
    ]);
    await db.write([state('unauthorized')]);
    expect(await told()).toEqual([`red key_refused ${A}`]);
    await db.write([state('unreachable')]);
    expect(await told()).toEqual([`amber key_trouble ${A}`, `amber sync_old ${A}`]);
  });

  it('are red when nothing was read for a day, and asked for one by one', async () => {
    await addAccount(db, 'other');
    await db.write([synced('r1', 'succeeded', NOW - 25 * HOUR_MS)]);
    expect(await told()).toEqual([`red sync_old ${A}`]);
    expect(await lights('other')).toEqual([]);
  });
});
