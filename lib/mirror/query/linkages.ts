import { sql } from 'kysely';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { membershipsOf } from '../memberships';
import type { Linkage, Relationship, ResourceObject } from '../resource';
import type { MirrorType } from './facts';

/** To-many relationships that live in tables of their own: relation → how to find them. */
interface ManyFact {
  readonly type: MirrorType;
  /** Membership table, the column of this row and that of the other side; or the other side's own table. */
  readonly table: string;
  readonly own: string;
  readonly other: string;
  /** Whether the table's index begins with the app. */
  readonly isByApp?: boolean;
  /** Whether one row may have thousands: then only the first are read. */
  readonly isLarge?: boolean;
}

const MANY: Readonly<Record<string, Readonly<Record<string, ManyFact>>>> = {
  betaTesters: memberships('betaTesters'),
  betaGroups: memberships('betaGroups'),
  builds: {
    ...memberships('builds'),
    betaBuildLocalizations: {
      type: 'betaBuildLocalizations',
      table: 'betaBuildLocalizations',
      own: 'buildId',
      other: 'id',
    },
  },
  preReleaseVersions: {
    builds: { type: 'builds', table: 'builds', own: 'preReleaseVersionId', other: 'id' },
  },
};

function memberships(type: string): Record<string, ManyFact> {
  return Object.fromEntries(
    membershipsOf(type).map(({ name, otherType, ...side }) => [name, { type: otherType, ...side }]),
  );
}

/** The names of those relationships of a type. */
export function manyOf(type: MirrorType): readonly string[] {
  return Object.keys(MANY[type] ?? {});
}

/** The most linkages shown per row unless more or fewer are asked for, as Apple does; `meta.paging.total` gives all. */
const INLINED = 50;

/** Relationships a list always carries, because its pages show them. */
const ALWAYS: Readonly<Record<string, readonly string[]>> = {
  betaTesters: ['betaGroups'],
  builds: ['betaGroups', 'betaBuildLocalizations', 'individualTesters'],
};

/** Adds the to-many linkages of tables to resources, for the relations wanted and those always shown. */
export async function withLinkages(
  db: Store,
  type: MirrorType,
  resources: readonly ResourceObject[],
  include: readonly string[],
  limits: Readonly<Record<string, number>> = {},
): Promise<ResourceObject[]> {
  const mostOf = (name: string) => (Object.hasOwn(limits, name) ? (limits[name] ?? INLINED) : INLINED);
  const relations = Object.entries(MANY[type] ?? {}).filter(
    ([name]) => include.includes(name) || ALWAYS[type]?.includes(name),
  );
  if (relations.length === 0 || resources.length === 0) return [...resources];
  const found = await Promise.all(
    relations.map(async ([name, fact]) => ({ name, linkages: await linkagesOf(db, fact, resources) })),
  );
  return resources.map((resource) => ({
    ...resource,
    relationships: Object.assign(
      {},
      resource.relationships,
      ...found.map(({ name, linkages }) => ({
        [name]: relationship(linkages.get(keyOf(resource)), resource, mostOf(name)),
      })),
    ),
  }));
}

function relationship(all: readonly Linkage[] = [], { meta }: ResourceObject, limit: number): Relationship {
  const isCut = all.length === INLINED && typeof meta?.testerCount === 'number';
  const total = isCut ? Math.max(Number(meta?.testerCount), INLINED) : all.length;
  return { data: all.slice(0, limit), meta: { paging: { total, limit } } };
}

const keyOf = (resource: ResourceObject): string => `${resource.meta?.accountId} ${resource.id}`;

const links = forms();

interface Link {
  readonly account: string;
  readonly own: string;
  readonly other: string;
}

