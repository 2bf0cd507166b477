import { dayAfter, dayOf } from '@/lib/format/utc-days';
import { namesOfApps } from '@/lib/mirror/query';
import type { Store } from '@/lib/store/store';
import { groupsOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { gathered } from '../gathered';
import { programmeNow } from '../programme-time';
import { isoOf } from '../resources/shape';
import { type Active, activeOf, type Level, weekly } from './active';
import { type Asked, askedOf } from './asked';
import { eachFigure, type UsageFigure } from './figures';
import { type Funnel, funnelOf } from './funnel';
import { type Range, rangeBefore } from './range';
import {
  buildReadings,
  firstReading,
  knownBuilds,
  linkReadings,
  type Scope,
  windowsWithin,
} from './readings';
import { type Periods, type Series, seriesOf, type Uses, usesIn } from './series';
import { type BuildUse, type Done, doneWith, growthsOf, usesOf } from './use';

/** What was done with one build within the range. */
export interface BuildRow extends Done {
  readonly accountId: string;
  readonly buildId: string;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
}

/** The same of all builds of one app. */
export interface AppRow extends Done {
  readonly accountId: string;
  readonly appId: string;
  readonly name: string | null;
  /** Where another account has the app too. */
  readonly accountName: string | null;
  readonly active: Level | null;
}

export interface GroupRow {
  readonly groupId: string;
  readonly name: string;
  readonly testers: number | null;
  /** The newest week that was read. */
  readonly start: string;
  readonly end: string;
  readonly activeTesters: number | null;
  readonly sessionCount: number | null;
  readonly crashCount: number | null;
}

/** A day on which builds were uploaded, with what they are called by. */
export interface Release {
  readonly day: string;
  readonly builds: readonly (Pick<BuildRow, 'version' | 'trainVersion' | 'platform'> & {
    /** What its app is called where several are shown; null of one app. */
    readonly app: string | null;
  })[];
}

/** How a programme fares day by day, of one app or of all. */
export interface Metrics {
  readonly range: Range;
  readonly before: Range;
  /** The newest reading that is shown; ISO text, null before the first. */
  readonly readAt: string | null;
  /** The day of the very first reading, and that of the next. */
  readonly firstDay: string | null;
  readonly nextDay: string;
  readonly figures: Readonly<Record<UsageFigure, Series>>;
  readonly crashFree: Uses;
  readonly active: Active;
  readonly funnel: Funnel | null;
  readonly releases: readonly Release[];
  /** Of one app: the newest of so many that were read in the range. */
  readonly builds: readonly BuildRow[];
  readonly buildCount: number;
  readonly groups: readonly GroupRow[];
  /** Of all apps. */
  readonly apps: readonly AppRow[];
}

/** An earlier reading than the range begins with may be some days back. */
const LOOK_BACK_DAYS = 14;
/** A page shows so many builds; the file has all. */
const MOST_BUILDS = 50;

/** How an app, or the whole programme, fares day by day. @throws RefusedError 404, 400 */
export async function readMetrics(ctx: Ctx, asked: Asked, mostBuilds?: number): Promise<Metrics> {
  const { scope, range } = await askedOf(ctx, asked);
  return metricsOf(ctx.db, { scope, range, today: dayOf(programmeNow(ctx)), mostBuilds });
}

interface MetricsOrder {
  readonly scope: Scope;
  readonly range: Range;
  /** UTC day of the programme. */
  readonly today: string;
  readonly mostBuilds?: number | undefined;
}

/** The same without asking who wants it. */
export async function metricsOf(
  db: Store,
  { scope, range, today, mostBuilds = MOST_BUILDS }: MetricsOrder,
): Promise<Metrics> {
  const before = rangeBefore(range);
  const periods = { range, before };
  const within = { ...scope, since: dayAfter(before.from, -LOOK_BACK_DAYS), until: range.to };
  const readings = await buildReadings(db, within);
  const builds = await knownBuilds(db, scope);
  const windows = await windowsWithin(db, within);
  const uses = usesOf(readings, builds, windows);
  const growths = growthsOf(uses, periods);
  const isOne = scope.appId !== undefined;
  return {
    ...{ range, before },
    readAt: isoOf(readings.reduce<number | null>((last, { readAt }) => Math.max(last ?? 0, readAt), null)),
    firstDay: await firstReading(db, scope),
    nextDay: readings.at(-1)?.day === today ? dayAfter(today) : today,
    figures: eachFigure((name) => seriesOf(growths[name], periods)),
    crashFree: usesIn(growths, periods),
    active: activeOf(windows, periods),
    funnel: funnelOf(await linkReadings(db, within), windows, periods),
    releases: await releasesOf(db, builds, { range, isOne }),
    ...buildRows(isOne ? uses : [], builds, { periods, most: mostBuilds }),
    groups: isOne ? await groupRows(db, scope, weekly(windows, 'betaGroups')) : [],
    apps: isOne ? [] : await appRows(db, { uses, windows, periods }),
  };
}

type KnownBuild = Awaited<ReturnType<typeof knownBuilds>>[number];

async function releasesOf(
  db: Store,
  builds: readonly KnownBuild[],
  { range: { from, to }, isOne }: { readonly range: Range; readonly isOne: boolean },
): Promise<Release[]> {
  const dated = builds.flatMap(({ uploadedDate, ...build }) => {
    const at = Date.parse(uploadedDate ?? '');
    return Number.isNaN(at) ? [] : [{ ...build, day: dayOf(at) }];
  });
  const shown = dated.filter(({ day }) => from <= day && day <= to);
  const namesOf = await namesOfApps(db, isOne ? [] : [...new Set(shown.map(({ appId }) => appId))]);
  return [...gathered(shown, ({ day }) => day)].map(([day, own]) => ({
    day,
    builds: own.map(({ accountId, appId, version, trainVersion, platform }) => ({
      ...{ version, trainVersion, platform },
      app: isOne ? null : (namesOf(appId, accountId)?.name ?? null),
    })),
  }));
}

/** The builds that were read within the range, newest first: so many of them, and how many there are. */
function buildRows(
  uses: readonly BuildUse[],
  builds: readonly KnownBuild[],
  { periods, most }: { readonly periods: Periods; readonly most: number },
): Pick<Metrics, 'builds' | 'buildCount'> {
  const read = new Map(
    uses.filter(({ lastDay }) => lastDay >= periods.range.from).map((use) => [use.buildId, use]),
  );
  const newest = builds.toReversed().filter(({ id }) => read.has(id));
  return {
    buildCount: newest.length,
    builds: newest.slice(0, most).flatMap(({ accountId, id, version, trainVersion, platform }) => {
      const use = read.get(id);
      if (!use) return [];
      return [{ accountId, buildId: id, version, trainVersion, platform, ...doneWith([use], periods) }];
    }),
  };
}

async function groupRows(
  db: Store,
  { accountIds: [accountId = ''], appId = '' }: Scope,
  windows: ReturnType<typeof weekly>,
): Promise<GroupRow[]> {
  const newest = new Map(windows.map((one) => [one.id, one]));
  return (await groupsOf({ db }, { accountId, appId })).flatMap(({ id, name, testerCount }) => {
    const one = newest.get(id);
    if (!one) return [];
    const { start, end, activeTesters, sessionCount, crashCount } = one;
    return [
      {
        ...{ groupId: id, name, testers: testerCount, start, end },
        ...{ activeTesters, sessionCount, crashCount },
      },
    ];
  });
}

async function appRows(
  db: Store,
  {
    uses,
    windows,
    periods,
  }: {
    readonly uses: readonly BuildUse[];
    readonly windows: Parameters<typeof activeOf>[0];
    readonly periods: Periods;
  },
): Promise<AppRow[]> {
  const apps = [...gathered(uses, ({ accountId, appId }) => `${accountId} ${appId}`).values()];
  const namesOf = await namesOfApps(
    db,
    apps.map(([first]) => first?.appId ?? null),
  );
  const rows = apps.flatMap((own) => {
    const [first] = own;
    const names = first && namesOf(first.appId, first.accountId);
    if (!first || !names) return [];
    const { accountId, appId } = first;
    const ofApp = windows.filter((one) => one.accountId === accountId && one.appId === appId);
    const { name, accountName } = names;
    const active = activeOf(ofApp, periods).last;
    return [{ accountId, appId, name, accountName, ...doneWith(own, periods), active }];
  });
  return rows.sort((one, other) => (one.name ?? '').localeCompare(other.name ?? '', 'en'));
}
