import { type ResourceLike, toOneId, totalOf } from '@/lib/mirror/resource';
import type { Run } from './run-state';

/** Remembers the groups of a page that come without the number of their testers. */
export function noteUncounted(run: Run, groups: readonly ResourceLike[]): void {
  for (const group of groups) {
    if (totalOf(group, 'betaTesters') === undefined) {
      run.uncounted.set(group.id, toOneId(group, 'app') ?? undefined);
    }
  }
}

/** The apps of which the sizes of groups do not show that somebody came or left. */
export function uncountedApps(run: Run): Set<string> {
  return new Set([...run.uncounted.values()].filter((appId) => appId !== undefined));
}

/** Counts the members of groups that Apple did not count, in apps whose testers were read to the end once. */
export async function countUncounted(run: Run): Promise<void> {
  if (run.uncounted.size === 0) return;
  await run.write([
    {
      sql: `UPDATE "betaGroups" SET "testerCount" = (SELECT COUNT(*) FROM "betaGroupTesters" AS m
          WHERE m."accountId" = "betaGroups"."accountId" AND m."groupId" = "betaGroups"."id")
        WHERE "accountId" = ? AND "id" IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM "syncScopes" AS s
          WHERE s."accountId" = "betaGroups"."accountId" AND s."scope" = 'betaTesters/' || "betaGroups"."appId"
            AND s."completedAt" IS NOT NULL)`,
      params: [run.accountId, JSON.stringify([...run.uncounted.keys()])],
    },
  ]);
}
