import type { Database } from '@/lib/store/database';

export type AttentionKind =
  | 'build_expiring'
  | 'export_compliance_missing'
  | 'waiting_for_review'
  | 'review_rejected'
  | 'link_nearly_full'
  | 'testers_nearly_full'
  | 'key_refused'
  | 'sync_failed';

/** One thing somebody should look at today. */
export interface Attention {
  readonly kind: AttentionKind;
  readonly accountId: string;
  /** Null for what concerns a whole account. */
  readonly appId: string | null;
  /** Apple's type and id of the thing, where there is one. */
  readonly type: string | null;
  readonly id: string | null;
  readonly label: string | null;
  /** Of a build: two platforms may carry the same version and number. */
  readonly platform?: string | null;
  /** When it happens or happened; ISO text. */
  readonly date: string | null;
  readonly count: number | null;
  readonly limit: number | null;
  readonly detail: string | null;
  /** What the account is called, where another has the app too. */
  readonly accountName?: string;
}

const DAY_MS = 24 * 60 * 60_000;
/** Apple's limit of external testers per app. */
const TESTERS_PER_APP = 10_000;
const NEARLY = 0.9;

const members = (join = '') => `(SELECT COUNT(*) FROM "betaGroupTesters" AS m ${join}
  WHERE m."accountId" = g."accountId" AND m."groupId" = g."id")`;
const BY_LINK = `JOIN "betaTesters" AS p ON p."accountId" = m."accountId" AND p."appId" = m."appId"
  AND p."id" = m."testerId" AND p."inviteType" = 'PUBLIC_LINK'`;

// A link's limit is of those who came by it. Members are counted only where they could fill it, and only once all of
// them are known; until then the group's total is the best that can be said.
const NEARLY_FULL = `SELECT g.*, CASE WHEN ${members()} >= g."testerCount" THEN ${members(BY_LINK)}
    ELSE g."testerCount" END AS "linkTesters"
  FROM "betaGroups" AS g WHERE g."publicLinkEnabled" = 1 AND g."publicLinkLimitEnabled" = 1
    AND g."testerCount" >= g."publicLinkLimit" * ${NEARLY}`;

/** What needs attention today, most urgent kinds first; `now` in ms since 1970. */
export async function attentionOf(db: Database, now: number, accountId?: string): Promise<Attention[]> {
  const account = accountId === undefined ? '' : ' AND t."accountId" = :account';
  const queries = [
    ...buildQueries(now),
    {
      sql: `SELECT 'link_nearly_full' AS kind, t."accountId", t."appId", 'betaGroups' AS type, t."id", t."name" AS label,
          NULL AS date, t."linkTesters" AS count, t."publicLinkLimit" AS "limit", NULL AS detail
        FROM (${NEARLY_FULL}) AS t WHERE t."linkTesters" >= t."publicLinkLimit" * ${NEARLY}`,
      params: [],
    },
    {
      sql: `SELECT 'testers_nearly_full' AS kind, t."accountId", t."appId", 'apps' AS type, t."appId" AS id, NULL AS label,
          NULL AS date, SUM(t."count") AS count, ${TESTERS_PER_APP} AS "limit", NULL AS detail
        FROM "betaTesterCounts" AS t WHERE 1`,
      group: ` GROUP BY t."accountId", t."appId" HAVING SUM(t."count") >= ${TESTERS_PER_APP * NEARLY}`,
      params: [],
    },
    {
      sql: `SELECT 'sync_failed' AS kind, t."accountId", NULL AS appId, NULL AS type, t."id", NULL AS label,
          strftime('%Y-%m-%dT%H:%M:%SZ', t."finishedAt" / 1000, 'unixepoch') AS date, NULL AS count, NULL AS "limit", t."error" AS detail
        FROM "syncRuns" AS t WHERE t."status" = 'failed' AND t."startedAt" = (
          SELECT MAX(r."startedAt") FROM "syncRuns" AS r WHERE r."accountId" = t."accountId" AND r."status" <> 'running')`,
      params: [],
    },
    {
      sql: `SELECT 'key_refused' AS kind, t."accountId", NULL AS appId, NULL AS type, t."accountId" AS id, t."name" AS label,
          strftime('%Y-%m-%dT%H:%M:%SZ', t."statusAt" / 1000, 'unixepoch') AS date, NULL AS count, NULL AS "limit",
          t."status" || coalesce(': ' || t."statusDetail", '') AS detail
        FROM (SELECT *, "id" AS "accountId" FROM "Account") AS t WHERE t."removedAt" IS NULL
          AND t."status" NOT IN ('ok', 'unreachable', 'server', 'forbidden')`,
      params: [],
    },
  ];
  return (
    await Promise.all(
      queries.map(({ sql, params, group = '' }: AttentionQuery) =>
        db.query<Attention>(sql + account.replace(':account', '?') + group, [
          ...params,
          ...(accountId === undefined ? [] : [accountId]),
        ]),
      ),
    )
  ).flat();
}

interface AttentionQuery {
  readonly sql: string;
  readonly group?: string;
  readonly params: readonly string[];
}

function buildQueries(now: number): AttentionQuery[] {
  const iso = (ms: number) => new Date(ms).toISOString();
  const build = (kind: AttentionKind, date: string, where: string, params: string[]): AttentionQuery => ({
    sql: `SELECT '${kind}' AS kind, t."accountId", t."appId", 'builds' AS type, t."id",
        coalesce(t."trainVersion", '') || ' (' || coalesce(t."version", '') || ')' AS label, t."platform", t."${date}" AS date,
        NULL AS count, NULL AS "limit", NULL AS detail
      FROM "builds" AS t WHERE t."expired" IS NOT 1 AND ${where}`,
    params,
  });
  const expiresLater = 't."expirationDate" > ?';
  return [
    build(
      'build_expiring',
      'expirationDate',
      `${expiresLater} AND t."expirationDate" <= ? AND 'IN_BETA_TESTING' IN (t."internalBuildState", t."externalBuildState")`,
      [iso(now), iso(now + 7 * DAY_MS)],
    ),
    build(
      'export_compliance_missing',
      'uploadedDate',
      `${expiresLater} AND 'MISSING_EXPORT_COMPLIANCE' IN (t."internalBuildState", t."externalBuildState")`,
      [iso(now)],
    ),
    build(
      'review_rejected',
      'submittedDate',
      `${expiresLater} AND t."externalBuildState" = 'BETA_REJECTED'`,
      [iso(now)],
    ),
    build(
      'waiting_for_review',
      'submittedDate',
      `t."externalBuildState" IN ('WAITING_FOR_BETA_REVIEW', 'IN_BETA_REVIEW')`,
      [],
    ),
  ];
}
