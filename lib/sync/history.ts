import { setImmediate as breathe } from 'node:timers/promises';
import { PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import type { AscClient } from '@/lib/asc/client-interface';
import type { Clock } from '@/lib/clock';
import { groupDayStatement, LINK_COUNTS, linkDayStatement, testerDayStatements } from '@/lib/history/days';
import { type DeviceCount, deviceDayStatements } from '@/lib/history/device-days';
import { groupWindowsStatement, usageWindowStatements } from '@/lib/history/usage-windows';
import type { Log } from '@/lib/log';
import { devicesInApp } from '@/lib/mirror/devices';
import type { Store, Write } from '@/lib/store/store';
import { failureOf } from './failure';
import { linkFigures, testerFigures } from './figures';
import { Trail } from './next';
import { beginScope, readScopes, scopeStatement } from './scopes';
import { pointWindows, TesterWindows } from './windows';

export interface HistoryInput {
  readonly db: Store;
  /** In the sync lane. */
  readonly asc: AscClient;
  readonly accountId: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal;
  /** No further list is begun after so many requests; the rest of the day's figures follow in the next call. */
  readonly maxRequests?: number;
}

/** Below this share of the hourly quota the figures wait. */
const LEAST_QUOTA = 0.5;
const MAX_REQUESTS = 100;

/**
 * Appends the day's figures to the history: sizes of groups, builds on devices, the funnel of public links,
 * testers' activity. Apple keeps
 * only windows, so what is not noted is lost. Each list is asked for once a day (UTC). Gives the requests it took.
 */
export async function recordDay(input: HistoryInput): Promise<number> {
  const { db, accountId, clock, log } = input;
  const day = dayOf(clock.now());
  let requests = 0;
  for (const { scope, work } of await openWork(db, accountId, day)) {
    if (requests >= (input.maxRequests ?? MAX_REQUESTS) || !hasQuota(input.asc)) break;
    try {
      input.signal?.throwIfAborted();
      requests += await work(input, day);
    } catch (error) {
      if (input.signal?.aborted) break;
      const { message, endsRun, isPassing } = failureOf(error);
      log.warn({ reason: message, scope }, 'The day’s figures are not complete.');
      if (endsRun) break;
      requests += 1;
      if (isPassing) continue;
      // A figure Apple refuses is not asked for again today, and does not keep the others from being noted.
    }
    const begun = beginScope(undefined, scope, clock.now());
    await db.write([scopeStatement(accountId, { ...begun, phase: 'idle', completedAt: clock.now() })]);
    await breathe();
  }
  return requests;
}

/** The UTC day of an instant, `YYYY-MM-DD`. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Whether enough of the hour is left for what can wait. */
export function hasQuota({ budget: { limit, remaining } }: AscClient): boolean {
  return limit === undefined || remaining === undefined || remaining >= limit * LEAST_QUOTA;
}

interface Work {
  readonly scope: string;
  /** Gives the requests it took. */
  work(input: HistoryInput, day: string): Promise<number>;
}

/** What has not been noted today, cheapest first. */
async function openWork(db: Store, accountId: string, day: string): Promise<Work[]> {
  const scopes = await readScopes(db, accountId);
  const links = await db.read(
    db.build
      .selectFrom('betaGroups')
      .select(['id', 'appId'])
      .where('accountId', '=', accountId)
      .where('publicLinkEnabled', '=', 1),
  );
  const apps = await db.read(db.build.selectFrom('apps').select('id').where('accountId', '=', accountId));
  const all: Work[] = [
    { scope: 'groupDays', work: groupDays },
    // Only whole: before its first complete pass the mirror holds some of an app's testers.
    ...apps
      .filter(({ id }) => scopes.get(`betaTesters/${id}`)?.completedAt != null)
      .map(({ id }) => ({
        scope: `deviceDays/${id}`,
        work: (input: HistoryInput, today: string) => deviceDay(input, today, id),
      })),
    ...links.map((link) => ({
      scope: `linkDays/${link.id}`,
      work: (input: HistoryInput, today: string) => linkDay(input, today, link),
    })),
    ...apps.map(({ id }) => ({
      scope: `testerDays/${id}`,
      work: (input: HistoryInput, today: string) => testerDays(input, today, id),
    })),
  ];
  return all.filter(({ scope }) => {
    const completedAt = scopes.get(scope)?.completedAt;
    return completedAt == null || dayOf(completedAt) !== day;
  });
}

async function groupDays({ db, accountId }: HistoryInput, day: string): Promise<number> {
  await db.write([groupDayStatement(accountId, day)]);
  return 0;
}

/** From the mirror, which the testers' own sync keeps: no request. */
async function deviceDay({ db, accountId }: HistoryInput, day: string, appId: string): Promise<number> {
  const counts = new Map<string, DeviceCount>();
  for (const { devices, testers } of await devicesInApp(db, { accountId, appId }))
    for (const { platform, number } of devices) {
      const key = `${platform} ${number}`;
      const before = counts.get(key)?.devices ?? 0;
      counts.set(key, { platform: platform ?? '', number: number ?? '', devices: before + testers });
    }
  await db.write(deviceDayStatements({ accountId, appId, day }, [...counts.values()]));
  return 0;
}

async function linkDay(
  input: HistoryInput,
  day: string,
  { id, appId }: { readonly id: string; readonly appId: string },
): Promise<number> {
  const { accountId } = input;
  const page = await input.asc.metrics('betaGroups', id, 'publicLinkUsages', {}, optionsOf(input));
  const groups = page.document.data;
  const metric = { metric: 'publicLinkUsages', type: 'betaGroups', id } as const;
  await input.db.write([
    linkDayStatement(accountId, id, day, linkFigures(groups)),
    ...usageWindowStatements({ accountId, appId, day }, pointWindows(metric, groups, LINK_COUNTS)),
  ]);
  return page.attempts;
}

/** The window that is asked for, and how many days it has. */
const PERIOD = { period: 'P7D', days: 7 } as const;

/** Each tester's sums over the window, and the window itself: of the app and of each of its groups. */
async function testerDays(input: HistoryInput, day: string, appId: string): Promise<number> {
  const windows = new TesterWindows();
  const store = (groups: Parameters<typeof testerFigures>[0]): Promise<unknown> => {
    windows.add(groups);
    const statements: Write[] = testerDayStatements(input.accountId, appId, day, testerFigures(groups));
    return input.db.write(statements);
  };
  const query = { groupBy: ['betaTesters' as const], period: PERIOD.period, limit: { page: PAGE_LIMIT } };
  const first = await input.asc.metrics('apps', appId, 'betaTesterUsages', query, optionsOf(input));
  await store(first.document.data);
  let requests = first.attempts;
  const trail = new Trail();
  for (let next = trail.after(first, 1); next !== undefined; ) {
    await breathe();
    const page = await input.asc.figuresFrom<(typeof first.document.data)[number]>(next, optionsOf(input));
    await store(page.document.data);
    requests += page.attempts;
    next = trail.after(page, page.document.data.length);
  }
  await storeWindows(input, { day, appId }, windows);
  return requests;
}

/** Once all pages are read: a window that is told in part is none. */
async function storeWindows(
  { db, accountId }: HistoryInput,
  { day, appId }: { readonly day: string; readonly appId: string },
  read: TesterWindows,
): Promise<void> {
  const place = { accountId, appId, day };
  const windows = read.of(appId, { day, days: PERIOD.days });
  // Who is in which group is known once all testers of the app were read.
  const isWhole = (await readScopes(db, accountId)).get(`betaTesters/${appId}`)?.completedAt != null;
  await db.write([
    ...usageWindowStatements(place, windows),
    ...(isWhole
      ? windows.slice(0, 1).map(({ start, end }) => groupWindowsStatement({ ...place, start, end }))
      : []),
  ]);
}

export function optionsOf({ signal }: Pick<HistoryInput, 'signal'>): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}
