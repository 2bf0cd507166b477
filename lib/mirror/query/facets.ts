import { type RawBuilder, sql } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { isPerApp } from '../tables';
import { fold } from '../text';
import { activityChoices, hasSession } from './activity';
import { endings, endsBy } from './build-sql';
import { allOf, type Condition, oneOf } from './condition';
import { conditionsOf } from './conditions';
import { modelWord } from './device-sql';
import { factsOf, type ListType } from './facts';
import {
  ASSIGNEE,
  BATTERY,
  DEVICE,
  DISK,
  GONE,
  HAS_COMMENT,
  HAS_LOG,
  HAS_PICTURE,
  ISSUE_ASSIGNEE,
  ISSUE_PRIORITY,
  ISSUE_REGRESSED,
  KIND,
  PRIORITY,
  REGRESSED,
  STATUS,
  snoozedAt,
  VERSION,
  yesNo,
} from './feedback-facts';
import { IS_IN_GROUP } from './group-sql';
import { maskedFacts } from './masked';
import { REVIEW } from './review-facts';
import { IS_SUPERSEDED } from './superseded';
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

type Text = RawBuilder<string | null>;

/** How a filter's values are found over the rows `t`. */
interface FacetFact {
  /** Joins that give a row for each value. */
  readonly join?: (dialect: Dialect, since: readonly string[]) => RawBuilder<unknown>;
  readonly value: (dialect: Dialect) => Text;
  /** What a value is called: over the joined rows, or the name of their app. */
  readonly label?: Text | 'app';
  readonly hint?: Text | 'app' | ((dialect: Dialect) => Text);
}

const column = (name: string): FacetFact => ({
  value: () => sql`coalesce(${sql.ref(`t.${name}`)}, 'none')`,
});
const flag = (name: string): FacetFact => ({
  value: () =>
    sql`CASE WHEN ${sql.ref(`t.${name}`)} IS TRUE THEN 'true' WHEN ${sql.ref(`t.${name}`)} IS FALSE THEN 'false' ELSE 'none' END`,
});
const inApp: FacetFact = { value: () => sql`t."appId"`, label: 'app' };
const device = (member: string, word = (text: Text) => text): FacetFact => ({
  join: (dialect) =>
    sql`JOIN ${dialect.members(sql`t."appDevices"`, 'd')} ON ${dialect.memberField('d', member)} IS NOT NULL`,
  value: (dialect) => word(dialect.memberField('d', member)),
});
const groupOf = (table: string, member: string): FacetFact => ({
  join: () => sql`JOIN ${sql.table(table)} AS m ON m."accountId" = t."accountId" AND ${sql.ref(`m.${member}`)} = t."id"
    JOIN "betaGroups" AS g ON g."accountId" = m."accountId" AND g."id" = m."groupId" AND g."appId" = t."appId"`,
  value: () => sql`g."id"`,
  label: sql`g."name"`,
  hint: 'app',
});

const personOf = sql<string>`coalesce(nullif(trim(coalesce(p."firstName", '') || ' ' || coalesce(p."lastName", '')), ''), p."email")`;
const userNamed = (value: Text): FacetFact => ({
  join: () => sql`LEFT JOIN "users" AS u ON u."id" = ${value}`,
  value: () => value,
  label: sql`coalesce(u."name", u."email")`,
});
const labelOn = (issue: RawBuilder<unknown>): FacetFact => ({
  join: () => sql`JOIN "issueLabels" AS l ON l."issueId" = ${issue}`,
  value: () => sql`l."label"`,
});
/** What is out of sight now, by the only moment of `since`. */
const snoozedNow = (issue: RawBuilder<unknown>): FacetFact => ({
  join: (_, since) => sql`CROSS JOIN (SELECT CAST(${since[0]} AS BIGINT) AS "now") AS x
    LEFT JOIN "issues" AS i ON i."id" = ${issue}`,
  value: () => yesNo(snoozedAt(sql`x."now"`)),
});
const saying = (value: Text): FacetFact => ({ value: () => value });
const buildOf = (join: RawBuilder<unknown>): FacetFact => ({
  join: () => join,
  value: () => sql`b."id"`,
  label: sql`b."trainVersion" || ' (' || b."version" || ')'`,
  hint: sql`b."platform"`,
});
const BUILD_OF_REPORT = sql`JOIN "builds" AS b ON b."accountId" = t."accountId" AND b."id" = t."buildId"`;
const BUILDS_OF_ISSUE = sql`JOIN "feedback" AS f ON f."issueId" = t."id"
  JOIN "builds" AS b ON b."accountId" = f."accountId" AND b."id" = f."buildId"`;

