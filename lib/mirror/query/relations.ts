import type { Database } from '@/lib/store/database';
import { membershipsOf } from '../memberships';
import type { Linkage, Relationship, ResourceObject } from '../resource';
import { factsOf, isMirrorType, type MirrorType } from './facts';
import { type MirrorRow, toResource } from './rows';
import { MirrorQueryError } from './types';

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

/** The most linkages shown per row unless more or fewer are asked for, as Apple does; `meta.paging.total` gives all. */
const INLINED = 50;

/** Relationships a list always carries, because its pages show them. */
const ALWAYS: Readonly<Record<string, readonly string[]>> = {
  betaTesters: ['betaGroups'],
  builds: ['betaGroups', 'betaBuildLocalizations', 'individualTesters'],
};

/** Adds the to-many linkages of tables to resources, for the relations wanted and those always shown. */
export async function withLinkages(
  db: Database,
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
    relationships: {
      ...resource.relationships,
      ...Object.fromEntries(
        found.map(({ name, linkages }) => [
          name,
          relationship(linkages.get(keyOf(resource)), resource, mostOf(name)),
        ]),
      ),
    },
  }));
}

function relationship(all: readonly Linkage[] = [], { meta }: ResourceObject, limit: number): Relationship {
  const isCut = all.length === INLINED && typeof meta?.testerCount === 'number';
  const total = isCut ? Math.max(Number(meta?.testerCount), INLINED) : all.length;
  return { data: all.slice(0, limit), meta: { paging: { total, limit } } };
}

const keyOf = (resource: ResourceObject): string => `${resource.meta?.accountId} ${resource.id}`;

async function linkagesOf(
  db: Database,
  fact: ManyFact,
  resources: readonly ResourceObject[],
): Promise<Map<string, Linkage[]>> {
  if (fact.isLarge) return firstLinkages(db, fact, resources);
  const linkages = new Map<string, Linkage[]>();
  const scopes = new Map<string, { accountId: string; appId: string; ids: string[] }>();
  for (const { id, meta } of resources) {
    const accountId = String(meta?.accountId);
    const appId = fact.isByApp ? String(meta?.appId) : '';
    const scope = scopes.get(`${accountId} ${appId}`) ?? { accountId, appId, ids: [] };
    scopes.set(`${accountId} ${appId}`, scope);
    scope.ids.push(id);
  }
  for (const { accountId, appId, ids } of scopes.values()) {
    const rows = await db.query<{ own: string; other: string }>(
      `SELECT "${fact.own}" AS own, "${fact.other}" AS other FROM "${fact.table}" WHERE "accountId" = ?${
        fact.isByApp ? ' AND "appId" = ?' : ''
      } AND "${fact.own}" IN (SELECT value FROM json_each(?))`,
      [accountId, ...(fact.isByApp ? [appId] : []), JSON.stringify(ids)],
    );
    for (const { own, other } of rows) {
      const key = `${accountId} ${own}`;
      const known = linkages.get(key);
      if (known) known.push({ type: fact.type, id: other });
      else linkages.set(key, [{ type: fact.type, id: other }]);
    }
  }
  return linkages;
}

async function firstLinkages(
  db: Database,
  fact: ManyFact,
  resources: readonly ResourceObject[],
): Promise<Map<string, Linkage[]>> {
  const sql = `SELECT "${fact.other}" AS other FROM "${fact.table}" WHERE "accountId" = ? AND "${fact.own}" = ? LIMIT ${INLINED}`;
  const linkages = new Map<string, Linkage[]>();
  for (const resource of resources) {
    const rows = await db.query<{ other: string }>(sql, [String(resource.meta?.accountId), resource.id]);
    linkages.set(
      keyOf(resource),
      rows.map(({ other }): Linkage => ({ type: fact.type, id: other })),
    );
  }
  return linkages;
}

/** To-one relations that may be included, beside the to-many ones above: none but those that a sync reads. */
const ONE: Readonly<Record<string, readonly string[]>> = {
  apps: [],
  betaGroups: ['app', 'betaRecruitmentCriteria'],
  betaTesters: ['apps'],
  preReleaseVersions: ['app'],
  builds: ['app', 'preReleaseVersion', 'buildBetaDetail', 'betaAppReviewSubmission'],
  buildBetaDetails: ['build'],
  betaAppReviewSubmissions: ['build'],
  betaBuildLocalizations: ['build'],
  betaFeedbackCrashSubmissions: ['build', 'tester'],
  betaFeedbackScreenshotSubmissions: ['build', 'tester'],
};

