import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { TESTABLE } from '@/lib/asc/catalogue/values';

// Which build takes the place of which, said twice and held alike by a test: for lists, which ask the store, and for
// whoever expires builds, and must leave out of account what is about to go.

/** What has to be known of a build to say which it replaces, and whether it is replaced. */
interface Replaceable {
  readonly preReleaseVersionId: string | null;
  readonly uploadedDate: string | null;
  readonly processingState: string | null;
  readonly internalBuildState: string | null;
  readonly externalBuildState: string | null;
}

const isTestable = (state: string | null): boolean => state !== null && TESTABLE.includes(state);
/** A side of which nothing is known may have testers. */
const isTested = (state: string | null): boolean => state === null || state === 'IN_BETA_TESTING';

/**
 * Whether a build takes the place of an older one that has not expired: it is newer, of the same version and platform,
 * which Apple has one id for, and can be tested, also on every side on which the older one is in testing.
 */
export function replaces(newer: Replaceable, older: Replaceable): boolean {
  const { preReleaseVersionId: train, uploadedDate, processingState } = newer;
  if (train === null || train !== older.preReleaseVersionId || processingState !== 'VALID') return false;
  if (uploadedDate === null || older.uploadedDate === null || uploadedDate <= older.uploadedDate)
    return false;
  const isInside = isTestable(newer.internalBuildState);
  const isOutside = isTestable(newer.externalBuildState);
  return (
    (isInside || isOutside) &&
    (isInside || !isTested(older.internalBuildState)) &&
    (isOutside || !isTested(older.externalBuildState))
  );
}

const STATES = sql.join(TESTABLE.map((state) => sql.lit(state)));
const INSIDE = sql`n."internalBuildState" IN (${STATES})`;
const OUTSIDE = sql`n."externalBuildState" IN (${STATES})`;
const newestOf = (which: RawBuilder<unknown>) => sql`MAX(CASE WHEN ${which} THEN n."uploadedDate" END)`;
// An expired build is in testing on no side.
const testedAs = (side: 'internalBuildState' | 'externalBuildState') =>
  sql`(b."expired" IS NOT TRUE AND coalesce(${sql.ref(`b.${side}`)}, 'IN_BETA_TESTING') = 'IN_BETA_TESTING')`;

/**
 * Whether a newer build takes the place of the build `t`. The newest of each version that can be tested on a side is found
 * once for all builds: asked build by build, a version whose builds have all expired would be walked as often as it has
 * builds.
 */
export const IS_SUPERSEDED = sql<SqlBool>`(t."accountId", t."id") IN (SELECT b."accountId", b."id"
  FROM (SELECT n."accountId", n."preReleaseVersionId", MAX(n."uploadedDate") AS "either",
      ${newestOf(INSIDE)} AS "inside", ${newestOf(OUTSIDE)} AS "outside", ${newestOf(sql`${INSIDE} AND ${OUTSIDE}`)} AS "both"
    FROM "builds" AS n
    WHERE n."processingState" = 'VALID' AND n."expired" IS NOT TRUE AND (${INSIDE} OR ${OUTSIDE}) GROUP BY 1, 2) AS v
  JOIN "builds" AS b ON b."accountId" = v."accountId" AND b."preReleaseVersionId" = v."preReleaseVersionId"
    AND b."uploadedDate" < v."either"
    AND b."uploadedDate" < CASE WHEN ${testedAs('internalBuildState')}
      THEN CASE WHEN ${testedAs('externalBuildState')} THEN v."both" ELSE v."inside" END
      ELSE CASE WHEN ${testedAs('externalBuildState')} THEN v."outside" ELSE v."either" END END)`;