const FACETS: Partial<Record<ListType, Readonly<Record<string, FacetFact>>>> = {
  betaTesters: {
    state: column('state'),
    inviteType: column('inviteType'),
    apps: inApp,
    betaGroups: groupOf('betaGroupTesters', 'testerId'),
    builds: {
      join: () => sql`JOIN "buildTesters" AS m ON m."accountId" = t."accountId" AND m."testerId" = t."id"
        JOIN "builds" AS b ON b."accountId" = m."accountId" AND b."id" = m."buildId" AND b."appId" = t."appId"`,
      value: () => sql`b."id"`,
      label: sql`b."trainVersion" || ' (' || b."version" || ')'`,
      hint: sql`b."platform"`,
    },
    device: device('model', modelWord),
    os: device('osVersion'),
    devicePlatform: device('platform'),
    installedBuild: {
      ...device('appBuildVersion'),
      hint: (dialect) => dialect.together(dialect.memberField('d', 'platform')),
    },
    tag: {
      join: () =>
        sql`JOIN "testerTags" AS g ON g."accountId" = t."accountId" AND g."appId" = t."appId" AND g."testerId" = t."id"`,
      value: () => sql`g."tag"`,
    },
    activity: { join: (_, since) => activityJoin(since), value: () => sql`x."value"` },
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
    betaGroups: groupOf('buildGroups', 'buildId'),
    isInGroup: { value: () => sql`CASE WHEN ${IS_IN_GROUP} THEN 'true' ELSE 'false' END` },
    usesNonExemptEncryption: flag('usesNonExemptEncryption'),
    review: saying(REVIEW),
    isSuperseded: { value: () => sql`CASE WHEN ${IS_SUPERSEDED} THEN 'true' ELSE 'false' END` },
    minOsVersion: column('minOsVersion'),
    endsWithin: { join: (_, since) => endingJoin(since), value: () => sql`x."value"` },
  },
  feedback: {
    app: inApp,
    kind: saying(KIND),
    status: saying(STATUS),
    assignee: userNamed(ASSIGNEE),
    priority: saying(PRIORITY),
    label: labelOn(sql`t."issueId"`),
    regressed: saying(REGRESSED),
    snoozed: snoozedNow(sql`t."issueId"`),
    version: saying(VERSION),
    build: buildOf(BUILD_OF_REPORT),
    device: saying(DEVICE),
    os: column('osVersion'),
    platform: column('appPlatform'),
    locale: column('locale'),
    group: {
      join: () => sql`JOIN "betaGroupTesters" AS m ON m."accountId" = t."accountId" AND m."testerId" = t."testerId" AND m."appId" = t."appId"
        JOIN "betaGroups" AS g ON g."accountId" = m."accountId" AND g."id" = m."groupId"`,
      value: () => sql`g."id"`,
      label: sql`g."name"`,
      hint: 'app',
    },
    tester: {
      join: () =>
        sql`JOIN "betaTesters" AS p ON p."accountId" = t."accountId" AND p."appId" = t."appId" AND p."id" = t."testerId"`,
      value: () => sql`p."id"`,
      label: personOf,
    },
    hasComment: saying(HAS_COMMENT),
    hasPicture: saying(HAS_PICTURE),
    hasLog: saying(HAS_LOG),
    disk: saying(DISK),
    battery: saying(BATTERY),
    connection: column('connectionType'),
    gone: saying(GONE),
  },
  issues: {
    app: inApp,
    status: column('status'),
    assignee: userNamed(ISSUE_ASSIGNEE),
    priority: saying(ISSUE_PRIORITY),
    label: labelOn(sql`t."id"`),
    regressed: saying(ISSUE_REGRESSED),
    snoozed: snoozedNow(sql`t."id"`),
    crashKind: column('crashKind'),
    version: { join: () => BUILDS_OF_ISSUE, value: () => sql`b."trainVersion"` },
    build: buildOf(BUILDS_OF_ISSUE),
  },
};

/** A row for each word that is true of the tester. */
function activityJoin(since: readonly string[]): RawBuilder<unknown> {
  const choices = activityChoices(0).map(
    ({ value }, at) => sql`SELECT ${sql.lit(value)} AS "value", CAST(${since[at]} AS TEXT) AS "since"`,
  );
  return sql`JOIN (${sql.join(choices, sql` UNION ALL `)}) AS x
    ON CASE WHEN x."value" LIKE 'active%' THEN ${hasSession(sql`x."since"`, true)} ELSE ${hasSession(sql`x."since"`, false)} END`;
}

/** A row for each of the spans within which the build ends. */
function endingJoin(until: readonly string[]): RawBuilder<unknown> {
  const choices = endings(0).map(
    ({ value }, at) => sql`SELECT ${sql.lit(value)} AS "value", CAST(${until[at]} AS TEXT) AS "until"`,
  );
  return sql`JOIN (${sql.join(choices, sql` UNION ALL `)}) AS x ON ${endsBy(sql`x."until"`)}`;
}

const MOST = 50;
/** Across all apps so many rows stand for the whole: half a million are not read for a menu. */
const LOOKED_AT = 20_000;

const counts = forms();
const rests = forms();