async function linkagesOf(
  db: Store,
  fact: ManyFact,
  resources: readonly ResourceObject[],
): Promise<Map<string, Linkage[]>> {
  if (fact.isLarge) return firstLinkages(db, fact, resources);
  const rows = await (fact.isByApp ? linksByApp(db, fact, resources) : linksByAccount(db, fact, resources));
  const linkages = new Map<string, Linkage[]>();
  for (const { account, own, other } of rows) {
    const known = linkages.get(`${account} ${own}`);
    if (known) known.push({ type: fact.type, id: other });
    else linkages.set(`${account} ${own}`, [{ type: fact.type, id: other }]);
  }
  // In one order on every engine; most rows have one or two.
  for (const known of linkages.values()) if (known.length > 1) known.sort(byId);
  return linkages;
}

const byId = (one: Linkage, other: Linkage) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

/** Each row is looked up by its app, with which the index begins. */
function linksByApp(db: Store, fact: ManyFact, resources: readonly ResourceObject[]): Promise<Link[]> {
  const keys = resources.map(({ id, meta }) => [String(meta?.accountId), String(meta?.appId), id]);
  return db.read(
    links(
      `by app ${fact.table}`,
      { keys: [keys] },
      (
        _,
        at,
        dialect,
      ) => sql<Link>`SELECT m."accountId" AS "account", ${sql.ref(`m.${fact.own}`)} AS "own", ${sql.ref(`m.${fact.other}`)} AS "other"
        FROM ${dialect.listed(at.keys[0] ?? [], ['account', 'app', 'id'])} AS k CROSS JOIN ${sql.table(fact.table)} AS m
        WHERE m."accountId" = k."account" AND m."appId" = k."app" AND ${sql.ref(`m.${fact.own}`)} = k."id"`,
    ),
  );
}

function linksByAccount(db: Store, fact: ManyFact, resources: readonly ResourceObject[]): Promise<Link[]> {
  const accounts = [...new Set(resources.map(({ meta }) => String(meta?.accountId)))];
  const given = { lists: [accounts, resources.map(({ id }) => id)] };
  return db.read(
    links(`${fact.table} ${fact.own}`, given, (_, at, dialect) => {
      const [inAccounts = [], ids = []] = at.lists;
      return sql<Link>`SELECT m."accountId" AS "account", ${sql.ref(`m.${fact.own}`)} AS "own", ${sql.ref(`m.${fact.other}`)} AS "other"
        FROM ${sql.table(fact.table)} AS m WHERE ${dialect.among(sql`m."accountId"`, inAccounts)}
          AND ${dialect.among(sql.ref(`m.${fact.own}`), ids)}`;
    }),
  );
}

/** Each row's first few, found by walking the index from its beginning. */
async function firstLinkages(
  db: Store,
  fact: ManyFact,
  resources: readonly ResourceObject[],
): Promise<Map<string, Linkage[]>> {
  const given = {
    accounts: resources.map(({ meta }) => String(meta?.accountId)),
    ids: resources.map(({ id }) => id),
  };
  const rows = await db.read(
    links(`first of ${resources.length} ${fact.table}`, given, (_, at) => {
      const other = sql.ref(`m.${fact.other}`);
      const one = (
        index: number,
      ) => sql`SELECT * FROM (SELECT m."accountId" AS "account", ${sql.ref(`m.${fact.own}`)} AS "own", ${other} AS "other"
        FROM ${sql.table(fact.table)} AS m WHERE m."accountId" = ${at.accounts[index]} AND ${sql.ref(`m.${fact.own}`)} = ${at.ids[index]}
        ORDER BY ${other} LIMIT ${sql.lit(INLINED)}) AS f`;
      return sql<Link>`${sql.join(
        resources.map((_resource, index) => one(index)),
        sql` UNION ALL `,
      )}`;
    }),
  );
  const linkages = new Map<string, Linkage[]>(resources.map((resource) => [keyOf(resource), []]));
  for (const { account, own, other } of rows)
    linkages.get(`${account} ${own}`)?.push({ type: fact.type, id: other });
  return linkages;
}
