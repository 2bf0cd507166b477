import { sql } from 'kysely';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { iconVersions } from '../app-icons';
import type { ResourceObject } from '../resource';
import { buildUses } from './build-additions';
import type { ListType } from './facts';
import { feedbackAdditions, issueAdditions } from './feedback-additions';
import { groupFigures } from './group-figures';
import { sharedApps } from './holders';
import { reviewAdditions } from './review-additions';

type Meta = Record<string, unknown>;
type Adder = (db: Store, resources: readonly ResourceObject[]) => Promise<Map<string, Meta>>;

/** What pages show beside Apple's attributes and a row does not hold: names of groups, tags, notes, latest figures. */
const ADDERS: Partial<Record<ListType, Adder>> = {
  apps: async (db) =>
    new Map([...(await iconVersions(db))].map(([app, icon]) => [`${app} ${app.split(' ')[1]}`, { icon }])),
  betaGroups: groupFigures,
  betaTesters: async (db, resources) => {
    const metas = await groupNames(db, resources);
    return joined(metas, await testerRecords(db, resources));
  },
  builds: async (db, resources) => {
    const metas = await groupNames(db, resources);
    return joined(
      metas,
      await locales(db, resources),
      await reviewAdditions(db, resources, keyOf),
      await buildUses(db, resources),
    );
  },
  feedback: feedbackAdditions,
  issues: issueAdditions,
};

/** All that is added to each, in the first. V8 takes twenty times as long to spread several objects into one. */
function joined(metas: Map<string, Meta>, ...more: ReadonlyMap<string, Meta>[]): Map<string, Meta> {
  for (const [key, meta] of more.flatMap((one) => [...one])) {
    const known = metas.get(key);
    if (known) Object.assign(known, meta);
    else metas.set(key, { ...meta });
  }
  return metas;
}

/** The resources with our additions in `meta`. */
export async function additionsOf(
  db: Store,
  type: ListType,
  resources: readonly ResourceObject[],
): Promise<ResourceObject[]> {
  if (resources.length === 0) return [];
  const additions = await ADDERS[type]?.(db, resources);
  const shared = await sharedApps(db);
  if (!additions && shared.size === 0) return [...resources];
  return resources.map((resource) => ({
    ...resource,
    meta: Object.assign({}, resource.meta, additions?.get(keyOf(resource)), accountIn(shared, resource)),
  }));
}

/** `accountName` where another account has the row's app too: then nothing else tells the rows apart. */
function accountIn(shared: ReadonlyMap<string, string>, { meta }: ResourceObject): Meta {
  const accountName = shared.get(`${meta?.accountId} ${meta?.appId}`);
  return accountName === undefined ? {} : { accountName };
}

const keyOf = ({ id, meta }: ResourceObject): string => `${meta?.accountId} ${meta?.appId} ${id}`;

interface Wanted {
  readonly accounts: readonly string[];
  readonly ids: readonly string[];
}

const groups = shape((build, given: Wanted, dialect) =>
  build
    .selectFrom('betaGroups')
    .select(['accountId', 'id', 'name', 'isInternalGroup'])
    .where(({ ref }) => dialect.among(ref('accountId'), given.accounts))
    .where(({ ref }) => dialect.among(ref('id'), given.ids)),
);

const accountsOf = (resources: readonly ResourceObject[]): string[] => [
  ...new Set(resources.map(({ meta }) => String(meta?.accountId))),
];

/** `groups: [{id, name, isInternalGroup}]` from the linkages that are already there. */
async function groupNames(db: Store, resources: readonly ResourceObject[]): Promise<Map<string, Meta>> {
  const ids = new Set<string>();
  for (const resource of resources) for (const id of groupIds(resource)) ids.add(id);
  const rows = await db.read(groups({ accounts: accountsOf(resources), ids: [...ids] }));
  const named = new Map(
    rows.map(({ accountId, id, name, isInternalGroup }) => [
      `${accountId} ${id}`,
      { id, name, isInternalGroup: isInternalGroup === 1 },
    ]),
  );
  return new Map(
    resources.map((resource) => [
      keyOf(resource),
      { groups: groupIds(resource).flatMap((id) => named.get(`${resource.meta?.accountId} ${id}`) ?? []) },
    ]),
  );
}

