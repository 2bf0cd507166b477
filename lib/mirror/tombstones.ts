import { sql } from 'kysely';
import { built, shapeOfRows } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import type { Row } from './codec';
import { membershipsOf } from './memberships';
import { type EvictableTable, isEvictable, isPerApp, type MirrorTable } from './tables';

/** How long a page that was read before a deletion may still arrive, ms. */
const TOMBSTONE_LIFE_MS = 60 * 60_000;

/** The tombstone id of a membership. */
export const linkageId = (groupId: string, memberId: string): string => `${groupId}/${memberId}`;

/**
 * The type under which a tester's tombstone stands: a person may have one id in several apps, and who was taken out of one
 * stays in the others.
 */
export const testerGrave = (appId: string | undefined): string =>
  appId === undefined ? 'betaTesters' : `betaTesters/${appId}`;

interface Graves {
  readonly accountId: string;
  readonly type: string;
  readonly at: number;
}

const buried = shapeOfRows<{ id: string }, Graves>(['id'], (build, rows, _, { accountId, type, at }) =>
  build
    .insertInto('tombstones')
    .values(rows.map(({ id }) => ({ accountId, type, id, at })))
    .onConflict((conflict) =>
      conflict.columns(['accountId', 'type', 'id']).doUpdateSet((set) => ({ at: set.ref('excluded.at') })),
    ),
);

/** Remembers what was deleted, so that a page read before does not bring it back. */
export function buryStatements({ ids, ...graves }: Graves & { ids: readonly string[] }): Write[] {
  return buried(
    [...new Set(ids)].map((id) => ({ id })),
    graves,
  );
}

/** The name of the lease under which a sync of an account writes. */
export const syncLease = (accountId: string) => `sync:${accountId}`;

/**
 * Stands before what takes rows away. On PostgreSQL the page that a sync is just storing is not seen yet: this waits
 * for it, by the lease that each page of a sync writes. SQLite has one writer, and a lease is left as it is.
 */
export function afterPage(accountId: string): Write {
  return passed({ lease: syncLease(accountId) });
}

const passed = shape((build, { lease }: { lease: string }) =>
  build
    .updateTable('leases')
    .set((set) => ({ token: set.ref('token') }))
    .where('name', '=', lease),
);

const exhumed = shape(
  (build, given: { accountId: string; types: readonly string[]; ids: readonly string[] }, { among }) =>
    build
      .deleteFrom('tombstones')
      .where('accountId', '=', given.accountId)
      .where(among(sql.ref<string>('type'), given.types))
      .where(among(sql.ref<string>('id'), given.ids)),
);

/** What was just written exists, whatever was deleted before. */
export function exhumeStatements(accountId: string, rows: readonly Row[]): Write[] {
  return rows
    .filter(({ table }) => isBuriable(table))
    .map(({ table, values }) =>
      exhumed({
        accountId,
        types: [table, testerGrave(String(values.appId ?? ''))],
        ids: [String(values.id ?? '')],
      }),
    );
}

/** Memberships that were just made exist, whatever was ended before. */
export function exhumeLinkages(linkages: {
  accountId: string;
  table: string;
  ids: readonly string[];
}): Write {
  return exhumed({ accountId: linkages.accountId, types: [linkages.table], ids: linkages.ids });
}

/** The long tail has no tombstones, and what is ours to keep is never taken out. */
const isBuriable = (table: MirrorTable): table is Buriable => table !== 'documents' && isEvictable(table);
type Buriable = Exclude<EvictableTable, 'documents'>;

interface Risen {
  readonly accountId: string;
  /** The types under which the tombstones stand. */
  readonly graves: readonly string[];
  /** Of testers and their memberships: the apps of the page. */
  readonly apps: readonly string[];
}

