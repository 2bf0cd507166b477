import type { Database, SqlValue } from '@/lib/store/database';
import { factsOf, type MirrorType } from './facts';
import { idColumnOf } from './relations';

const MINUTE_MS = 60_000;
/** Testers are swept once a day, everything else is looked at in each cycle. */
const TESTERS_STALE_MS = 26 * 60 * MINUTE_MS;
const STALE_MS = 20 * MINUTE_MS;

/** What a page or a list shows: an app's overview, a list, or one thing. */
export interface View {
  readonly of: MirrorType | 'overview';
  readonly accountId?: string | undefined;
  readonly appIds?: readonly string[] | undefined;
  /** Only what belongs to these groups. */
  readonly groupIds?: readonly string[] | undefined;
  /** The one thing that is shown. */
  readonly id?: string | undefined;
}

export interface Age {
  /** When the oldest part of it was read from Apple, ms since 1970; null when a part never was. */
  readonly fetchedAt: number | null;
  /** Whether that is longer ago than the sync's schedule allows. */
  readonly stale: boolean;
}

/**
 * How old is what a view shows: the one rule for every age that is told. A list is as old as the oldest of the lists
 * it consists of, one thing as old as its own last read, a group as old as the older of itself and its members.
 */
export async function freshnessOf(db: Database, view: View, now: number): Promise<Age> {
  const fetchedAt = view.of === 'overview' ? await overviewAt(db, view) : await at(db, view.of, view);
  const hasMembers = view.of === 'overview' || (view.of === 'betaGroups' && view.id !== undefined);
  return { fetchedAt, stale: isStale(hasMembers ? 'betaTesters' : view.of, fetchedAt, now) };
}

/** Whether something of this type was read longer ago than the sync's schedule allows. */
export function isStale(of: View['of'], fetchedAt: number | null, now: number): boolean {
  return fetchedAt === null || now - fetchedAt > (of === 'betaTesters' ? TESTERS_STALE_MS : STALE_MS);
}

/** What an overview counts. */
const COUNTED = ['betaGroups', 'builds', 'betaTesters'] as const;

async function overviewAt(db: Database, view: View): Promise<number | null> {
  return oldest(await Promise.all(COUNTED.map((type) => listAt(db, type, view))));
}

async function at(db: Database, type: MirrorType, view: View): Promise<number | null> {
  const { id, groupIds = [] } = view;
  if (id !== undefined) {
    const own = await rowAt(db, type, id, view);
    return type === 'betaGroups' ? oldest([own, await membersAt(db, id, view)]) : own;
  }
  if (type === 'betaTesters' && groupIds.length > 0) {
    return oldest(await Promise.all(groupIds.map((groupId) => membersAt(db, groupId, view))));
  }
  return listAt(db, type, view);
}

function oldest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === times.length && known.length > 0 ? Math.min(...known) : null;
}

/** Members come with the testers of their app, or when the group was read by itself. */
async function membersAt(db: Database, groupId: string, { accountId }: View): Promise<number | null> {
  const [own] = await select<{ accountId: string; appId: string; at: number | null }>(
    db,
    `SELECT g."accountId", g."appId", s."completedAt" AS at FROM "betaGroups" AS g
     LEFT JOIN "syncScopes" AS s ON s."accountId" = g."accountId" AND s."scope" = 'members/' || g."id"`,
    { 'g."id"': groupId, 'g."accountId"': accountId },
  );
  if (!own) return null;
  const swept = await listAt(db, 'betaTesters', { accountId: own.accountId, appIds: [own.appId] });
  return own.at === null && swept === null ? null : Math.max(own.at ?? 0, swept ?? 0);
}

async function rowAt(
  db: Database,
  type: MirrorType,
  id: string,
  { accountId, appIds = [] }: View,
): Promise<number | null> {
  // Every index of testers begins with the app.
  const byApp = type === 'betaTesters' ? { '"appId"': appIds[0] ?? '' } : {};
  const where = { [`"${idColumnOf(type)}"`]: id, '"accountId"': accountId, ...byApp };
  const [row] = await select<{ at: number | null }>(
    db,
    `SELECT MIN("fetchedAt") AS at FROM "${factsOf(type).table}"`,
    where,
  );
  return row?.at ?? null;
}

async function select<Row>(
  db: Database,
  sql: string,
  where: Readonly<Record<string, string | undefined>>,
): Promise<Row[]> {
  const given = Object.entries(where).filter(([, value]) => value !== undefined);
  return db.query<Row>(
    `${sql} WHERE ${given.map(([column]) => `${column} = ?`).join(' AND ')}`,
    given.map(([, value]) => value ?? null),
  );
}

/** When a list was last completely read; of several the oldest. */
async function listAt(
  db: Database,
  type: MirrorType,
  { accountId, appIds }: Pick<View, 'accountId' | 'appIds'>,
): Promise<number | null> {
  const { scope } = factsOf(type);
  const [name = '', perApp] = scope.split('/');
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  if (perApp && appIds && appIds.length > 0) {
    conditions.push(`"scope" IN (${appIds.map(() => '?').join(', ')})`);
    params.push(...appIds.map((id) => `${name}/${id}`));
  } else if (perApp) {
    // All scopes of the type: '0' is the character after '/'.
    conditions.push('"scope" >= ? AND "scope" < ?');
    params.push(`${name}/`, `${name}0`);
  } else {
    conditions.push('"scope" = ?');
    params.push(name);
  }
  if (accountId !== undefined) {
    conditions.push('"accountId" = ?');
    params.push(accountId);
  }
  const [row] = await db.query<{ scopes: number; done: number; oldest: number | null }>(
    `SELECT COUNT(*) AS scopes, COUNT("completedAt") AS done, MIN("completedAt") AS oldest FROM "syncScopes" WHERE ${conditions.join(' AND ')}`,
    params,
  );
  return row && row.scopes > 0 && row.done === row.scopes ? row.oldest : null;
}
