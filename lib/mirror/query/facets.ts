import type { Database, SqlValue } from '@/lib/store/database';
import { fold } from '../text';
import { allOf, type Condition, conditionsOf } from './conditions';
import { ACTIVITY_VALUES, activityIs, factsOf, type MirrorType, modelWord } from './facts';
import { maskedFacts } from './masked';
import { type MirrorQuery, MirrorQueryError } from './types';

/** A value that occurs in a list, with how many rows have it; `value` is what the filter of that name takes. */
export interface FacetValue {
  readonly value: string;
  /** What the value is called, where it is an id. */
  readonly label: string | null;
  /** What tells two of the same name apart: the app; the platforms of a build’s number, with commas. */
  readonly hint: string | null;
  readonly count: number;
}

export interface FacetPage {
  readonly values: readonly FacetValue[];
  /** Whether there are more values than these; a search finds them. */
  readonly hasMore: boolean;
  /** Set when only a part of a very long list was counted. */
  readonly isLowerBound?: true;
}

interface FacetFact {
  readonly join?: string;
  readonly value: string;
  readonly label?: string;
  readonly hint?: string;
}

const column = (name: string): FacetFact => ({ value: `coalesce(t."${name}", 'none')` });
const flag = (name: string): FacetFact => ({
  value: `CASE t."${name}" WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'none' END`,
});
const APP_NAME = `(SELECT a."name" FROM "apps" AS a WHERE a."accountId" = t."accountId" AND a."id" = t."appId")`;
const inApp: FacetFact = { value: 't."appId"', label: APP_NAME };
const device = (member: string, value = (sql: string) => sql): FacetFact => ({
  join: `JOIN json_each(t."appDevices") AS d ON d.value ->> '$.${member}' IS NOT NULL`,
  value: value(`d.value ->> '$.${member}'`),
});
const GROUP_OF = (table: string, member: string): FacetFact => ({
  join: `JOIN "${table}" AS m ON m."accountId" = t."accountId" AND m."${member}" = t."id"
    JOIN "betaGroups" AS g ON g."accountId" = m."accountId" AND g."id" = m."groupId" AND g."appId" = t."appId"`,
  value: 'g."id"',
  label: 'g."name"',
  hint: APP_NAME,
});

const FACETS: Partial<Record<MirrorType, Readonly<Record<string, FacetFact>>>> = {
  betaTesters: {
    state: column('state'),
    inviteType: column('inviteType'),
    apps: inApp,
    betaGroups: GROUP_OF('betaGroupTesters', 'testerId'),
    builds: {
      join: `JOIN "buildTesters" AS m ON m."accountId" = t."accountId" AND m."testerId" = t."id"
        JOIN "builds" AS b ON b."accountId" = m."accountId" AND b."id" = m."buildId" AND b."appId" = t."appId"`,
      value: 'b."id"',
      label: `b."trainVersion" || ' (' || b."version" || ')'`,
      hint: 'b."platform"',
    },
    device: device('model', modelWord),
    os: device('osVersion'),
    installedBuild: {
      ...device('appBuildVersion'),
      hint: `group_concat(DISTINCT d.value ->> '$.platform')`,
    },
    tag: {
      join: `JOIN "testerTags" AS g ON g."accountId" = t."accountId" AND g."appId" = t."appId" AND g."testerId" = t."id"`,
      value: 'g."tag"',
    },
    activity: {
      join: `JOIN json_each('${JSON.stringify(ACTIVITY_VALUES)}') AS x ON ${activityIs('x.value')}`,
      value: 'x.value',
    },
  },
  betaGroups: {
    app: inApp,
    isInternalGroup: flag('isInternalGroup'),
    publicLinkEnabled: flag('publicLinkEnabled'),
    publicLinkLimitEnabled: flag('publicLinkLimitEnabled'),
    feedbackEnabled: flag('feedbackEnabled'),
    hasAccessToAllBuilds: flag('hasAccessToAllBuilds'),
  },
  builds: {
    app: inApp,
    externalBuildState: column('externalBuildState'),
    internalBuildState: column('internalBuildState'),
    processingState: column('processingState'),
    expired: flag('expired'),
    'preReleaseVersion.platform': column('platform'),
    'preReleaseVersion.version': column('trainVersion'),
    betaGroups: GROUP_OF('buildGroups', 'buildId'),
  },
};

const MOST = 50;
/** Across all apps so many rows stand for the whole: half a million are not read for a menu. */
const LOOKED_AT = 20_000;

/**
 * The values of one filter that occur among the rows which the other filters and the search leave, commonest first.
 * @throws MirrorQueryError when the list has no such filter
 */
export async function facetOf(
  db: Database,
  type: MirrorType,
  field: string,
  query: Omit<MirrorQuery, 'limit' | 'sort'>,
  typed = '',
): Promise<FacetPage> {
  const known = FACETS[type] ?? {};
  const fact = Object.hasOwn(known, field) ? known[field] : undefined;
  if (!fact) throw new MirrorQueryError('field', `'${field}' has no values to choose from here.`);
  const facts = query.isMasked ? maskedFacts(factsOf(type)) : factsOf(type);
  const { [field]: _is, [`not.${field}`]: _isNot, ...filter } = query.filter ?? {};
  const where = allOf([...conditionsOf(facts, { ...query, filter, limit: 1 }), ...byIndex(type, filter)]);
  const rows = `(SELECT t.* FROM "${facts.table}" AS t WHERE ${where.sql} LIMIT ${LOOKED_AT})`;
  const word = fold(typed.trim());
  const matches = word === '' ? '1' : `instr(fold(coalesce(${fact.label ?? fact.value}, '')), ?) > 0`;
  const found = await db.query<FacetValue>(
    `SELECT ${fact.value} AS value, ${fact.label ?? 'NULL'} AS label, ${fact.hint ?? 'NULL'} AS hint,
       COUNT(DISTINCT t."${facts.key[0]}") AS count
     FROM ${rows} AS t ${fact.join ?? ''} WHERE ${matches} GROUP BY 1 ORDER BY count DESC, label, value LIMIT ${MOST + 1}`,
    [...where.params, ...(word === '' ? [] : [word])],
  );
  return {
    values: found.slice(0, MOST),
    hasMore: found.length > MOST,
    ...((await isCut(db, facts.table, where)) ? { isLowerBound: true as const } : {}),
  };
}

// Every index of testers begins with the account.
function byIndex(type: MirrorType, filter: MirrorQuery['filter']): Condition[] {
  const apps = filter?.apps ?? [];
  if (type !== 'betaTesters' || apps.length === 0) return [];
  const params: SqlValue[] = [...apps];
  const marks = apps.map(() => '?').join(', ');
  return [
    {
      sql: `(t."accountId", t."appId") IN (SELECT "accountId", "appId" FROM "betaTesterCounts" WHERE "appId" IN (${marks}))`,
      params,
    },
  ];
}

async function isCut(db: Database, table: string, where: Condition): Promise<boolean> {
  const sql = `SELECT 1 FROM "${table}" AS t WHERE ${where.sql} LIMIT 1 OFFSET ${LOOKED_AT}`;
  return (await db.query(sql, where.params)).length > 0;
}
