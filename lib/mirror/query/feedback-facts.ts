import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { CRASH_KINDS } from '@/lib/format/crashes';
import { versionKey } from '../text';
import { always, type Condition, oneOf } from './condition';
import type { FilterFact, IsOne, Searched, SearchText, TypeFacts } from './fact-types';
import { MirrorQueryError } from './types';

// The inbox: reports of both kinds, and the crash issues they belong to. State stands on the issue alone; a report that
// nobody has looked at here has none yet, and counts as new.

type Text = RawBuilder<string | null>;

/** What is said of the issue of a report `t`. */
const ofIssue = (value: RawBuilder<unknown>): Text =>
  sql`(SELECT ${value} FROM "issues" AS i WHERE i."id" = t."issueId")`;

/** Less room than this is low, bytes; less charge than this is low, per cent. */
const LOW_DISK = 1_000_000_000;
const LOW_BATTERY = 20;

/** Whether something holds, as filters and facets say it. */
export const yesNo = (is: RawBuilder<unknown>): Text => sql`CASE WHEN ${is} THEN 'yes' ELSE 'no' END`;
const either = (value: Text, ofIssue?: Text): FilterFact => ({
  where: (isOne) => isOne(value),
  ...(ofIssue ? { ofIssue: (isOne) => isOne(ofIssue) } : {}),
});

/** The statuses of what is still to be decided or done. */
const OPEN = sql`'new', 'triaged', 'inProgress'`;

/** What a tab shows of issues `i`; `now` is a place. */
export const TABS: Readonly<
  Record<string, (now: RawBuilder<unknown>, user: RawBuilder<unknown>) => RawBuilder<unknown>>
> = {
  review: (now) =>
    sql`(i."status" = 'new' OR (i."regressedAt" IS NOT NULL AND i."status" IN (${OPEN}))) AND NOT ${snoozedAt(now)}`,
  mine: (now, user) => sql`i."assigneeId" = ${user} AND i."status" IN (${OPEN}) AND NOT ${snoozedAt(now)}`,
  open: () => sql`i."status" IN (${OPEN})`,
  resolved: () => sql`i."status" = 'resolved'`,
  all: () => sql`1 = 1`,
};

