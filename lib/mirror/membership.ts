import { sql } from 'kysely';
import { built, shapeOfRows } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import type { MembershipClaim } from './codec';
import { LATE_MS } from './just-made';
import { loose } from './loose';
import { MEMBERSHIPS, type Membership, type MembershipSide, membershipsOf } from './memberships';
import { afterPage, buryStatements, exhumeLinkages, linkageId } from './tombstones';

interface Stamp {
  readonly accountId: string;
  readonly fetchedAt: number;
}

interface Pair {
  readonly group: string;
  readonly member: string;
  readonly appId: string;
}

/**
 * Makes memberships what the documents say. Those ended here after the request started are left alone, and so are those
 * made here after it or moments before, which Apple may show late, unless `isSettling`; a linkage that Apple cut short (50
 * of more) only adds.
 */
export function membershipStatements(
  claims: readonly MembershipClaim[],
  { accountId, fetchedAt, isSettling }: Stamp & { readonly isSettling?: boolean | undefined },
): Write[] {
  const stamp = { accountId, fetchedAt };
  const believed = isSettling ? { accountId, fetchedAt: fetchedAt + LATE_MS } : stamp;
  const bySide = new Map<MembershipSide, MembershipClaim[]>();
  for (const claim of claims) {
    const same = bySide.get(claim.side);
    if (same) same.push(claim);
    else bySide.set(claim.side, [claim]);
  }
  return [...bySide].flatMap(([side, same]) => [
    ...removals(side, same, believed),
    ...additions(side, same, stamp),
  ]);
}

/** Each pair once: one statement may not meet a row twice. */
function pairsOf({ isGroup }: MembershipSide, claims: readonly MembershipClaim[]): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { ownerId, otherIds, appId } of claims) {
    for (const otherId of otherIds) {
      const [group, member] = isGroup ? [ownerId, otherId] : [otherId, ownerId];
      pairs.set(linkageId(group, member), { group, member, appId });
    }
  }
  return [...pairs.values()];
}

/** Something for each table, made once. */
function perTable<T>(make: (table: Membership) => T): Readonly<Record<Membership, T>> {
  const tables = Object.keys(MEMBERSHIPS) as Membership[];
  return Object.fromEntries(tables.map((table) => [table, make(table)])) as Record<Membership, T>;
}

const added = perTable((table) => {
  const { group, member } = MEMBERSHIPS[table];
  const of = (column: string) => sql.ref(`${table}.${column}`);
  // A person may have one id in several apps and names the groups of all of them: each pair belongs to its group's app.
  return shapeOfRows<Pair, Stamp>(
    ['group', 'member', 'appId'],
    (_, rows, __, { accountId, fetchedAt }) => sql`
      WITH p ("group", "member", "appId") AS (VALUES ${sql.join(
        rows.map((pair) => sql`(${pair.group}, ${pair.member}, ${pair.appId})`),
      )})
      INSERT INTO ${sql.table(table)} ("accountId", ${sql.ref(group.column)}, ${sql.ref(member.column)}, "appId", "fetchedAt")
      SELECT CAST(${accountId} AS text), p."group", p."member", coalesce(o."appId", p."appId"), CAST(${fetchedAt} AS bigint)
      FROM p LEFT JOIN ${sql.table(group.type)} AS o ON o."accountId" = ${accountId} AND o."id" = p."group"
      WHERE true ON CONFLICT ("accountId", ${sql.ref(group.column)}, ${sql.ref(member.column)})
      DO UPDATE SET "appId" = excluded."appId" WHERE ${of('appId')} <> excluded."appId"`,
  );
});

/** What was ended here after the request started must not come back. */
const endedAgain = perTable((table) => {
  const { group, member } = MEMBERSHIPS[table];
  return shape(
    (_, { accountId, fetchedAt }: Stamp, dialect) => sql`
      DELETE FROM ${sql.table(table)} WHERE "accountId" = ${accountId} AND "fetchedAt" <= ${fetchedAt}
      AND (${sql.ref(group.column)}, ${sql.ref(member.column)}) IN (
        SELECT ${dialect.cut(sql.ref<string>('id'), '/', 1)}, ${dialect.cut(sql.ref<string>('id'), '/', 2)} FROM "tombstones"
        WHERE "accountId" = ${accountId} AND "type" = ${sql.lit(table)} AND "at" >= ${fetchedAt})`,
  );
});

function additions(side: MembershipSide, claims: readonly MembershipClaim[], stamp: Stamp): Write[] {
  const pairs = pairsOf(side, claims);
  if (pairs.length === 0) return [];
  return [...added[side.table](pairs, stamp), endedAgain[side.table](stamp)];
}

interface Complete extends Stamp {
  readonly appId: string;
  readonly owners: readonly string[];
  /** `owner/other` */
  readonly kept: readonly string[];
}

