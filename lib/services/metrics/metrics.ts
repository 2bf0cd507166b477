import { dayAfter, dayOf } from '@/lib/format/utc-days';
import { namesOfApps } from '@/lib/mirror/query';
import { groupsOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { gathered } from '../gathered';
import { programmeNow } from '../programme-time';
import { isoOf } from '../resources/shape';
import { type Active, activeOf, type Level, weekly } from './active';
import { type Asked, askedOf } from './asked';
import { USAGE_FIGURES, type UsageFigure } from './figures';
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
import { type Series, seriesOf } from './series';
import { type BuildUse, growingOf, usesOf } from './use';

type Sums = Readonly<Record<UsageFigure, Pick<Series, 'total' | 'totalBefore'>>>;

/** What was done with one build within the range. */
export interface BuildRow {
  readonly accountId: string;
  readonly buildId: string;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
  readonly sums: Sums;
}

/** The same of all builds of one app. */
export interface AppRow {
  readonly accountId: string;
  readonly appId: string;
  readonly name: string | null;
  /** Where another account has the app too. */
  readonly accountName: string | null;
  readonly sums: Sums;
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
  readonly builds: readonly Pick<BuildRow, 'version' | 'trainVersion' | 'platform'>[];
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
  readonly active: Active;
  readonly funnel: Funnel | null;
  readonly releases: readonly Release[];
  /** Of one app. */
  readonly builds: readonly BuildRow[];
  readonly groups: readonly GroupRow[];
  /** Of all apps. */
  readonly apps: readonly AppRow[];
}

/** An earlier reading than the range begins with may be some days back. */
const LOOK_BACK_DAYS = 14;

/** How an app, or the whole programme, fares day by day. @throws RefusedError 404, 400 */
export async function readMetrics(ctx: Ctx, asked: Asked): Promise<Metrics> {
  const { scope, range } = await askedOf(ctx, asked);
  const { db } = ctx;
  const before = rangeBefore(range);
  const within = { ...scope, since: dayAfter(before.from, -LOOK_BACK_DAYS), until: range.to };
  const readings = await buildReadings(db, within);
  const builds = await knownBuilds(db, scope);
  const windows = await windowsWithin(db, within);
  const uses = usesOf(readings, builds, windows);
  const isOne = scope.appId !== undefined;
  const today = dayOf(programmeNow(ctx));
  return {
    ...{ range, before },
    readAt: isoOf(readings.reduce<number | null>((last, { readAt }) => Math.max(last ?? 0, readAt), null)),
    firstDay: await firstReading(db, scope),
    nextDay: readings.at(-1)?.day === today ? dayAfter(today) : today,
    figures: eachFigure((name) =>
      seriesOf(
        uses.map((use) => growingOf(use, name)),
        range,
        before,
      ),
    ),
    active: activeOf(windows, range, before),
    funnel: funnelOf(await linkReadings(db, within), windows, range, before),
    releases: releasesOf(builds, range),
    builds: isOne ? buildRows(uses, builds, range, before) : [],
    groups: isOne ? await groupRows(ctx, scope, weekly(windows, 'betaGroups')) : [],
    apps: isOne ? [] : await appRows(ctx, { uses, windows, range, before }),
  };
}

const eachFigure = <Value>(of: (name: UsageFigure) => Value) =>
  Object.fromEntries(USAGE_FIGURES.map((name) => [name, of(name)])) as Record<UsageFigure, Value>;

function sumsOf(uses: readonly BuildUse[], range: Range, before: Range): Sums {
  return eachFigure((name) => {
    const { total, totalBefore } = seriesOf(
      uses.map((use) => growingOf(use, name)),
      range,
      before,
    );
    return { total, totalBefore };
  });
}

type KnownBuild = Awaited<ReturnType<typeof knownBuilds>>[number];

function releasesOf(builds: readonly KnownBuild[], { from, to }: Range): Release[] {
  const dated = builds.flatMap(({ uploadedDate, ...build }) => {
    const at = Date.parse(uploadedDate ?? '');
    return Number.isNaN(at) ? [] : [{ ...build, day: dayOf(at) }];
  });
  const shown = dated.filter(({ day }) => from <= day && day <= to);
  return [...gathered(shown, ({ day }) => day)].map(([day, own]) => ({
    day,
    builds: own.map(({ version, trainVersion, platform }) => ({ version, trainVersion, platform })),
  }));
}

/** The builds that were read within the range, newest first. */
function buildRows(
  uses: readonly BuildUse[],
  builds: readonly KnownBuild[],
  range: Range,
  before: Range,
): BuildRow[] {
  const byId = new Map(uses.map((use) => [use.buildId, use]));
  return builds.toReversed().flatMap(({ accountId, id, version, trainVersion, platform }) => {
    const use = byId.get(id);
    if (!use?.readings.some(({ day }) => day >= range.from)) return [];
    const sums = sumsOf([use], range, before);
    return [{ accountId, buildId: id, version, trainVersion, platform, sums }];
  });
}

async function groupRows(
  ctx: Ctx,
  { accountIds: [accountId = ''], appId = '' }: Scope,
  windows: ReturnType<typeof weekly>,
): Promise<GroupRow[]> {
  const newest = new Map(windows.map((one) => [one.id, one]));
  return (await groupsOf(ctx, { accountId, appId })).flatMap(({ id, name, testerCount }) => {
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
  ctx: Ctx,
  {
    uses,
    windows,
    range,
    before,
  }: {
    readonly uses: readonly BuildUse[];
    readonly windows: Parameters<typeof activeOf>[0];
    readonly range: Range;
    readonly before: Range;
  },
): Promise<AppRow[]> {
  const apps = [...gathered(uses, ({ accountId, appId }) => `${accountId} ${appId}`).values()];
  const namesOf = await namesOfApps(
    ctx.db,
    apps.map(([first]) => first?.appId ?? null),
  );
  const rows = apps.flatMap((own) => {
    const [first] = own;
    const names = first && namesOf(first.appId, first.accountId);
    if (!first || !names) return [];
    const { accountId, appId } = first;
    const ofApp = windows.filter((one) => one.accountId === accountId && one.appId === appId);
    const { name, accountName } = names;
    const active = activeOf(ofApp, range, before).last;
    return [{ accountId, appId, name, accountName, sums: sumsOf(own, range, before), active }];
  });
  return rows.sort((one, other) => (one.name ?? '').localeCompare(other.name ?? '', 'en'));
}
