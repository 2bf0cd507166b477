import type { Database } from '@/lib/store/database';

/** A list that cannot be read, as people are shown it. */
export interface StuckList {
  /** Apple's type. */
  readonly type: string;
  /** Of one app, where the list is one of an app. */
  readonly appName: string | null;
  /** ms since 1970 */
  readonly since: number;
  readonly error: string;
}

/** The lists that could not be read when they were last tried, those that fail longest first, by account. */
export async function stuckLists(db: Database): Promise<Map<string, StuckList[]>> {
  const rows = await db.query<StuckList & { accountId: string; scope: string }>(
    `SELECT s."accountId", s."scope", a."name" AS appName, s."failingSince" AS since, s."error" FROM "syncScopes" AS s
     LEFT JOIN "apps" AS a ON a."accountId" = s."accountId" AND instr(s."scope", '/') > 0
       AND a."id" = substr(s."scope", instr(s."scope", '/') + 1)
     WHERE s."failingSince" IS NOT NULL AND s."error" IS NOT NULL AND s."scope" NOT LIKE 'members/%'
     ORDER BY s."failingSince", s."scope"`,
  );
  const lists = new Map<string, StuckList[]>();
  for (const { accountId, scope, appName, since, error } of rows) {
    const list = { type: scope.split('/')[0] ?? scope, appName, since, error };
    lists.set(accountId, [...(lists.get(accountId) ?? []), list]);
  }
  return lists;
}
