import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';

/** Apple's words for what was done with a build, of all groups together. */
export const BUILD_FIGURES = [
  'inviteCount',
  'installCount',
  'sessionCount',
  'crashCount',
  'feedbackCount',
] as const;
export type BuildFigures = Readonly<Record<(typeof BUILD_FIGURES)[number], number | null>>;

interface Reading extends BuildFigures {
  readonly accountId: string;
  readonly appId: string;
  readonly buildId: string;
  /** UTC day of the programme, `YYYY-MM-DD`. */
  readonly day: string;
  readonly readAt: number;
}

const noted = shape((build, given: Reading) => {
  const { accountId, appId, buildId, day, readAt } = given;
  const figures = Object.fromEntries(BUILD_FIGURES.map((name) => [name, given[name]])) as BuildFigures;
  return build
    .insertInto('buildDays')
    .values({ accountId, appId, buildId, day, ...figures, readAt })
    .onConflict((conflict) =>
      conflict
        .columns(['accountId', 'buildId', 'day'])
        .doUpdateSet({ ...figures, readAt })
        // Of two readings of a day the later one counts, whichever is stored first.
        .where('buildDays.readAt', '<=', readAt),
    );
});

/** What Apple told of a build's use at one instant: a record, of which the last reading of a day is kept. */
export function buildDayStatement(reading: Reading): Write {
  return noted(reading);
}

/** The readings of a build, newest first. */
export const buildDays = shape(
  (build, { accountId, buildId, most }: { accountId: string; buildId: string; most: number }) =>
    build
      .selectFrom('buildDays')
      .select(['day', ...BUILD_FIGURES, 'readAt'])
      .where('accountId', '=', accountId)
      .where('buildId', '=', buildId)
      .orderBy('day', 'desc')
      .limit(most),
);
