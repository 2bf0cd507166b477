import { sql } from 'kysely';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';

interface Whom {
  readonly accountId: string;
  readonly appId: string;
  readonly testerIds: readonly string[];
}

const assumed = shape(
  (_, { accountId, appId, testerIds }: Whom, { among }) => sql`
    UPDATE "betaTesters" AS t SET "state" = CASE WHEN
      EXISTS (SELECT 1 FROM "betaGroupTesters" AS m
        JOIN "betaGroups" AS g ON g."accountId" = m."accountId" AND g."id" = m."groupId"
        JOIN "builds" AS b ON b."accountId" = g."accountId" AND b."appId" = g."appId" AND b."expired" IS DISTINCT FROM true
        WHERE m."accountId" = t."accountId" AND m."appId" = t."appId" AND m."testerId" = t."id"
          AND (g."hasAccessToAllBuilds" = true OR EXISTS (SELECT 1 FROM "buildGroups" AS l
            WHERE l."accountId" = g."accountId" AND l."groupId" = g."id" AND l."buildId" = b."id")))
      OR EXISTS (SELECT 1 FROM "buildTesters" AS l WHERE l."accountId" = t."accountId" AND l."testerId" = t."id")
      THEN 'INVITED' ELSE 'NOT_INVITED' END
    WHERE "accountId" = ${accountId} AND "appId" = ${appId} AND "state" IS NULL AND ${among(sql.ref<string>('id'), testerIds)}`,
);

const invited = shape(
  (_, { accountId, appId, testerIds }: Whom, { among }) => sql`
    UPDATE "betaTesters" SET "state" = 'INVITED' WHERE "accountId" = ${accountId} AND "appId" = ${appId}
    AND coalesce("state", 'NOT_INVITED') IN ('NOT_INVITED', 'REVOKED') AND ${among(sql.ref<string>('id'), testerIds)}`,
);

/**
 * The state of testers of whom Apple has told none, because answers to writes carry no state of one app: whoever gets
 * something to install is invited at once. Stands after the memberships; what Apple tells next overwrites it.
 */
export function assumedStateStatement(whom: Whom): Write {
  return assumed(whom);
}

/** After an invitation was sent: who had none, or had left, is invited. */
export function invitedStatement(whom: Whom): Write {
  return invited(whom);
}
