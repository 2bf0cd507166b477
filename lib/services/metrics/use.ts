import { dayOf } from '@/lib/format/utc-days';
import { gathered } from '../gathered';
import { eachFigure, type UsageFigure } from './figures';
import { type Part, partOf, unreadFrom } from './growth';
import type { BuildReading, knownBuilds, WindowRow } from './readings';
import { growthIn, type Periods, type Totals, totalsOf, type Uses, usesIn } from './series';

type KnownBuild = Awaited<ReturnType<typeof knownBuilds>>[number];

/** A build with what was read of its use, and what the mirror says of it. */
export interface BuildUse {
  readonly accountId: string;
  readonly appId: string;
  readonly buildId: string;
  readonly bornOn: string | null;
  readonly isOpen: boolean;
  /** The day of the newest reading. */
  readonly lastDay: string;
  readonly figures: Readonly<Record<UsageFigure, Part | null>>;
}

const keyOf = (accountId: string, id: string) => `${accountId} ${id}`;

/**
 * Each build with what was read of it, in the order of the builds' first readings; then those that can be used and wait for
 * their first reading, so that nothing is told as the sum of all without them.
 */
export function usesOf(
  readings: readonly BuildReading[],
  builds: readonly KnownBuild[],
  windows: readonly WindowRow[],
): BuildUse[] {
  const known = new Map(builds.map((build) => [keyOf(build.accountId, build.id), build]));
  const days = gathered(
    windows.filter(({ metric, ...one }) => metric === 'betaBuildUsages' && isOneDay(one)),
    ({ accountId, id }) => keyOf(accountId, id),
  );
  const read = gathered(readings, ({ accountId, buildId }) => keyOf(accountId, buildId));
  const newest = readings.at(-1)?.day ?? '';
  return [
    ...[...read].flatMap(([key, own]) => {
      const [first] = own;
      const last = own.at(-1);
      if (!first || !last) return [];
      const life = lifeOf(known.get(key));
      const { accountId, appId, buildId } = first;
      const told = days.get(key) ?? [];
      const figures = eachFigure((name) => partOfUse(life, own, told, name));
      return [{ ...{ accountId, appId, buildId }, ...life, lastDay: last.day, figures }];
    }),
    ...builds.flatMap((build) => {
      const { accountId, appId, id: buildId } = build;
      const life = lifeOf(build);
      const waits = life.isOpen && !read.has(keyOf(accountId, buildId)) && (life.bornOn ?? '') <= newest;
      if (!waits || newest === '' || appId === null) return [];
      const figures = eachFigure(() => unreadFrom(newest));
      return [{ ...{ accountId, appId, buildId }, ...life, lastDay: newest, figures }];
    }),
  ];
}

function lifeOf(build: KnownBuild | undefined): Pick<BuildUse, 'bornOn' | 'isOpen'> {
  const uploadedAt = Date.parse(build?.uploadedDate ?? '');
  return {
    bornOn: Number.isNaN(uploadedAt) ? null : dayOf(uploadedAt),
    isOpen: build !== undefined && build.expired !== 1 && build.processingState === 'VALID',
  };
}

/** Apple writes a day with the date of its end, or with the same date twice. */
export function isOneDay({ start, end }: { readonly start: string; readonly end: string }): boolean {
  return Date.parse(end) - Date.parse(start) <= 86_400_000;
}

/** One figure of a build, as what grew can be told from it. */
function partOfUse(
  { bornOn, isOpen }: Pick<BuildUse, 'bornOn' | 'isOpen'>,
  readings: readonly BuildReading[],
  days: readonly WindowRow[],
  name: UsageFigure,
): Part | null {
  return partOf({
    ...{ bornOn, isOpen },
    readings: readings.flatMap(({ day, [name]: count }) => (count === null ? [] : [{ day, count }])),
    days: new Map(
      days.flatMap(({ start, [name]: count }) => (count === null ? [] : [[start, count] as const])),
    ),
  });
}

/** What was done with some builds together. */
export interface Done {
  readonly sums: Readonly<Record<UsageFigure, Totals>>;
  readonly crashFree: Uses;
}

/** How each figure of some builds grew. */
export const growthsOf = (uses: readonly BuildUse[], periods: Periods) =>
  eachFigure((name) =>
    growthIn(
      uses.map(({ figures }) => figures[name]),
      periods,
    ),
  );

/** What some builds' figures add up to. */
export function doneWith(uses: readonly BuildUse[], periods: Periods): Done {
  const growths = growthsOf(uses, periods);
  return {
    sums: eachFigure((name) => totalsOf(growths[name], periods)),
    crashFree: usesIn(growths, periods),
  };
}
