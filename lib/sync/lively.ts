import type { AscClient } from '@/lib/asc/client-interface';
import type { Database } from '@/lib/store/database';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Testers whose state is asked for by id in one request; more would not fit into its address. */
const IDS_PER_REQUEST = 100;
/** The newest events that are looked through for invitations: the table grows for ever. */
const EVENTS = 20_000;
/** What the sync may spend on looking oftener: this share of the hourly quota, while the key has half of it left. */
const SHARE = 0.3;
const LEAST_LEFT = 0.5;
/** Apple's usual hourly quota, for answers that do not tell it. */
const USUAL_LIMIT = 3_500;

/** Requests that may be spent now on what need not be asked for in every cycle. */
export async function spareRequests(
  db: Database,
  accountId: string,
  { limit = USUAL_LIMIT, remaining = limit }: Pick<AscClient['budget'], 'limit' | 'remaining'>,
  now: number,
): Promise<number> {
  if (remaining < limit * LEAST_LEFT) return 0;
  const [spent] = await db.query<{ n: number }>(
    'SELECT COALESCE(SUM("requests"), 0) AS n FROM "syncRuns" WHERE "accountId" = ? AND "startedAt" > ?',
    [accountId, now - HOUR_MS],
  );
  return Math.max(0, Math.min(limit * SHARE - (spent?.n ?? 0), remaining - limit * LEAST_LEFT));
}

/** Apps with a build that came, or went to review, within a day: their testers install it about now. */
export async function appsWithFreshBuilds(db: Database, accountId: string, now: number): Promise<string[]> {
  const since = new Date(now - DAY_MS).toISOString();
  return (
    await db.query<{ appId: string }>(
      `SELECT a."id" AS appId FROM "apps" AS a WHERE a."accountId" = ? AND EXISTS (
         SELECT 1 FROM "builds" AS b WHERE b."accountId" = a."accountId" AND b."appId" = a."id"
           AND (b."uploadedDate" > ? OR b."submittedDate" > ?))`,
      [accountId, since, since],
    )
  ).map(({ appId }) => appId);
}

/** Testers who came or were invited within a day and have not accepted yet, by app: those who do so soon, do it about now. */
export async function recentlyInvited(
  db: Database,
  accountId: string,
  now: number,
): Promise<Map<string, string[]>> {
  const rows = await db.query<{ appId: string; testerId: string }>(
    `SELECT DISTINCT e."appId", e."testerId" FROM "testerEvents" AS e
     JOIN "betaTesters" AS t ON t."accountId" = e."accountId" AND t."appId" = e."appId" AND t."id" = e."testerId"
     WHERE e."id" > (SELECT COALESCE(MAX("id"), 0) - ${EVENTS} FROM "testerEvents") AND e."accountId" = ? AND e."at" > ?
       AND e."kind" IN ('joined', 'invited', 'restored') AND t."state" IS NOT 'INSTALLED'`,
    [accountId, now - DAY_MS],
  );
  const apps = new Map<string, string[]>();
  for (const { appId, testerId } of rows) apps.set(appId, [...(apps.get(appId) ?? []), testerId]);
  return apps;
}

/** The ids in portions of one request each. */
export function portions(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / IDS_PER_REQUEST);
  return Array.from({ length: count }, (_, i) => ids.slice(i * IDS_PER_REQUEST, (i + 1) * IDS_PER_REQUEST));
}
