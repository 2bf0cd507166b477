import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '@/lib/clock';
import { crashFree } from '@/lib/format/crash-free';
import { dayAfter, dayOf } from '@/lib/format/utc-days';
import { testerDayStatements } from '@/lib/history/days';
import { testerEventStatements } from '@/lib/history/tester-events';
import { usageWindowStatements } from '@/lib/history/usage-windows';
import { createLog } from '@/lib/log';
import type { Metrics } from '@/lib/services/metrics/metrics';
import { recordDay } from '@/lib/sync/history';
import { runSync } from '@/lib/sync/run';
import { readSlowly } from '@/lib/sync/slow';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { sandboxClient } from '@/tests/factories/synced';

const DAY_MS = 86_400_000;
const DAYS = 5;
/** The day without a reading, of the five. */
const MISSED = 2;

let bench: ApiBench;
let appId: string;
const today = dayOf(Date.now());
const dayAt = (at: number) => dayAfter(today, at + 1 - DAYS);

/** What App Store Connect counted on each day, of all builds that were read, and at all links. */
const told: { readonly sessions: number; readonly views: number }[] = [];

async function sumsInSandbox() {
  const asc = sandboxClient(bench.sandbox);
  const builds = await bench.db.query<{ id: string }>(
    `SELECT id FROM builds WHERE appId = ? AND expired = 0 AND processingState = 'VALID'`,
    [appId],
  );
  const links = await bench.db.query<{ id: string }>(
    'SELECT id FROM betaGroups WHERE appId = ? AND publicLinkEnabled = 1',
    [appId],
  );
  const sum = { sessions: 0, views: 0 };
  for (const { id } of builds) {
    const { document } = await asc.metrics('builds', id, 'betaBuildUsages');
    sum.sessions += document.data[0]?.dataPoints[0]?.values?.sessionCount ?? 0;
  }
  for (const { id } of links) {
    const { document } = await asc.metrics('betaGroups', id, 'publicLinkUsages');
    sum.views += document.data[0]?.dataPoints[0]?.values?.viewCount ?? 0;
  }
  return sum;
}

beforeAll(async () => {
  bench = await apiBench({ isMirrored: false, epochMs: Date.now() - (DAYS - 1) * DAY_MS });
  const asc = sandboxClient(bench.sandbox);
  const common = { db: bench.db, asc, accountId: ACCOUNT, log: createLog({ level: 'silent' }) };
  await runSync({ ...common, mode: 'full', trigger: 'shell', clock: systemClock });
  const [used] = await bench.db.query<{ appId: string }>(
    `SELECT appId FROM betaGroups WHERE publicLinkEnabled = 1 GROUP BY appId ORDER BY count(*) DESC, appId`,
  );
  appId = used?.appId ?? '';
  for (let at = 0; at < DAYS; at += 1) {
    if (at > 0) bench.sandbox.parts().clock.step(DAY_MS);
    told.push(await sumsInSandbox());
    if (at === MISSED) continue;
    const clock = { ...systemClock, now: () => Date.now() - (DAYS - 1 - at) * DAY_MS };
    await recordDay({ ...common, clock, maxRequests: 1_000 });
    await readSlowly({ ...common, clock, maxRequests: 1_000 });
  }
}, 120_000);
afterAll(() => bench.close());

const ask = async (query: string) => {
  const { status, body } = await bench.call('GET', `/api/programme/metrics?${query}`, { as: 'viewer' });
  expect(status).toBe(200);
  return body.data as Metrics;
};
const grew = (name: 'sessions' | 'views', from: number, to: number) =>
  (told[to]?.[name] ?? 0) - (told[from]?.[name] ?? 0);

it('tells of each day what App Store Connect counted more than the day before, and of missed days together', async () => {
  const { figures, range, before, readAt, firstDay, nextDay } = await ask(`app=${appId}&from=${dayAt(0)}`);
  expect(range).toEqual({ from: dayAt(0), to: today });
  expect(before).toEqual({ from: dayAt(-DAYS), to: dayAt(-1) });
  const { days, stretches, total, gaps } = figures.sessionCount;
  expect(grew('sessions', 0, 4)).toBeGreaterThan(0);
  expect(days).toEqual([null, grew('sessions', 0, 1), null, null, grew('sessions', 3, 4)]);
  expect(stretches).toEqual([{ after: dayAt(1), day: dayAt(3), value: grew('sessions', 1, 3) }]);
  expect(total).toEqual({ value: grew('sessions', 0, 4), days: 4 });
  expect(gaps.map(({ day }) => day)).toEqual([dayAt(0), dayAt(2), dayAt(3)]);
  expect([firstDay, nextDay, dayOf(Date.parse(readAt ?? ''))]).toEqual([dayAt(0), dayAfter(today), today]);
});

