import type { SqlValue, Write } from '@/lib/store/database';
import type { MembershipClaim } from './codec';
import { MEMBERSHIPS, type Membership } from './tables';
import { buryStatements, linkageId } from './tombstones';

const PAIRS_PER_STATEMENT = 1_000;

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
 * Makes memberships what the documents say. Those made or ended here after the request started are left alone;
 * a linkage that Apple cut short (50 of more) only adds.
 */
export function membershipStatements(claims: readonly MembershipClaim[], stamp: Stamp): Write[] {
  const byKind = new Map<string, MembershipClaim[]>();
  for (const claim of claims) {
    const key = `${claim.table} ${claim.owner}`;
    byKind.set(key, [...(byKind.get(key) ?? []), claim]);
  }
  return [...byKind.values()].flatMap((same) => [...removals(same, stamp), ...additions(same, stamp)]);
}

function pairsOf(claims: readonly MembershipClaim[]): Pair[] {
  return claims.flatMap((claim) => {
    const isGroup = MEMBERSHIPS[claim.table].group === claim.owner;
    return claim.otherIds.map((other) => ({
      group: isGroup ? claim.ownerId : other,
      member: isGroup ? other : claim.ownerId,
      appId: claim.appId,
    }));
  });
}

function additions(claims: readonly MembershipClaim[], { accountId, fetchedAt }: Stamp): Write[] {
  const table = claims[0]?.table;
  const pairs = pairsOf(claims);
  const statements: Write[] = [];
  for (let from = 0; table && from < pairs.length; from += PAIRS_PER_STATEMENT) {
    const { group, member } = MEMBERSHIPS[table];
    const chunk = pairs.slice(from, from + PAIRS_PER_STATEMENT);
    const params: SqlValue[] = [];
    for (const pair of chunk) params.push(accountId, pair.group, pair.member, pair.appId, fetchedAt);
    // A person may have one id in several apps and names the groups of all of them: each pair belongs to its group's app.
    statements.push({
      sql: `WITH p ("a", "g", "m", "app", "at") AS (VALUES ${chunk.map(() => '(?, ?, ?, ?, ?)').join(', ')})
        INSERT INTO "${table}" ("accountId", "${group}", "${member}", "appId", "fetchedAt")
        SELECT p."a", p."g", p."m", coalesce(o."appId", p."app"), p."at" FROM p
        LEFT JOIN "${table === 'betaGroupTesters' ? 'betaGroups' : 'builds'}" AS o ON o."accountId" = p."a" AND o."id" = p."g"
        WHERE true ON CONFLICT DO UPDATE SET "appId" = excluded."appId" WHERE "appId" <> excluded."appId"`,
      params,
    });
  }
  // What was ended here after the request started must not come back.
  if (statements.length > 0 && table) statements.push(endedAgain(table, accountId, fetchedAt));
  return statements;
}

function endedAgain(table: Membership, accountId: string, fetchedAt: number): Write {
  const { group, member } = MEMBERSHIPS[table];
  return {
    sql: `DELETE FROM "${table}" WHERE ("accountId", "${group}", "${member}") IN (
      SELECT "accountId", substr("id", 1, instr("id", '/') - 1), substr("id", instr("id", '/') + 1) FROM "tombstones"
      WHERE "accountId" = ? AND "type" = ? AND "at" >= ?) AND "fetchedAt" <= ?`,
    params: [accountId, table, fetchedAt, fetchedAt],
  };
}

function removals(claims: readonly MembershipClaim[], { accountId, fetchedAt }: Stamp): Write[] {
  const complete = claims.filter((claim) => claim.isComplete);
  const [first] = complete;
  if (!first) return [];
  const { table, owner, other } = first;
  const scope = owner === 'testerId' ? ' AND "appId" = ?' : '';
  const statements: Write[] = [];
  for (let from = 0; from < complete.length; from += 200) {
    const chunk = complete.slice(from, from + 200);
    const owners = chunk.map((claim) => claim.ownerId);
    const kept = chunk.flatMap((claim) => claim.otherIds.flatMap((id) => [claim.ownerId, id]));
    const except = kept.length
      ? ` AND ("${owner}", "${other}") NOT IN (VALUES ${Array(kept.length / 2)
          .fill('(?, ?)')
          .join(', ')})`
      : '';
    statements.push({
      sql: `DELETE FROM "${table}" WHERE "accountId" = ?${scope} AND "${owner}" IN (${owners
        .map(() => '?')
        .join(', ')}) AND "fetchedAt" < ?${except}`,
      params: [accountId, ...(scope ? [first.appId] : []), ...owners, fetchedAt, ...kept],
    });
  }
  return statements;
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

/** After a write that added members: the rows, and no tombstones for them. */
export function addLinkageStatements(change: LinkageChange): Write[] {
  const { accountId, appId, table, groupId, memberIds, at } = change;
  if (memberIds.length === 0) return [];
  const { group, member } = MEMBERSHIPS[table];
  const params = memberIds.flatMap((id): SqlValue[] => [accountId, groupId, id, appId, at]);
  return [
    ...memberIds.map((id) => ({
      sql: 'DELETE FROM "tombstones" WHERE "accountId" = ? AND "type" = ? AND "id" = ?',
      params: [accountId, table, linkageId(groupId, id)],
    })),
    {
      sql: `INSERT INTO "${table}" ("accountId", "${group}", "${member}", "appId", "fetchedAt") VALUES ${memberIds
        .map(() => '(?, ?, ?, ?, ?)')
        .join(', ')} ON CONFLICT DO UPDATE SET "fetchedAt" = excluded."fetchedAt"`,
      params,
    },
    ...recount(change),
  ];
}

/** After a write that removed members: no rows, and tombstones against pages read before. */
export function removeLinkageStatements(change: LinkageChange): Write[] {
  const { accountId, table, groupId, memberIds, at } = change;
  if (memberIds.length === 0) return [];
  const { group, member } = MEMBERSHIPS[table];
  return [
    {
      sql: `DELETE FROM "${table}" WHERE "accountId" = ? AND "${group}" = ? AND "${member}" IN (${memberIds
        .map(() => '?')
        .join(', ')})`,
      params: [accountId, groupId, ...memberIds],
    },
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
  return [
    {
      sql: `UPDATE "betaGroups" SET "testerCount" = (SELECT COUNT(*) FROM "betaGroupTesters" WHERE "accountId" = ? AND "groupId" = ?) WHERE "accountId" = ? AND "id" = ?`,
      params: [accountId, groupId, accountId, groupId],
    },
  ];
}
