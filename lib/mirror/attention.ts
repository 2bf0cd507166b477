import { type RawBuilder, sql } from 'kysely';
import { APP_TESTER_LIMIT } from '@/lib/asc/catalogue/limits';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

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
const NEARLY = 0.9;

/** Queries over all accounts or one, by the kind they find. */
const asked = forms();

type Found = Partial<Pick<Attention, 'appId' | 'label' | 'platform' | 'count' | 'limit' | 'detail'>> & {
  readonly accountId: string;
  readonly id: string;
  readonly date?: string | number | null;
};

/** How things of a kind are found over `t`, in an order that is the same on every engine. */
interface Search {
  readonly kind: AttentionKind;
  readonly type: string | null;
  readonly values: readonly string[];
  find(values: readonly string[], account: RawBuilder<unknown>): RawBuilder<Found>;
}

const members = (join = sql``) => sql`(SELECT COUNT(*) FROM "betaGroupTesters" AS m ${join}
  WHERE m."accountId" = g."accountId" AND m."groupId" = g."id")`;
const BY_LINK = sql`JOIN "betaTesters" AS p ON p."accountId" = m."accountId" AND p."appId" = m."appId"
  AND p."id" = m."testerId" AND p."inviteType" = 'PUBLIC_LINK'`;

// A link's limit is of those who came by it. Members are counted only where they could fill it, and only once all of
// them are known; until then the group's total is the best that can be said.
const NEARLY_FULL = sql`SELECT g.*, CASE WHEN ${members()} >= g."testerCount" THEN ${members(BY_LINK)}
    ELSE g."testerCount" END AS "linkTesters"
  FROM "betaGroups" AS g WHERE g."publicLinkEnabled" IS TRUE AND g."publicLinkLimitEnabled" IS TRUE
    AND g."testerCount" >= g."publicLinkLimit" * ${sql.lit(NEARLY)}`;

const LINKS: Search = {
  kind: 'link_nearly_full',
  type: 'betaGroups',
  values: [],
  find: (
    _,
    account,
  ) => sql`SELECT t."accountId", t."appId", t."id", t."name" AS "label", t."linkTesters" AS "count", t."publicLinkLimit" AS "limit"
    FROM (${NEARLY_FULL}) AS t WHERE t."linkTesters" >= t."publicLinkLimit" * ${sql.lit(NEARLY)} ${account}
    ORDER BY t."accountId", t."id"`,
};
const TESTERS: Search = {
  kind: 'testers_nearly_full',
  type: 'apps',
  values: [],
  find: (
    _,
    account,
  ) => sql`SELECT t."accountId", t."appId", t."appId" AS "id", SUM(t."count") AS "count", ${sql.lit(APP_TESTER_LIMIT)} AS "limit"
    FROM "betaTesterCounts" AS t WHERE 1 = 1 ${account} GROUP BY t."accountId", t."appId"
    HAVING SUM(t."count") >= ${sql.lit(APP_TESTER_LIMIT * NEARLY)} ORDER BY t."accountId", t."appId"`,
};
const SYNCS: Search = {
  kind: 'sync_failed',
  type: null,
  values: [],
  find: (_, account) => sql`SELECT t."accountId", t."id", t."finishedAt" AS "date", t."error" AS "detail"
    FROM "syncRuns" AS t WHERE t."status" = 'failed' AND t."startedAt" = (
      SELECT MAX(r."startedAt") FROM "syncRuns" AS r WHERE r."accountId" = t."accountId" AND r."status" <> 'running') ${account}
    ORDER BY t."accountId", t."id"`,
};
const KEYS: Search = {
  kind: 'key_refused',
  type: null,
  values: [],
  find: (
    _,
    account,
  ) => sql`SELECT t."accountId", t."accountId" AS "id", t."name" AS "label", t."statusAt" AS "date",
      t."status" || coalesce(': ' || t."statusDetail", '') AS "detail"
    FROM (SELECT k.*, k."id" AS "accountId" FROM "Account" AS k) AS t WHERE t."removedAt" IS NULL
      AND t."status" NOT IN ('ok', 'unreachable', 'server', 'forbidden') ${account}
    ORDER BY t."accountId"`,
};

/** What needs attention today, most urgent kinds first; `now` in ms since 1970. */
export async function attentionOf(db: Store, now: number, accountId?: string): Promise<Attention[]> {
  const searches = [...buildSearches(now), LINKS, TESTERS, SYNCS, KEYS];
  const found: Attention[] = [];
  for (const { kind, type, values, find } of searches) {
    const rows = await db.read(
      asked(`${kind} ${accountId === undefined ? '' : 'account'}`, { values, accountId }, (_, at) =>
        find(at.values, accountId === undefined ? sql`` : sql`AND t."accountId" = ${at.accountId}`),
      ),
    );
    found.push(...rows.map((row) => ({ ...NOTHING, ...row, kind, type, date: instant(row.date) })));
  }
  return found;
}

const NOTHING = { appId: null, label: null, date: null, count: null, limit: null, detail: null };

/** Apple's dates are text, ours are milliseconds. */
function instant(date: string | number | null | undefined): string | null {
  if (typeof date !== 'number') return date ?? null;
  return `${new Date(date).toISOString().slice(0, 19)}Z`;
}

function buildSearches(now: number): Search[] {
  const iso = (ms: number) => new Date(ms).toISOString();
  const builds = (
    kind: AttentionKind,
    date: 'expirationDate' | 'uploadedDate' | 'submittedDate',
    values: readonly string[],
    where: (values: readonly string[]) => RawBuilder<unknown>,
  ): Search => ({
    kind,
    type: 'builds',
    values,
    find: (
      places,
      account,
    ) => sql`SELECT t."accountId", t."appId", t."id", t."platform", ${sql.ref(`t.${date}`)} AS "date",
        coalesce(t."trainVersion", '') || ' (' || coalesce(t."version", '') || ')' AS "label"
      FROM "builds" AS t WHERE t."expired" IS NOT TRUE AND ${where(places)} ${account}
      ORDER BY t."accountId", t."uploadedDate" DESC NULLS LAST, t."id"`,
  });
  const expiresAfter = (value: string | undefined) => sql`t."expirationDate" > ${value}`;
  return [
    builds(
      'build_expiring',
      'expirationDate',
      [iso(now), iso(now + 7 * DAY_MS)],
      ([from, end]) =>
        sql`${expiresAfter(from)} AND t."expirationDate" <= ${end} AND 'IN_BETA_TESTING' IN (t."internalBuildState", t."externalBuildState")`,
    ),
    builds(
      'export_compliance_missing',
      'uploadedDate',
      [iso(now)],
      ([from]) =>
        sql`${expiresAfter(from)} AND 'MISSING_EXPORT_COMPLIANCE' IN (t."internalBuildState", t."externalBuildState")`,
    ),
    builds(
      'review_rejected',
      'submittedDate',
      [iso(now)],
      ([from]) => sql`${expiresAfter(from)} AND t."externalBuildState" = 'BETA_REJECTED'`,
    ),
    builds(
      'waiting_for_review',
      'submittedDate',
      [],
      () => sql`t."externalBuildState" IN ('WAITING_FOR_BETA_REVIEW', 'IN_BETA_REVIEW')`,
    ),
  ];
}
