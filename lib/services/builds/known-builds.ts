import { buildWords } from '@/lib/format/builds';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

/** Whose last build ended longer ago is tested no more, ms. */
const PAST_MS = 90 * 86_400_000;

interface Asked {
  /** ms since 1970 */
  readonly now: number;
  readonly appId?: string | undefined;
  readonly accountId?: string | undefined;
}

const asked = forms();

/** Builds that end, or ended not long ago, of all accounts, one, or one app; soonest first. */
export function datedBuilds(db: Pick<Store, 'read'>, { now, appId, accountId }: Asked) {
  const past = new Date(now - PAST_MS).toISOString();
  const given = { past, appId: appId ?? '', accountId: accountId ?? '' };
  return db.read(
    asked(`${appId === undefined} ${accountId === undefined}`, given, (build, at) =>
      build
        .selectFrom('builds as b')
        .select(['b.accountId', 'b.appId', 'b.id', 'b.version', 'b.trainVersion', 'b.platform', 'b.expired'])
        .select(['b.uploadedDate', 'b.internalBuildState', 'b.externalBuildState', 'b.submittedDate'])
        .select(['b.sessionCount', 'b.crashCount', 'b.readingDay'])
        .select((of) => of.ref('b.expirationDate').$notNull().as('at'))
        .select(({ selectFrom }) =>
          selectFrom('buildGroups as g')
            .select(({ fn }) => fn.countAll<number>().as('n'))
            .whereRef('g.accountId', '=', 'b.accountId')
            .whereRef('g.buildId', '=', 'b.id')
            .$asScalar()
            .$notNull()
            .as('groups'),
        )
        .where('b.expirationDate', '>', at.past)
        .$if(appId !== undefined, (of) => of.where('b.appId', '=', at.appId))
        .$if(accountId !== undefined, (of) => of.where('b.accountId', '=', at.accountId))
        .orderBy('b.expirationDate')
        .orderBy('b.accountId')
        .orderBy('b.id'),
    ),
  );
}

/** A build that has an end; `at` is that, Apple's ISO text. */
export type DatedBuild = Awaited<ReturnType<typeof datedBuilds>>[number];

/** What testers can have now: builds in testing that a group gets. */
export const isTested = ({ internalBuildState, externalBuildState, groups }: DatedBuild): boolean =>
  groups > 0 && [internalBuildState, externalBuildState].includes('IN_BETA_TESTING');

/** Whether a build has ended; `now` as ISO text. */
export const hasEnded = ({ expired, at }: DatedBuild, now: string): boolean => expired === 1 || at <= now;

/** Of each app and platform the build that testers have and that ends last; where all have ended, the last of those. */
export function needsOf(rows: readonly DatedBuild[], now: string): readonly DatedBuild[] {
  const last = new Map<string, DatedBuild>();
  for (const row of rows)
    if (hasEnded(row, now) ? row.groups > 0 && row.at <= now : isTested(row)) last.set(placeOf(row), row);
  return [...last.values()].sort((one, other) => (one.at < other.at ? -1 : 1));
}

/** Which app and platform a build is of: what may take its place is of the same. */
export const placeOf = ({
  accountId,
  appId,
  platform,
}: Pick<DatedBuild, 'accountId' | 'appId' | 'platform'>): string => `${accountId} ${appId} ${platform}`;

/** When a build was uploaded, Apple's ISO text; the oldest of all where that is not known. */
export const uploaded = ({ uploadedDate }: Pick<DatedBuild, 'uploadedDate'>): string => uploadedDate ?? '';

/** Of each app and platform the build of these that was uploaded last. */
export function newestByPlace(rows: readonly DatedBuild[]): ReadonlyMap<string, DatedBuild> {
  const newest = new Map<string, DatedBuild>();
  for (const row of rows) {
    const before = newest.get(placeOf(row));
    if (!before || uploaded(row) > uploaded(before)) newest.set(placeOf(row), row);
  }
  return newest;
}

/** What people call a build. */
export const nameOf = (row: DatedBuild): string => buildWords(row);