/**
 * The values of one filter that occur among the rows which the other filters and the search leave, commonest first.
 * @throws MirrorQueryError when the list has no such filter
 */
export async function facetOf(
  db: Store,
  type: ListType,
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
  const word = fold(typed.trim());
  const now = query.now ?? Date.now();
  const since =
    field === 'activity'
      ? activityChoices(now).map((one) => one.since)
      : field === 'snoozed'
        ? [String(now)]
        : field === 'endsWithin'
          ? endings(now).map((one) => one.until)
          : [];
  const form = `${type} ${field} ${word === '' ? '' : 'typed'} ${facts.isMasked ? 'masked' : ''} ${where.form}`;
  const given = { where: where.values, since, word };
  const found = await db.read(
    counts(form, given, (_, at, dialect) => {
      const rows = sql`(SELECT t.* FROM ${sql.table(facts.table)} AS t WHERE ${where.is(at.where, dialect)} LIMIT ${sql.lit(LOOKED_AT)})`;
      return valuesSql(fact, rows, {
        key: facts.key[0] ?? '',
        since: at.since,
        word: word === '' ? undefined : at.word,
        isMasked: facts.isMasked === true,
        dialect,
      });
    }),
  );
  return {
    values: found.slice(0, MOST).map(({ hint, ...rest }) => ({ ...rest, hint: inOrder(hint) })),
    hasMore: found.length > MOST,
    ...((await isCut(db, facts.table, where)) ? { isLowerBound: true as const } : {}),
  };
}

interface Counting {
  /** What tells the counted rows apart. */
  readonly key: string;
  readonly since: readonly string[];
  /** What the value or its name must hold; undefined for nothing. */
  readonly word: string | undefined;
  /** Then no name is found by an address in it. */
  readonly isMasked: boolean;
  readonly dialect: Dialect;
}

/** Groups are made first and named afterwards: the name of an app is then looked up once, not for each of its rows. */
function valuesSql(
  fact: FacetFact,
  rows: RawBuilder<unknown>,
  { key, since, word, isMasked, dialect }: Counting,
) {
  const { label, hint } = fact;
  const own = (text: FacetFact['hint']) =>
    typeof text === 'function' ? text(dialect) : text && text !== 'app' ? sql`MIN(${text})` : sql`NULL`;
  const named = (text: FacetFact['hint'], name: string) =>
    text === 'app'
      ? sql`(SELECT a."name" FROM "apps" AS a WHERE a."accountId" = v."accountId" AND a."id" = v."appId")`
      : sql.ref(`v.${name}`);
  const groups = sql`SELECT ${fact.value(dialect)} AS "value", ${own(label)} AS "label", ${own(hint)} AS "hint",
      MIN(t."accountId") AS "accountId", MIN(t."appId") AS "appId", COUNT(DISTINCT ${sql.ref(`t.${key}`)}) AS "count"
    FROM ${rows} AS t ${fact.join?.(dialect, since) ?? sql``} GROUP BY 1`;
  const values = sql`SELECT v."value", ${named(label, 'label')} AS "label", ${named(hint, 'hint')} AS "hint", v."count" FROM (${groups}) AS v`;
  const shown = label === undefined ? sql`w."value"` : sql`w."label"`;
  const searched = isMasked ? sql`CASE WHEN ${shown} NOT LIKE '%@%' THEN ${shown} END` : shown;
  const matches =
    word === undefined ? sql`1 = 1` : dialect.contains(sql`fold(coalesce(${searched}, ''))`, word);
  return sql<FacetValue>`SELECT w.* FROM (${values}) AS w WHERE ${matches}
    ORDER BY w."count" DESC, w."label" ASC NULLS FIRST, w."value" LIMIT ${sql.lit(MOST + 1)}`;
}

const inOrder = (hint: string | null) => hint?.split(',').toSorted().join(',') ?? null;

// Every index of testers begins with the account.
function byIndex(type: ListType, filter: MirrorQuery['filter']): Condition[] {
  const apps = filter?.apps ?? [];
  if (!isPerApp(type) || apps.length === 0) return [];
  const one = oneOf(apps);
  return [
    {
      form: `counted ${one.form}`,
      values: one.values,
      is: (places, dialect) =>
        sql`(t."accountId", t."appId") IN (SELECT "accountId", "appId" FROM "betaTesterCounts" WHERE ${one.is(sql`"appId"`, places, dialect)})`,
    },
  ];
}

async function isCut(db: Store, table: string, where: Condition): Promise<boolean> {
  const rest = await db.read(
    rests(
      `${table} ${where.form}`,
      { where: where.values },
      (_, at, dialect) =>
        sql`SELECT 1 FROM ${sql.table(table)} AS t WHERE ${where.is(at.where, dialect)} LIMIT 1 OFFSET ${sql.lit(LOOKED_AT)}`,
    ),
  );
  return rest.length > 0;
}