/** The relationships of a type that can be included from the mirror. */
export function heldIncludes(type: MirrorType): readonly string[] {
  return [...(ONE[type] ?? []), ...Object.keys(MANY[type] ?? {})];
}

interface Included {
  readonly included: ResourceObject[];
  /** Whether something that a row points at is not in the mirror. */
  readonly isIncomplete: boolean;
}

/**
 * The resources that `include` names, as far as the mirror holds them, each once.
 * @throws MirrorQueryError for a relation that cannot be included
 */
export async function includedOf(
  db: Database,
  type: MirrorType,
  resources: readonly ResourceObject[],
  include: readonly string[],
): Promise<Included> {
  for (const name of include) {
    if (!heldIncludes(type).includes(name))
      throw new MirrorQueryError('include', `'${name}' cannot be included here.`);
  }
  const wanted = new Map<
    string,
    { accountId: string; type: string; appIds: Set<string>; ids: Set<string> }
  >();
  for (const resource of resources) {
    const accountId = String(resource.meta?.accountId);
    for (const name of include) {
      const data = resource.relationships?.[name]?.data;
      for (const linkage of Array.isArray(data) ? data : data ? [data as Linkage] : []) {
        const key = `${accountId} ${linkage.type}`;
        const group = wanted.get(key) ?? {
          accountId,
          type: linkage.type,
          appIds: new Set<string>(),
          ids: new Set<string>(),
        };
        wanted.set(key, group);
        group.ids.add(linkage.id);
        group.appIds.add(String(resource.meta?.appId));
      }
    }
  }
  let isIncomplete = false;
  const included = (
    await Promise.all(
      [...wanted.values()].map(async ({ accountId, type: target, appIds, ids }) => {
        const found = await readMany(db, accountId, target, [...ids], [...appIds]);
        const held = new Set(found.map(({ id }) => id));
        isIncomplete ||= [...ids].some((id) => !held.has(id));
        return found;
      }),
    )
  ).flat();
  return { included, isIncomplete };
}

/** Resources by id, in no order; ids the mirror does not hold are left out. */
export async function readMany(
  db: Database,
  accountId: string,
  type: string,
  ids: readonly string[],
  appIds: readonly string[] = [],
): Promise<ResourceObject[]> {
  if (type === 'betaRecruitmentCriteria') return criteria(db, accountId, ids);
  if (!isMirrorType(type)) return documents(db, accountId, type, ids);
  const facts = factsOf(type);
  const idColumn = idColumnOf(type);
  const byApp = type === 'betaTesters' && appIds.length > 0;
  const rows = await db.query<MirrorRow>(
    `SELECT t.* FROM "${facts.table}" AS t WHERE t."accountId" = ?${
      byApp ? ' AND t."appId" IN (SELECT value FROM json_each(?))' : ''
    } AND t."${idColumn}" IN (SELECT value FROM json_each(?))${facts.where ? ` AND ${facts.where}` : ''}`,
    [accountId, ...(byApp ? [JSON.stringify(appIds)] : []), JSON.stringify(ids)],
  );
  return rows.map((row) => toResource(type, row));
}

/** The column that holds Apple's id of a type. */
export function idColumnOf(type: MirrorType): string {
  if (type === 'buildBetaDetails') return 'buildBetaDetailId';
  return type === 'betaAppReviewSubmissions' ? 'betaAppReviewSubmissionId' : 'id';
}

async function criteria(db: Database, accountId: string, ids: readonly string[]): Promise<ResourceObject[]> {
  const rows = await db.query<{ criteria: string }>(
    `SELECT "criteria" FROM "betaGroups" WHERE "accountId" = ? AND json_extract("criteria", '$.id') IN (SELECT value FROM json_each(?))`,
    [accountId, JSON.stringify(ids)],
  );
  return rows.map((row) => ({
    type: 'betaRecruitmentCriteria',
    ...JSON.parse(row.criteria),
    meta: { accountId },
  }));
}

async function documents(
  db: Database,
  accountId: string,
  type: string,
  ids: readonly string[],
): Promise<ResourceObject[]> {
  const rows = await db.query<{ id: string; document: string; fetchedAt: number }>(
    'SELECT "id", "document", "fetchedAt" FROM "documents" WHERE "accountId" = ? AND "type" = ? AND "id" IN (SELECT value FROM json_each(?))',
    [accountId, type, JSON.stringify(ids)],
  );
  return rows.map(({ id, document, fetchedAt }) => ({
    type,
    id,
    ...JSON.parse(document),
    meta: { accountId, fetchedAt },
  }));
}