/** Members whom a complete list no longer names. */
const removed = new Map(
  ['betaGroups', 'betaTesters', 'builds'].flatMap(membershipsOf).map((side) => {
    const [own, other] = [sql.ref<string>(side.own), sql.ref<string>(side.other)];
    return [
      side,
      shape(
        (_, { accountId, fetchedAt, appId, owners, kept }: Complete, { among }) => sql`
          DELETE FROM ${sql.table(side.table)} WHERE "accountId" = ${accountId} AND "fetchedAt" < ${fetchedAt}
          ${side.own === 'testerId' ? sql`AND "appId" = ${appId}` : sql``} AND ${among(own, owners)}
          AND NOT (${among(sql<string>`(${own} || '/' || ${other})`, kept)})`,
      ),
    ] as const;
  }),
);

function removals(side: MembershipSide, claims: readonly MembershipClaim[], stamp: Stamp): Write[] {
  const statement = removed.get(side);
  // A tester's memberships are looked up by app; of the others it does not matter which they belong to.
  const byApp = new Map<string, MembershipClaim[]>();
  for (const claim of claims) {
    if (!claim.isComplete) continue;
    const appId = side.own === 'testerId' ? claim.appId : '';
    const same = byApp.get(appId);
    if (same) same.push(claim);
    else byApp.set(appId, [claim]);
  }
  if (!statement) return [];
  return [...byApp].map(([appId, complete]) =>
    statement({
      ...stamp,
      appId,
      owners: complete.map(({ ownerId }) => ownerId),
      kept: complete.flatMap(({ ownerId, otherIds }) => otherIds.map((id) => linkageId(ownerId, id))),
    }),
  );
}

export interface LinkageChange {
  readonly accountId: string;
  readonly appId: string;
  readonly table: Membership;
  /** The group of betaGroupTesters; the build of buildGroups and buildTesters. */
  readonly groupId: string;
  readonly memberIds: readonly string[];
  /** When Apple answered, ms since 1970. */
  readonly at: number;
}

const linked = perTable((table) => {
  const { group, member } = MEMBERSHIPS[table];
  return shapeOfRows<{ id: string }, Omit<LinkageChange, 'table' | 'memberIds'>>(
    ['id'],
    (build, rows, _, { accountId, appId, groupId, at }) =>
      loose(build)
        .insertInto(table)
        .values(
          rows.map(({ id }) => ({
            accountId,
            [group.column]: groupId,
            [member.column]: id,
            appId,
            fetchedAt: at,
          })),
        )
        .onConflict((conflict) =>
          conflict
            .columns(['accountId', group.column, member.column])
            .doUpdateSet((set) => ({ fetchedAt: set.ref('excluded.fetchedAt') })),
        ),
  );
});

/** After a write that added members: the rows, and no tombstones for them. Reads may leave them out for a while yet. */
export function addLinkageStatements(change: LinkageChange): Write[] {
  const { accountId, appId, table, groupId, at } = change;
  const memberIds = [...new Set(change.memberIds)];
  if (memberIds.length === 0) return [];
  return [
    exhumeLinkages({ accountId, table, ids: memberIds.map((id) => linkageId(groupId, id)) }),
    ...linked[table](
      memberIds.map((id) => ({ id })),
      { accountId, appId, groupId, at: at + LATE_MS },
    ),
    ...recount(change),
  ];
}

/** After a write that removed members: no rows, and tombstones against pages read before. */
export function removeLinkageStatements(change: LinkageChange): Write[] {
  const { accountId, table, groupId, memberIds, at } = change;
  if (memberIds.length === 0) return [];
  const { group, member } = MEMBERSHIPS[table];
  return [
    afterPage(accountId),
    built((build, { among }) =>
      loose(build)
        .deleteFrom(table)
        .where('accountId', '=', accountId)
        .where(group.column, '=', groupId)
        .where(among(sql.ref<string>(member.column), memberIds)),
    ),
    ...buryStatements({
      accountId,
      type: table,
      ids: memberIds.map((id) => linkageId(groupId, id)),
      at,
    }),
    ...recount(change),
  ];
}

/** Apple's count of a group's testers is as old as the last read: after our own write we know better. */
function recount({ accountId, table, groupId }: LinkageChange): Write[] {
  if (table !== 'betaGroupTesters') return [];
  return [recounted({ accountId, groupId })];
}

const recounted = shape((build, { accountId, groupId }: { accountId: string; groupId: string }) =>
  build
    .updateTable('betaGroups')
    .set((set) => ({
      testerCount: set
        .selectFrom('betaGroupTesters')
        .select((count) => count.fn.countAll<number>().as('n'))
        .where('accountId', '=', accountId)
        .where('groupId', '=', groupId),
    }))
    .where('accountId', '=', accountId)
    .where('id', '=', groupId),
);

/** Which of these resources have members, as the mirror holds it; of testers the app is to be named. */
export async function withMembers(
  db: Pick<Store, 'read'>,
  side: MembershipSide,
  { accountId, appId, ids }: { accountId: string; appId?: string | undefined; ids: readonly string[] },
): Promise<string[]> {
  const rows = await db.read(
    built<{ id: string }>((_, { among }) => {
      const own = sql.ref<string>(side.own);
      return sql`SELECT DISTINCT ${own} AS "id" FROM ${sql.table(side.table)} WHERE "accountId" = ${accountId}
        ${appId === undefined ? sql`` : sql`AND "appId" = ${appId}`} AND ${among(own, ids)}`;
    }),
  );
  return rows.map(({ id }) => id);
}
