import type { Database } from '@/lib/store/database';
import { iconVersions } from '../app-icons';
import type { ResourceObject } from '../resource';
import type { MirrorType } from './facts';
import { groupFigures } from './group-figures';
import { sharedApps } from './holders';

type Meta = Record<string, unknown>;
type Adder = (db: Database, resources: readonly ResourceObject[]) => Promise<Map<string, Meta>>;

/** What pages show beside Apple's attributes and a row does not hold: names of groups, tags, notes, latest figures. */
const ADDERS: Partial<Record<MirrorType, Adder>> = {
  apps: async (db) =>
    new Map([...(await iconVersions(db))].map(([app, icon]) => [`${app} ${app.split(' ')[1]}`, { icon }])),
  betaGroups: groupFigures,
  betaTesters: async (db, resources) => {
    const metas = await groupNames(db, resources);
    for (const [key, meta] of await testerRecords(db, resources))
      metas.set(key, { ...metas.get(key), ...meta });
    return metas;
  },
  builds: async (db, resources) => {
    const metas = await groupNames(db, resources);
    for (const [key, meta] of await locales(db, resources)) metas.set(key, { ...metas.get(key), ...meta });
    return metas;
  },
};

/** The resources with our additions in `meta`. */
export async function additionsOf(
  db: Database,
  type: MirrorType,
  resources: readonly ResourceObject[],
): Promise<ResourceObject[]> {
  if (resources.length === 0) return [];
  const additions = await ADDERS[type]?.(db, resources);
  const shared = await sharedApps(db);
  if (!additions && shared.size === 0) return [...resources];
  return resources.map((resource) => ({
    ...resource,
    meta: { ...resource.meta, ...additions?.get(keyOf(resource)), ...accountIn(shared, resource) },
  }));
}

/** `accountName` where another account has the row's app too: then nothing else tells the rows apart. */
function accountIn(shared: ReadonlyMap<string, string>, { meta }: ResourceObject): Meta {
  const accountName = shared.get(`${meta?.accountId} ${meta?.appId}`);
  return accountName === undefined ? {} : { accountName };
}

const keyOf = ({ id, meta }: ResourceObject): string => `${meta?.accountId} ${meta?.appId} ${id}`;

/** `groups: [{id, name, isInternalGroup}]` from the linkages that are already there. */
async function groupNames(db: Database, resources: readonly ResourceObject[]): Promise<Map<string, Meta>> {
  const ids = new Set<string>();
  for (const resource of resources) for (const id of groupIds(resource)) ids.add(id);
  const rows = await db.query<{
    accountId: string;
    id: string;
    name: string | null;
    isInternalGroup: number | null;
  }>(
    'SELECT "accountId", "id", "name", "isInternalGroup" FROM "betaGroups" WHERE "accountId" IN (SELECT value FROM json_each(?)) AND "id" IN (SELECT value FROM json_each(?))',
    [JSON.stringify([...new Set(resources.map(({ meta }) => meta?.accountId))]), JSON.stringify([...ids])],
  );
  const groups = new Map(
    rows.map(({ accountId, id, name, isInternalGroup }) => [
      `${accountId} ${id}`,
      { id, name, isInternalGroup: isInternalGroup === 1 },
    ]),
  );
  return new Map(
    resources.map((resource) => [
      keyOf(resource),
      { groups: groupIds(resource).flatMap((id) => groups.get(`${resource.meta?.accountId} ${id}`) ?? []) },
    ]),
  );
}

function groupIds(resource: ResourceObject): string[] {
  const data = resource.relationships?.betaGroups?.data;
  return Array.isArray(data) ? data.map(({ id }) => id) : [];
}

/** Our records about testers: tags, note, protection, the newest day's figures. */
async function testerRecords(db: Database, resources: readonly ResourceObject[]): Promise<Map<string, Meta>> {
  const wanted = JSON.stringify(
    resources.map(({ id, meta }) => ({ a: meta?.accountId, p: meta?.appId, i: id })),
  );
  const on = (alias: string) =>
    `${alias}."accountId" = json_extract(k.value, '$.a') AND ${alias}."appId" = json_extract(k.value, '$.p') AND ${alias}."testerId" = json_extract(k.value, '$.i')`;
  const rows = await db.query<{
    accountId: string;
    appId: string;
    testerId: string;
    note: string | null;
    protected: number | null;
    tags: string | null;
    activity: string | null;
    lastActive: string | null;
  }>(
    `SELECT json_extract(k.value, '$.a') AS accountId, json_extract(k.value, '$.p') AS appId, json_extract(k.value, '$.i') AS testerId,
      n."note" AS note, n."protected" AS protected,
      (SELECT json_group_array(g."tag") FROM "testerTags" AS g WHERE ${on('g')}) AS tags,
      (SELECT json_object('day', d."day", 'sessionCount', d."sessionCount", 'crashCount', d."crashCount", 'feedbackCount', d."feedbackCount")
         FROM "testerDays" AS d WHERE ${on('d')} ORDER BY d."day" DESC LIMIT 1) AS activity,
      (SELECT MAX(d."day") FROM "testerDays" AS d WHERE ${on('d')} AND d."sessionCount" > 0) AS lastActive
     FROM json_each(?) AS k LEFT JOIN "testerNotes" AS n ON ${on('n')}`,
    [wanted],
  );
  return new Map(
    rows.map((row) => [
      `${row.accountId} ${row.appId} ${row.testerId}`,
      {
        note: row.note,
        protected: row.protected === 1,
        tags: row.tags === null ? [] : (JSON.parse(row.tags) as string[]),
        lastActive: row.lastActive,
        activity: row.activity === null ? null : (JSON.parse(row.activity) as Meta),
      },
    ]),
  );
}

/** `locales: {"en-US": true, "de-DE": false}`: which languages have a text of What to Test. */
async function locales(db: Database, resources: readonly ResourceObject[]): Promise<Map<string, Meta>> {
  const rows = await db.query<{ accountId: string; appId: string; buildId: string; locales: string }>(
    `SELECT "accountId", "appId", "buildId",
      json_group_object("locale", json(CASE WHEN coalesce("whatsNew", '') = '' THEN 'false' ELSE 'true' END)) AS locales
     FROM "betaBuildLocalizations" WHERE "accountId" IN (SELECT value FROM json_each(?)) AND "buildId" IN (SELECT value FROM json_each(?))
     GROUP BY "accountId", "buildId"`,
    [
      JSON.stringify([...new Set(resources.map(({ meta }) => meta?.accountId))]),
      JSON.stringify(resources.map(({ id }) => id)),
    ],
  );
  return new Map(
    rows.map((row) => [
      `${row.accountId} ${row.appId} ${row.buildId}`,
      { locales: JSON.parse(row.locales) as Record<string, boolean> },
    ]),
  );
}
