import { sql } from 'kysely';
import { forms, shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { ResourceObject } from '../resource';
import { IN_BUILDS, isPerApp } from '../tables';
import { factsOf, isMirrorType, type MirrorType } from './facts';
import { type MirrorRow, toResource } from './rows';

const held = forms();

/** What is kept inside the row of another. */
const INSIDE: ReadonlyMap<string, typeof criteria> = new Map([['betaRecruitmentCriteria', criteria]]);

/** Resources by id, in the order of their ids; ids the mirror does not hold are left out. */
export async function readMany(
  db: Store,
  accountId: string,
  type: string,
  ids: readonly string[],
  appIds: readonly string[] = [],
): Promise<ResourceObject[]> {
  const inside = INSIDE.get(type);
  if (inside) return inside(db, accountId, ids);
  if (!isMirrorType(type)) return documents(db, accountId, type, ids);
  const { table, where } = factsOf(type);
  const byApp = isPerApp(type) && appIds.length > 0;
  const rows = await db.read(
    held(`${type} ${byApp}`, { accountId, lists: [ids, appIds] }, (_, at, dialect) => {
      const [wanted = [], apps = []] = at.lists;
      const id = sql.ref<string>(`t.${idColumnOf(type)}`);
      const inApps = byApp ? sql`AND ${dialect.among(sql`t."appId"`, apps)}` : sql``;
      return sql<MirrorRow>`SELECT t.* FROM ${sql.table(table)} AS t WHERE t."accountId" = ${at.accountId} ${inApps}
        AND ${dialect.among(id, wanted)} ${where ? sql`AND ${where.is([], dialect)}` : sql``} ORDER BY ${id}`;
    }),
  );
  return rows.map((row) => toResource(type, row));
}

/** The column that holds Apple's id of a type. */
export function idColumnOf(type: MirrorType): string {
  return IN_BUILDS.get(type) ?? 'id';
}

interface Wanted {
  readonly accountId: string;
  readonly ids: readonly string[];
}

const criteriaOf = shape((build, given: Wanted, dialect) =>
  build
    .selectFrom('betaGroups')
    .select('criteria')
    .where('accountId', '=', given.accountId)
    .where('criteria', 'is not', null)
    .where(({ ref }) => dialect.among(dialect.jsonField(ref('criteria'), 'id'), given.ids))
    .orderBy('id'),
);

async function criteria(db: Store, accountId: string, ids: readonly string[]): Promise<ResourceObject[]> {
  const rows = await db.read(criteriaOf({ accountId, ids }));
  return rows.map((row) => ({
    type: 'betaRecruitmentCriteria',
    ...JSON.parse(row.criteria ?? '{}'),
    meta: { accountId },
  }));
}

const documentsOf = shape((build, given: Wanted & { type: string }, dialect) =>
  build
    .selectFrom('documents')
    .select(['id', 'document', 'fetchedAt'])
    .where('accountId', '=', given.accountId)
    .where('type', '=', given.type)
    .where(({ ref }) => dialect.among(ref('id'), given.ids))
    .orderBy('id'),
);

async function documents(
  db: Store,
  accountId: string,
  type: string,
  ids: readonly string[],
): Promise<ResourceObject[]> {
  const rows = await db.read(documentsOf({ accountId, type, ids }));
  return rows.map(({ id, document, fetchedAt }) => ({
    type,
    id,
    ...JSON.parse(document),
    meta: { accountId, fetchedAt },
  }));
}