it('adds up its builds to the app, and its apps to all', async () => {
  const mine = await ask(`app=${appId}&from=${dayAt(0)}`);
  const sum = (rows: Metrics['builds'] | Metrics['apps'], name: 'sessionCount' | 'installCount') =>
    rows.reduce((all, { sums }) => all + (sums[name].total.value ?? 0), 0);
  expect(mine.builds.length).toBeGreaterThan(0);
  expect(sum(mine.builds, 'sessionCount')).toBe(mine.figures.sessionCount.total.value);
  const all = await ask(`from=${dayAt(0)}`);
  expect(all.apps.length).toBeGreaterThan(1);
  const uploaded = (shown: Metrics) => shown.releases.flatMap(({ builds }) => builds);
  const wide = await Promise.all([ask(`app=${appId}&days=365`), ask('days=365')]);
  expect(uploaded(wide[0]).map(({ app }) => app)).toEqual(uploaded(wide[0]).map(() => null));
  expect(new Set(uploaded(wide[1]).map(({ app }) => app))).toEqual(new Set(all.apps.map(({ name }) => name)));
  const each = await Promise.all(all.apps.map((one) => ask(`app=${one.appId}&from=${dayAt(0)}`)));
  const days = [0, 1, 2, 3, 4].map((at) => {
    const values = each.map(({ figures }) => figures.sessionCount.days[at] ?? null);
    return values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);
  });
  expect(all.figures.sessionCount.days).toEqual(days);
  expect(days.some((value) => value !== null)).toBe(true);
  expect(all.apps.find((one) => one.appId === appId)?.sums).toEqual(
    Object.fromEntries(
      Object.entries(mine.figures).map(([name, { total, totalBefore }]) => [name, { total, totalBefore }]),
    ),
  );
});

it('tells how many testers were active in the week up to each day, of the app and of its groups', async () => {
  const { active, groups } = await ask(`app=${appId}&from=${dayAt(0)}`);
  const asc = sandboxClient(bench.sandbox);
  const { document } = await asc.metrics('apps', appId, 'betaTesterUsages', {
    ...{ period: 'P7D', groupBy: ['betaTesters'], limit: { page: 200 } },
  });
  const active7 = document.data.filter(
    ({ dataPoints }) => (dataPoints[0]?.values?.sessionCount ?? 0) > 0,
  ).length;
  expect(active.last).toEqual({ start: dayAt(DAYS - 8), end: today, value: active7 });
  expect(active.days.map((value) => value === null)).toEqual([false, false, true, false, false]);
  expect(groups.length).toBeGreaterThan(0);
  for (const group of groups) {
    const { document: own } = await asc.metrics('betaGroups', group.groupId, 'betaTesterUsages', {
      ...{ period: 'P7D', groupBy: ['betaTesters'], limit: { page: 200 } },
    });
    const sessions = own.data.map(({ dataPoints }) => dataPoints[0]?.values?.sessionCount ?? 0);
    expect([group.name, group.activeTesters, group.sessionCount]).toEqual([
      ...[group.name, sessions.filter((n) => n > 0).length, sessions.reduce((all, n) => all + n, 0)],
    ]);
  }
});

it('tells how far people came at public links, of each day and of each link', async () => {
  const { funnel } = await ask(`app=${appId}&from=${dayAt(0)}`);
  expect(funnel?.steps.viewCount.total).toEqual({ value: grew('views', 0, 4), days: 4 });
  const links = funnel?.links.reduce((sum, { steps }) => sum + (steps.viewCount.total.value ?? 0), 0);
  expect(links).toBe(grew('views', 0, 4));
});

