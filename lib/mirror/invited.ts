import type { Write } from '@/lib/store/database';

interface Whom {
  readonly accountId: string;
  readonly appId: string;
  readonly testerIds: readonly string[];
}

/**
 * The state of testers of whom Apple has told none, because answers to writes carry no state of one app: whoever gets
 * something to install is invited at once. Stands after the memberships; what Apple tells next overwrites it.
 */
export function assumedStateStatement({ accountId, appId, testerIds }: Whom): Write {
  return {
    sql: `UPDATE "betaTesters" AS t SET "state" = CASE WHEN
        EXISTS (SELECT 1 FROM "betaGroupTesters" AS m
          JOIN "betaGroups" AS g ON g."accountId" = m."accountId" AND g."id" = m."groupId"
          JOIN "builds" AS b ON b."accountId" = g."accountId" AND b."appId" = g."appId" AND b."expired" IS NOT 1
          WHERE m."accountId" = t."accountId" AND m."appId" = t."appId" AND m."testerId" = t."id"
            AND (g."hasAccessToAllBuilds" = 1 OR EXISTS (SELECT 1 FROM "buildGroups" AS l
              WHERE l."accountId" = g."accountId" AND l."groupId" = g."id" AND l."buildId" = b."id")))
        OR EXISTS (SELECT 1 FROM "buildTesters" AS l WHERE l."accountId" = t."accountId" AND l."testerId" = t."id")
        THEN 'INVITED' ELSE 'NOT_INVITED' END
      WHERE "accountId" = ? AND "appId" = ? AND "state" IS NULL AND "id" IN (SELECT value FROM json_each(?))`,
    params: [accountId, appId, JSON.stringify(testerIds)],
  };
}

/** After an invitation was sent: who had none, or had left, is invited. */
export function invitedStatement({ accountId, appId, testerIds }: Whom): Write {
  return {
    sql: `UPDATE "betaTesters" SET "state" = 'INVITED' WHERE "accountId" = ? AND "appId" = ?
      AND coalesce("state", 'NOT_INVITED') IN ('NOT_INVITED', 'REVOKED') AND "id" IN (SELECT value FROM json_each(?))`,
    params: [accountId, appId, JSON.stringify(testerIds)],
  };
}
