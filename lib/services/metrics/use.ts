import { dayOf } from '@/lib/format/utc-days';
import { gathered } from '../gathered';
import type { UsageFigure } from './figures';
import type { Growing } from './growth';
import type { BuildReading, knownBuilds, WindowRow } from './readings';

type KnownBuild = Awaited<ReturnType<typeof knownBuilds>>[number];

/** A build's readings of all its figures, and what the mirror says of it. */
export interface BuildUse {
  readonly accountId: string;
  readonly appId: string;
  readonly buildId: string;
  readonly bornOn: string | null;
  readonly isOpen: boolean;
  readonly readings: readonly BuildReading[];
  /** Stretches of single days that Apple told itself. */
  readonly days: readonly WindowRow[];
}

const keyOf = (accountId: string, id: string) => `${accountId} ${id}`;

/** Each build with what was read of it, in the order of the builds' first readings. */
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
  return [...gathered(readings, ({ accountId, buildId }) => keyOf(accountId, buildId))].flatMap(
    ([key, own]) => {
      const [first] = own;
      if (!first) return [];
      const build = known.get(key);
      const uploadedAt = Date.parse(build?.uploadedDate ?? '');
      return [
        {
          ...{ accountId: first.accountId, appId: first.appId, buildId: first.buildId },
          bornOn: Number.isNaN(uploadedAt) ? null : dayOf(uploadedAt),
          isOpen: build !== undefined && build.expired !== 1 && build.processingState === 'VALID',
          readings: own,
          days: days.get(key) ?? [],
        },
      ];
    },
  );
}

/** Apple writes a day with the date of its end, or with the same date twice. */
export function isOneDay({ start, end }: { readonly start: string; readonly end: string }): boolean {
  return Date.parse(end) - Date.parse(start) <= 86_400_000;
}

/** One figure of a build, as what grew can be told from it. */
export function growingOf({ bornOn, isOpen, readings, days }: BuildUse, name: UsageFigure): Growing {
  return {
    ...{ bornOn, isOpen },
    readings: readings.flatMap(({ day, [name]: count }) => (count === null ? [] : [{ day, count }])),
    days: new Map(
      days.flatMap(({ start, [name]: count }) => (count === null ? [] : [[start, count] as const])),
    ),
  };
}