it('has the builds on devices day by day, and each table as a file', async () => {
  const course = await bench.call('GET', `/api/programme/metrics/adoption?app=${appId}&from=${dayAt(0)}`);
  expect(course.body.data.days.map(({ day }: { day: string }) => day)).toEqual(
    [0, 1, 3, 4].map((at) => dayAt(at)),
  );
  const file = (of: string) =>
    bench.call('GET', `/api/programme/metrics/file?of=${of}&app=${appId}&from=${dayAt(0)}`, { as: 'viewer' });
  const sessions = await file('sessions');
  expect(sessions.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(sessions.headers.get('content-disposition')).toContain(`metrics-sessions-${dayAt(0)}-${today}.csv`);
  const lines = sessions.text.replace('\ufeff', '').trim().split('\r\n');
  expect(lines).toHaveLength(DAYS + 1);
  expect(lines[2]).toBe(`${dayAt(1)},${grew('sessions', 0, 1)},,${dayAt(-DAYS + 1)},`);
  for (const of of ['crashFree', 'active', 'retention', 'links', 'adoption', 'builds', 'groups', 'apps'])
    expect([of, (await file(of)).status]).toEqual([of, 200]);
  expect((await file('everything')).status).toBe(400);
  const { builds } = await ask(`app=${appId}&from=${dayAt(0)}`);
  const shares = builds.map(({ crashFree: { total } }) => crashFree(total) ?? '');
  expect(shares.some((share) => share !== '')).toBe(true);
  const [, ...cells] = (await file('builds')).text.trim().split('\r\n');
  expect(cells.map((line) => line.split(',').at(-2))).toEqual(shares);
});

it('refuses what it cannot tell', async () => {
  const status = async (path: string) => (await bench.call('GET', `/api/programme/metrics${path}`)).status;
  expect(await status('?app=nothing')).toBe(404);
  for (const wrong of ['days=8', 'from=2026-02-30', `from=${dayAfter(today)}`])
    expect([wrong, await status(`?${wrong}`)]).toEqual([wrong, 400]);
  expect(await status('/adoption')).toBe(400);
});

it('tells how testers stay by the week they came, and leaves who was there before to themselves', async () => {
  // A whole week of the programme, told by the reading of the Monday after it.
  const monday = dayAfter('2026-01-05', 0);
  const place = { accountId: ACCOUNT, appId, day: monday };
  const event = { accountId: ACCOUNT, appId, email: null, at: Date.parse('2025-12-31T12:00:00Z') };
  const figures = (testerId: string, sessionCount: number) => ({
    ...{ testerId, sessionCount, crashCount: 0, feedbackCount: 0 },
  });
  const [before] = await bench.db.query<{ id: string }>(
    'SELECT id FROM betaTesters WHERE appId = ? LIMIT 1',
    [appId],
  );
  await bench.db.write([
    ...testerEventStatements([
      { ...event, testerId: 'one', kind: 'joined' },
      { ...event, testerId: 'two', kind: 'invited', after: { groupIds: [] } },
      // A letter sent again brings nobody in.
      { ...event, testerId: before?.id ?? '', kind: 'invited' },
      { ...event, testerId: 'gone', kind: 'left' },
      { ...event, testerId: 'gone', kind: 'joined', at: event.at + 1 },
      // On the Sunday before, and so in another week.
      { ...event, testerId: 'three', kind: 'joined', at: Date.parse('2025-12-28T23:59:59Z') },
    ]),
    ...testerDayStatements(ACCOUNT, appId, monday, [
      ...[figures('one', 3), figures('two', 0), figures('three', 1), figures(before?.id ?? '', 9)],
    ]),
    ...usageWindowStatements(place, [
      {
        ...{ metric: 'betaTesterUsages', type: 'apps', id: appId, start: '2025-12-29', end: monday },
        activeTesters: 3,
      },
    ]),
  ]);
  const { body } = await bench.call(
    'GET',
    `/api/programme/metrics/retention?app=${appId}&from=2025-12-22&to=2026-01-12`,
    { as: 'viewer' },
  );
  const [count] = await bench.db.query<{ n: number }>(
    'SELECT count(*) AS n FROM betaTesters WHERE appId = ?',
    [appId],
  );
  expect(body).toEqual({
    data: {
      cohorts: [
        { week: '2025-12-22', joined: 1, active: [null, 1, null] },
        { week: '2025-12-29', joined: 2, active: [1, null] },
      ],
      before: {
        testers: (count?.n ?? 0) + 1,
        active: [
          { week: '2025-12-22', active: null },
          { week: '2025-12-29', active: 1 },
          { week: '2026-01-05', active: null },
        ],
      },
    },
  });
});