/** Whether an issue `i` is out of sight at a moment. */
export const snoozedAt = (now: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`((i."snoozedUntil" IS NOT NULL AND i."snoozedUntil" > ${now}) OR i."snoozedDate" IS NOT NULL)`;

/** Tabs in which what nobody has looked at stands too. */
export const WITH_UNSEEN: ReadonlySet<string> = new Set(['review', 'open', 'all']);

/**
 * One tab of the inbox; `mine` says whose: `mine~<user>`.
 * @throws MirrorQueryError for a word that is none
 */
const tab =
  (isIssue: boolean) =>
  (values: readonly string[], now: number): Condition => {
    const [value = '', ...more] = values;
    const [word = '', user = ''] = value.split('~');
    if (word === 'all' && more.length === 0) return always('tab all', sql`1 = 1`, sql`1 = 1`);
    const is = Object.hasOwn(TABS, word) ? TABS[word] : undefined;
    if (!is || more.length > 0)
      throw new MirrorQueryError('filter[view]', 'Choose review, mine, open, resolved or all.');
    return {
      form: `tab ${word} ${isIssue}`,
      values: [now, user],
      is: ([at, whose]) => {
        const holds = is(sql`${at}`, sql`${whose}`);
        if (isIssue) return sql`EXISTS (SELECT 1 FROM "issues" AS i WHERE i."id" = t."id" AND ${holds})`;
        const unseen = WITH_UNSEEN.has(word) ? sql`t."issueId" IS NULL OR` : sql``;
        return sql`(${unseen} EXISTS (SELECT 1 FROM "issues" AS i WHERE i."id" = t."issueId" AND ${holds}))`;
      },
      ofIssue: ([at, whose]) => sql`${is(sql`${at}`, sql`${whose}`)}`,
    };
  };

/** Whether an issue is out of sight now: `yes` or `no`. */
const snoozed = (of: RawBuilder<unknown>): FilterFact => ({
  made: (values, now): Condition => {
    const one = oneOf(values);
    return {
      form: `snoozed ${one.form}`,
      values: [now, ...one.values],
      is: ([at, ...places], dialect) => {
        const is = sql`EXISTS (SELECT 1 FROM "issues" AS i WHERE i."id" = ${of} AND ${snoozedAt(sql`${at}`)})`;
        return one.is(yesNo(is), places, dialect);
      },
      ofIssue: ([at, ...places], dialect) => one.is(yesNo(snoozedAt(sql`${at}`)), places, dialect),
    };
  },
});

const labelled = (issue: RawBuilder<unknown>): FilterFact => ({
  where: (isOne) => hasLabel(issue, isOne),
  ofIssue: (isOne) => hasLabel(sql`i."id"`, isOne),
});
const hasLabel = (issue: RawBuilder<unknown>, isOne: IsOne): RawBuilder<SqlBool> =>
  sql`EXISTS (SELECT 1 FROM "issueLabels" AS l WHERE l."issueId" = ${issue} AND ${isOne(sql`l."label"`)})`;

const COMPARED = /^(>=|<=|>|<)?([\w.+-]{1,50})$/;
const SIGNS: Readonly<Record<string, RawBuilder<unknown>>> = {
  '>=': sql`>=`,
  '<=': sql`<=`,
  '>': sql`>`,
  '<': sql`<`,
  '': sql`=`,
};

/**
 * By the number of the build, as people order numbers: `>=412`; `where` says of which builds `b`.
 * @throws MirrorQueryError for what is no number with a sign before it
 */
const buildNumber = (where: (is: RawBuilder<SqlBool>) => RawBuilder<SqlBool>): FilterFact => ({
  made: (given): Condition => {
    const asked = given.map((value) => {
      const [, sign = '', number] = COMPARED.exec(value) ?? [];
      const is = SIGNS[sign];
      if (number === undefined || is === undefined)
        throw new MirrorQueryError('filter[buildNumber]', `'${value}' is no build number: write >=412.`);
      return { sign, is, key: versionKey(number) };
    });
    return {
      form: `build number ${asked.map(({ sign }) => sign).join()}`,
      values: asked.map(({ key }) => key),
      is: (places) => {
        const any = asked.map(({ is }, at) => sql`b."versionKey" ${is} ${places[at]}`);
        return where(sql<SqlBool>`(${sql.join(any, sql` OR `)})`);
      },
    };
  },
});

export const KIND: Text = sql`CASE WHEN t."type" = 'betaFeedbackCrashSubmissions' THEN 'crash' ELSE 'screenshot' END`;
export const STATUS: Text = sql`coalesce(${ofIssue(sql`i."status"`)}, 'new')`;
export const ASSIGNEE: Text = sql`coalesce(${ofIssue(sql`i."assigneeId"`)}, 'nobody')`;
export const PRIORITY: Text = sql`coalesce(${ofIssue(sql`CAST(i."priority" AS TEXT)`)}, '0')`;
export const REGRESSED: Text = yesNo(sql`${ofIssue(sql`i."regressedAt"`)} IS NOT NULL`);
export const ISSUE_ASSIGNEE: Text = sql`coalesce(t."assigneeId", 'nobody')`;
export const ISSUE_PRIORITY: Text = sql`CAST(t."priority" AS TEXT)`;
export const ISSUE_REGRESSED: Text = yesNo(sql`t."regressedAt" IS NOT NULL`);
export const HAS_COMMENT: Text = yesNo(sql`t."comment" IS NOT NULL AND trim(t."comment") <> ''`);
export const HAS_PICTURE: Text = yesNo(
  sql`EXISTS (SELECT 1 FROM "feedbackPictures" AS p WHERE p."accountId" = t."accountId" AND p."feedbackId" = t."id")`,
);
export const HAS_LOG: Text = yesNo(sql`t."logState" = 'stored'`);
export const DISK: Text = sql`CASE WHEN t."diskBytesAvailable" IS NULL THEN 'none'
  WHEN t."diskBytesAvailable" < ${sql.lit(LOW_DISK)} THEN 'low' ELSE 'enough' END`;
export const BATTERY: Text = sql`CASE WHEN t."batteryPercentage" IS NULL THEN 'none'
  WHEN t."batteryPercentage" <= ${sql.lit(LOW_BATTERY)} THEN 'low' ELSE 'enough' END`;
export const GONE: Text = yesNo(sql`t."goneAt" IS NOT NULL`);
// Apple writes iPhone17,1 and iPhone17_1; a comma would end the value in an address.
export const DEVICE: Text = sql`coalesce(replace(t."deviceModel", ',', '_'), 'none')`;
export const VERSION: Text = sql`coalesce((SELECT b."trainVersion" FROM "builds" AS b
  WHERE b."accountId" = t."accountId" AND b."id" = t."buildId"), 'none')`;

const folded = (column: string): SearchText & { text: Text } => ({
  text: sql`fold(${sql.ref(`t.${column}`)})`,
});
const buildKey = sql`(SELECT coalesce(b."trainKey", '') || ' ' || coalesce(b."versionKey", '') FROM "builds" AS b
  WHERE b."accountId" = t."accountId" AND b."id" = t."buildId")`;
const appNameOf = sql`(SELECT fold(a."name") FROM "apps" AS a WHERE a."accountId" = t."accountId" AND a."id" = t."appId")`;
const nameOfUser = (id: RawBuilder<unknown>) =>
  sql`(SELECT fold(coalesce(u."name", u."email")) FROM "users" AS u WHERE u."id" = ${id})`;
const rankOf = (status: RawBuilder<unknown>) => sql`CASE ${status} WHEN 'new' THEN 0 WHEN 'triaged' THEN 1
  WHEN 'inProgress' THEN 2 WHEN 'resolved' THEN 3 WHEN 'wontFix' THEN 4 ELSE 5 END`;

const NS = 'NSEXCEPTION ';
const WATCHDOG = 'KILL WATCHDOG ';
const KILL = 'KILL ';
/** What begins so is called by the rest of it. */
const begins = (start: string, called: (rest: RawBuilder<unknown>) => RawBuilder<unknown>) =>
  sql`WHEN substr(i."crashKind", 1, ${sql.lit(start.length)}) = ${sql.lit(start)}
    THEN ${called(sql`substr(i."crashKind", ${sql.lit(start.length + 1)})`)}`;
/** The words for a kind of crash, as lib/format says them. */
const KIND_WORDS = sql`CASE
  ${sql.join(
    Object.entries(CRASH_KINDS).map(
      ([kind, words]) => sql`WHEN i."crashKind" = ${sql.lit(kind)} THEN ${sql.lit(words)}`,
    ),
    sql` `,
  )}
  ${begins(NS, (rest) => rest)}
  ${begins(WATCHDOG, (rest) => sql`${sql.lit(`${CRASH_KINDS['KILL WATCHDOG']} (`)} || ${rest} || ')'`)}
  WHEN i."crashKind" = 'KILL' THEN 'Ended by the system'
  ${begins(KILL, (rest) => sql`'Ended by the system (' || ${rest} || ')'`)}
  ELSE i."crashKind" END`;
/** What people call a crash issue `i`. */
const TITLE = sql<string | null>`CASE
  WHEN i."topFrame" IS NOT NULL AND i."topFrame" <> '' AND i."crashKind" IS NOT NULL THEN ${KIND_WORDS} || ' in ' || i."topFrame"
  WHEN i."topFrame" IS NOT NULL AND i."topFrame" <> '' THEN i."topFrame"
  WHEN i."title" <> '' OR i."crashKind" IS NULL THEN i."title"
  ELSE ${KIND_WORDS} END`;
const OWN_TITLE: Text = sql`(SELECT ${TITLE} FROM "issues" AS i WHERE i."id" = t."id")`;

const inNotes = (has: Searched['has']) =>
  sql`"issueNotes" AS n WHERE n."deletedAt" IS NULL AND ${has(sql`fold(n."text")`)}`;
/** Reports `f` of issues that are found, by their key. */
const OF_ISSUE = sql`SELECT f."id", f."accountId" FROM "feedback" AS f WHERE f."issueId" IN`;
const inNotesOfIssue: SearchText = {
  keys: ({ has }) => sql`${OF_ISSUE} (SELECT n."issueId" FROM ${inNotes(has)})`,
};
const inCrashIssue: SearchText = {
  keys: ({ has }) =>
    sql`${OF_ISSUE} (SELECT i."id" FROM "issues" AS i WHERE i."kind" = 'crash'
      AND i."accountId" IN (SELECT a."id" FROM "Account" AS a) AND ${has(sql`fold(${TITLE})`)})`,
};
/** Whose name or address it is; of those who sent a report, where no index tells who may be meant. */
const ofTester: SearchText = {
  keys: ({ testers, has, isMasked }) => {
    const isNamed = has(sql`p."nameLower" || ' ' || p."nameLower"`);
    const is = isMasked ? isNamed : sql`(${isNamed} OR ${has(sql`p."emailLower"`)})`;
    const people = testers
      ? sql`"betaTesters" AS p`
      : sql`(SELECT DISTINCT s."accountId", s."appId", s."testerId" FROM "feedback" AS s
    WHERE s."testerId" IS NOT NULL) AS d JOIN "betaTesters" AS p
    ON p."accountId" = d."accountId" AND p."appId" = d."appId" AND p."id" = d."testerId"`;
    const found = testers ? sql`p."rowKey" IN ${testers} AND ${is}` : is;
    return sql`SELECT f."id", f."accountId" FROM ${people} JOIN "feedback" AS f
      ON f."accountId" = p."accountId" AND f."testerId" = p."id" AND f."appId" = p."appId" WHERE ${found}`;
  },
};
const inWords: SearchText = {
  keys: ({ reports }) => sql`SELECT w."feedbackId" AS "id", w."accountId" FROM ${reports} AS w`,
};
/** Comments stand in the index of words without the addresses in them. */
const inComments: SearchText = {
  isAddress: true,
  keys: ({ has }) => sql`SELECT f."id", f."accountId" FROM "feedback" AS f
    WHERE f."mayHoldAddress" = true AND ${has(sql`fold(f."comment")`)}`,
};
const ofAddress: SearchText = {
  isAddress: true,
  keys: ({ has }) =>
    sql`SELECT f."id", f."accountId" FROM "feedback" AS f WHERE ${has(sql`lower(f."email")`)}`,
};

/** Issues of a number; of one that was merged, the one it was merged into. */
const numbered = (number: RawBuilder<unknown>) => sql`(WITH RECURSIVE called AS (
    SELECT n."id", n."mergedInto" FROM "issues" AS n WHERE n."kind" = 'crash' AND n."number" = ${number}
    UNION SELECT i."id", i."mergedInto" FROM "issues" AS i JOIN called AS c ON i."id" = c."mergedInto"
  ) SELECT called."id" FROM called WHERE called."mergedInto" IS NULL)`;

/** Reports of both kinds, as the inbox lists them. */
export const FEEDBACK_LIST = {
  table: 'feedback',
  isOfIssues: true,
  filter: {
    id: { column: 'id' },
    row: { rowsBy: 'appId' },
    app: { column: 'appId' },
    view: { made: tab(false) },
    kind: either(KIND),
    status: either(STATUS, sql`i."status"`),
    assignee: either(ASSIGNEE, sql`coalesce(i."assigneeId", 'nobody')`),
    priority: either(PRIORITY, sql`CAST(i."priority" AS TEXT)`),
    label: labelled(sql`t."issueId"`),
    regressed: either(REGRESSED, yesNo(sql`i."regressedAt" IS NOT NULL`)),
    snoozed: snoozed(sql`t."issueId"`),
    issue: { column: 'issueId' },
    version: either(VERSION),
    build: { column: 'buildId' },
    buildNumber: buildNumber(
      (is) => sql`EXISTS (SELECT 1 FROM "builds" AS b
        WHERE b."accountId" = t."accountId" AND b."id" = t."buildId" AND ${is})`,
    ),
    device: either(DEVICE),
    os: { column: 'osVersion' },
    platform: { column: 'appPlatform' },
    locale: { column: 'locale' },
    group: {
      where: (isOne) =>
        sql`EXISTS (SELECT 1 FROM "betaGroupTesters" AS m WHERE m."accountId" = t."accountId" AND m."testerId" = t."testerId"
          AND m."appId" = t."appId" AND ${isOne(sql`m."groupId"`)})`,
    },
    tester: { column: 'testerId' },
    hasComment: either(HAS_COMMENT),
    hasPicture: either(HAS_PICTURE),
    hasLog: either(HAS_LOG),
    disk: either(DISK),
    battery: either(BATTERY),
    connection: { column: 'connectionType' },
    gone: either(GONE),
  },
  sort: {
    createdDate: ['createdDate'],
    status: ['#status', 'createdDate'],
    priority: ['#priority', 'createdDate'],
    assignee: ['#assignee', 'createdDate'],
    app: ['#app', 'createdDate'],
    build: ['#build', 'createdDate'],
    device: ['deviceModel', 'createdDate'],
    os: ['osVersion', 'createdDate'],
  },
  computed: {
    '#status': () => rankOf(STATUS),
    '#priority': () => ofIssue(sql`i."priority"`),
    '#assignee': () => nameOfUser(ofIssue(sql`i."assigneeId"`)),
    '#app': () => appNameOf,
    '#build': () => buildKey,
  },
  kinds: { '#status': 'number', '#priority': 'number' },
  defaultSort: ['-createdDate'],
  key: ['id', 'accountId'],
  search: [inWords, inComments, inCrashIssue, inNotesOfIssue, ofTester, ofAddress],
  byNumber: (number) => sql`t."issueId" IN ${numbered(number)}`,
  scope: 'betaFeedbackCrashSubmissions/app',
} satisfies TypeFacts;

/** What crashed, as many met it. */
export const ISSUES_LIST = {
  table: 'issues',
  where: always('crash issues', sql`t."kind" = 'crash' AND t."mergedInto" IS NULL`),
  filter: {
    id: { column: 'id' },
    row: { rowsBy: 'appId' },
    app: { column: 'appId' },
    view: { made: tab(true) },
    status: { column: 'status' },
    assignee: either(ISSUE_ASSIGNEE),
    priority: either(ISSUE_PRIORITY),
    label: labelled(sql`t."id"`),
    regressed: either(ISSUE_REGRESSED),
    snoozed: snoozed(sql`t."id"`),
    crashKind: { column: 'crashKind' },
    version: {
      where: (isOne) => sql`EXISTS (SELECT 1 FROM "feedback" AS f JOIN "builds" AS b
        ON b."accountId" = f."accountId" AND b."id" = f."buildId" WHERE f."issueId" = t."id" AND ${isOne(sql`b."trainVersion"`)})`,
    },
    build: {
      where: (isOne) =>
        sql`EXISTS (SELECT 1 FROM "feedback" AS f WHERE f."issueId" = t."id" AND ${isOne(sql`f."buildId"`)})`,
    },
    buildNumber: buildNumber(
      (is) => sql`EXISTS (SELECT 1 FROM "feedback" AS f JOIN "builds" AS b
        ON b."accountId" = f."accountId" AND b."id" = f."buildId" WHERE f."issueId" = t."id" AND ${is})`,
    ),
  },
  sort: {
    reportCount: ['reportCount', 'lastDate'],
    testerCount: ['testerCount', 'lastDate'],
    lastDate: ['lastDate'],
    firstDate: ['firstDate'],
    title: ['#title'],
    status: ['#status', 'lastDate'],
    priority: ['priority', 'lastDate'],
    assignee: ['#assignee', 'lastDate'],
    app: ['#app', 'lastDate'],
  },
  computed: {
    '#title': (dialect) => dialect.folded(OWN_TITLE),
    '#status': () => rankOf(sql`t."status"`),
    '#assignee': () => nameOfUser(sql`t."assigneeId"`),
    '#app': () => appNameOf,
  },
  kinds: { reportCount: 'number', testerCount: 'number', priority: 'number', '#status': 'number' },
  defaultSort: ['-lastDate'],
  key: ['id'],
  search: [
    { text: sql`fold(${OWN_TITLE})` },
    folded('topFrame'),
    folded('crashKind'),
    { keys: ({ has }) => sql`SELECT n."issueId" FROM ${inNotes(has)}` },
  ],
  byNumber: (number) => sql`t."id" IN ${numbered(number)}`,
  scope: 'betaFeedbackCrashSubmissions/app',
} satisfies TypeFacts;