function groupIds(resource: ResourceObject): string[] {
  const data = resource.relationships?.betaGroups?.data;
  return Array.isArray(data) ? data.map(({ id }) => id) : [];
}

interface TesterRecord {
  readonly account: string;
  readonly app: string;
  readonly tester: string;
  readonly note: string | null;
  readonly protected: number | null;
  readonly tag: string | null;
  readonly day: string | null;
  readonly sessionCount: number | null;
  readonly crashCount: number | null;
  readonly feedbackCount: number | null;
  readonly lastActive: string | null;
}

// A row for each tag of each tester; the newest day is found by its index.
const records = shape((_, given: { testers: readonly string[][] }, dialect) => {
  const of = (alias: string) =>
    sql`${sql.ref(`${alias}.accountId`)} = k."account" AND ${sql.ref(`${alias}.appId`)} = k."app" AND ${sql.ref(`${alias}.testerId`)} = k."tester"`;
  return sql<TesterRecord>`SELECT k."account", k."app", k."tester", n."note", n."protected", g."tag",
      d."day", d."sessionCount", d."crashCount", d."feedbackCount",
      (SELECT MAX(s."day") FROM "testerDays" AS s WHERE ${of('s')} AND s."sessionCount" > 0) AS "lastActive"
    FROM ${dialect.listed(given.testers, ['account', 'app', 'tester'])} AS k
    LEFT JOIN "testerNotes" AS n ON ${of('n')}
    LEFT JOIN "testerTags" AS g ON ${of('g')}
    LEFT JOIN "testerDays" AS d ON ${of('d')} AND d."day" = (SELECT MAX(l."day") FROM "testerDays" AS l WHERE ${of('l')})`;
});

/** Our records about testers: tags, note, protection, the newest day's figures. */
async function testerRecords(db: Store, resources: readonly ResourceObject[]): Promise<Map<string, Meta>> {
  const testers = resources.map(({ id, meta }) => [String(meta?.accountId), String(meta?.appId), id]);
  const metas = new Map<string, Meta & { tags: string[] }>();
  for (const row of await db.read(records({ testers }))) {
    const key = `${row.account} ${row.app} ${row.tester}`;
    const known = metas.get(key);
    if (known && row.tag !== null) known.tags.push(row.tag);
    if (!known) metas.set(key, metaOf(row));
  }
  for (const { tags } of metas.values()) if (tags.length > 1) tags.sort();
  return metas;
}

function metaOf({ note, tag, day, lastActive, ...row }: TesterRecord): Meta & { tags: string[] } {
  const { sessionCount, crashCount, feedbackCount } = row;
  return {
    note,
    protected: row.protected === 1,
    tags: tag === null ? [] : [tag],
    lastActive,
    activity: day === null ? null : { day, sessionCount, crashCount, feedbackCount },
  };
}

const texts = shape((build, given: Wanted, dialect) =>
  build
    .selectFrom('betaBuildLocalizations')
    .select(['accountId', 'appId', 'buildId', 'locale'])
    .select(({ eb }) => eb('whatsNew', '<>', '').as('isWritten'))
    .where(({ ref }) => dialect.among(ref('accountId'), given.accounts))
    .where(({ ref }) => dialect.among(ref('buildId'), given.ids))
    .orderBy('id'),
);

/** `locales: {"en-US": true, "de-DE": false}`: which languages have a text of What to Test. */
async function locales(db: Store, resources: readonly ResourceObject[]): Promise<Map<string, Meta>> {
  const given = { accounts: accountsOf(resources), ids: resources.map(({ id }) => id) };
  const metas = new Map<string, { locales: Record<string, boolean> }>();
  for (const { accountId, appId, buildId, locale, isWritten } of await db.read(texts(given))) {
    const key = `${accountId} ${appId} ${buildId}`;
    const meta = metas.get(key) ?? { locales: {} };
    metas.set(key, meta);
    if (locale !== null) meta.locales[locale] = Number(isWritten) === 1;
  }
  return metas;
}