/** Takes out again what a page brought back although it was deleted after the page was asked for. */
export function buriedRows(accountId: string, rows: readonly Row[]): Write[] {
  const tables = new Set(rows.map(({ table }) => table).filter(isBuriable));
  return [...tables].flatMap((table) => {
    if (!isPerApp(table)) return [risen[table]({ accountId, graves: [table], apps: [] })];
    const apps = distinct(rows, table);
    const given = { accountId, graves: [testerGrave(undefined), ...apps.map(testerGrave)], apps };
    return [risen.betaTesters(given), ...risenMembers.map((statement) => statement(given))];
  });
}

const removal = (table: string, column: string, isByApp: boolean) => {
  const own = sql.ref<string>(`t.${column}`);
  // Each index of betaTesters begins with the app, so the app must be named for the look-up to be one.
  return shape(
    (_, { accountId, graves, apps }: Risen, { among }) => sql`
      DELETE FROM ${sql.table(table)} AS t WHERE t."accountId" = ${accountId}
      ${isByApp ? sql`AND ${among(sql.ref<string>('t.appId'), apps)}` : sql``} AND ${own} IN (
        SELECT "id" FROM "tombstones" WHERE "accountId" = ${accountId} AND ${among(sql.ref<string>('type'), graves)})
      AND EXISTS (SELECT 1 FROM "tombstones" AS g WHERE g."accountId" = t."accountId" AND ${among(sql.ref<string>('g.type'), graves)}
        ${isByApp ? sql`AND g."type" IN ('betaTesters', 'betaTesters/' || t."appId")` : sql``}
        AND g."id" = ${own} AND g."at" >= t."fetchedAt")`,
  );
};

const risen = {
  apps: removal('apps', 'id', false),
  betaGroups: removal('betaGroups', 'id', false),
  betaTesters: removal('betaTesters', 'id', true),
  preReleaseVersions: removal('preReleaseVersions', 'id', false),
  builds: removal('builds', 'id', false),
  betaBuildLocalizations: removal('betaBuildLocalizations', 'id', false),
} satisfies Record<Buriable, unknown>;
const risenMembers = membershipsOf('betaTesters').map(({ table, own }) => removal(table, own, true));

function distinct(rows: readonly Row[], table: MirrorTable): string[] {
  const apps = rows.filter((row) => row.table === table).map(({ values }) => String(values.appId ?? ''));
  return [...new Set(apps)];
}

/** Forgets old tombstones. */
export function forgetTombstones(now: number): Write {
  return built((build) => build.deleteFrom('tombstones').where('at', '<', now - TOMBSTONE_LIFE_MS));
}

interface Asked {
  readonly accountId: string;
  readonly types: readonly string[];
  readonly fetchedAt: number;
  readonly ids: readonly string[];
}

const buriedIds = shape((build, { accountId, types, fetchedAt, ids }: Asked, { among }) =>
  build
    .selectFrom('tombstones')
    .select('id')
    .where('accountId', '=', accountId)
    .where(among(sql.ref<string>('type'), types))
    .where('at', '>=', fetchedAt)
    .where(among(sql.ref<string>('id'), ids)),
);

/** Of these testers those who were taken out of the app, or of the team, after the request started. */
export async function buriedTesters(
  db: Pick<Store, 'read'>,
  { accountId, appId, fetchedAt }: { accountId: string; appId: string; fetchedAt: number },
  ids: readonly string[],
): Promise<Set<string>> {
  const types = [testerGrave(undefined), testerGrave(appId)];
  const rows = await db.read(buriedIds({ accountId, types, fetchedAt, ids }));
  return new Set(rows.map(({ id }) => id));
}

/** Whether a thing was here and was deleted not long ago. */
export async function isBuried(
  db: Pick<Store, 'read' | 'build'>,
  accountId: string,
  type: string,
  id: string,
): Promise<boolean> {
  const found = await db.read(
    db.build
      .selectFrom('tombstones')
      .select('id')
      .where('accountId', '=', accountId)
      .where((or) => or.or([or('type', '=', type), or('type', 'like', `${type}/%`)]))
      .where('id', '=', id)
      .limit(1),
  );
  return found.length > 0;
}
