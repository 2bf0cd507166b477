import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { activityIs } from './activity';
import { crashFreeShare, endsWithin, individualsOf } from './build-sql';
import { always } from './condition';
import { DEVICE_FILTERS, ON_ONE_DEVICE } from './device-sql';
import type { FoldedText, IsOne, TypeFacts } from './fact-types';
import { FEEDBACK_LIST, ISSUES_LIST } from './feedback-facts';
import { buildsOf, IS_IN_GROUP, lastActivityOf, testersOf } from './group-sql';
import { IN_REVIEW_QUEUE, REVIEW, REVIEW_AGE, REVIEW_RANK } from './review-facts';
import { IS_SUPERSEDED } from './superseded';

const inGroup =
  (member: string) =>
  (isOne: IsOne): RawBuilder<SqlBool> =>
    sql`EXISTS (SELECT 1 FROM "betaGroupTesters" AS m WHERE m."accountId" = t."accountId" AND m."testerId" = ${sql.ref(`t.${member}`)} AND ${isOne(sql`m."groupId"`)})`;

const OWN_DAYS = sql`FROM "testerDays" AS d WHERE d."accountId" = t."accountId" AND d."appId" = t."appId" AND d."testerId" = t."id"`;
/** A figure of the newest daily note, as lists show it. */
const latestDay = (column: string) => () =>
  sql`(SELECT ${sql.ref(`d.${column}`)} ${OWN_DAYS} ORDER BY d."day" DESC LIMIT 1)`;
/** The last day whose note holds a session. */
const lastActive = () => sql`(SELECT MAX(d."day") ${OWN_DAYS} AND d."sessionCount" > 0)`;

const folded = (column: string): { text: FoldedText } => ({ text: sql`fold(${sql.ref(`t.${column}`)})` });

/** Of a train: whether a build of it has one of the values. */
const inBuilds =
  (value: RawBuilder<unknown>) =>
  (isOne: IsOne): RawBuilder<SqlBool> =>
    sql`t."id" IN (SELECT b."preReleaseVersionId" FROM "builds" AS b WHERE b."accountId" = t."accountId" AND ${isOne(value)})`;

const FEEDBACK = {
  table: 'feedback',
  filter: {
    app: { column: 'appId' },
    id: { column: 'id' },
    deviceModel: { column: 'deviceModel' },
    osVersion: { column: 'osVersion' },
    appPlatform: { column: 'appPlatform' },
    devicePlatform: {
      where: (isOne, dialect) => isOne(dialect.jsonField(sql`t."document"`, 'devicePlatform')),
    },
    build: { column: 'buildId' },
    'build.preReleaseVersion': {
      where: (isOne) =>
        sql`t."buildId" IN (SELECT b."id" FROM "builds" AS b WHERE b."accountId" = t."accountId" AND ${isOne(sql`b."preReleaseVersionId"`)})`,
    },
    tester: { column: 'testerId' },
    locale: { column: 'locale' },
    gone: { where: (isOne) => isOne(sql`CASE WHEN t."goneAt" IS NULL THEN '0' ELSE '1' END`) },
  },
  sort: { createdDate: ['createdDate'] },
  defaultSort: ['-createdDate'],
  key: ['id'],
  search: [folded('comment'), { ...folded('email'), isAddress: true }, folded('deviceModel')],
} satisfies Omit<TypeFacts, 'scope'>;

/** What can be asked of each type. Facts only; filters and sorts that Apple lacks are ours. */
export const QUERY_FACTS = {
  apps: {
    table: 'apps',
    filter: {
      id: { column: 'id' },
      name: { column: 'name' },
      bundleId: { column: 'bundleId' },
      sku: { column: 'sku' },
    },
    sort: { name: ['fold:name'], bundleId: ['bundleId'], sku: ['sku'] },
    defaultSort: ['name'],
    key: ['id', 'accountId'],
    search: [folded('name'), folded('bundleId')],
    scope: 'apps',
  },
  betaGroups: {
    table: 'betaGroups',
    filter: {
      id: { column: 'id' },
      row: { rowsBy: 'appId' },
      app: { column: 'appId' },
      name: { column: 'name' },
      isInternalGroup: { column: 'isInternalGroup', kind: 'boolean' },
      publicLinkEnabled: { column: 'publicLinkEnabled', kind: 'boolean' },
      publicLinkLimitEnabled: { column: 'publicLinkLimitEnabled', kind: 'boolean' },
      publicLink: { column: 'publicLink' },
      hasAccessToAllBuilds: { column: 'hasAccessToAllBuilds', kind: 'boolean' },
      feedbackEnabled: { column: 'feedbackEnabled', kind: 'boolean' },
      builds: {
        where: (isOne) =>
          sql`EXISTS (SELECT 1 FROM "buildGroups" AS m WHERE m."accountId" = t."accountId" AND m."groupId" = t."id" AND ${isOne(sql`m."buildId"`)})`,
      },
    },
    sort: {
      name: ['fold:name'],
      createdDate: ['createdDate'],
      publicLinkEnabled: ['publicLinkEnabled'],
      publicLinkLimit: ['publicLinkLimit'],
      testerCount: ['#testers'],
      buildCount: ['#builds'],
      isInternalGroup: ['isInternalGroup'],
      lastActivity: ['#lastActivity'],
    },
    computed: {
      // As the column shows it: all builds before any number.
      '#builds': () =>
        sql`CASE WHEN t."hasAccessToAllBuilds" IS TRUE THEN 1000000000 ELSE ${buildsOf('t')} END`,
      '#testers': () => testersOf('t'),
      '#lastActivity': (dialect) => lastActivityOf('t', dialect),
    },
    kinds: {
      ...{ publicLinkEnabled: 'boolean', isInternalGroup: 'boolean' },
      ...{ publicLinkLimit: 'number', '#testers': 'number', '#builds': 'number' },
    },
    defaultSort: ['name'],
    key: ['id', 'accountId'],
    search: [folded('name')],
    scope: 'betaGroups',
  },
  betaTesters: {
    table: 'betaTesters',
    filter: {
      id: { column: 'id' },
      row: { rowsBy: 'appId' },
      apps: { column: 'appId' },
      firstName: { column: 'firstName' },
      lastName: { column: 'lastName' },
      email: { where: (isOne) => isOne(sql`t."emailLower"`), isAddress: true, isLower: true },
      inviteType: { column: 'inviteType' },
      state: { column: 'state' },
      betaGroups: { where: inGroup('id') },
      builds: {
        where: (isOne) =>
          sql`EXISTS (SELECT 1 FROM "buildTesters" AS m WHERE m."accountId" = t."accountId" AND m."testerId" = t."id" AND ${isOne(sql`m."buildId"`)})`,
      },
      ...DEVICE_FILTERS,
      tag: {
        where: (isOne) =>
          sql`EXISTS (SELECT 1 FROM "testerTags" AS g WHERE g."accountId" = t."accountId" AND g."appId" = t."appId" AND g."testerId" = t."id" AND ${isOne(sql`g."tag"`)})`,
      },
      activity: { made: activityIs },
    },
    together: ON_ONE_DEVICE,
    sort: {
      name: ['nameLower', 'emailLower'],
      lastName: ['nameLower', 'emailLower'],
      firstName: ['firstName'],
      email: ['emailLower'],
      inviteType: ['inviteType'],
      state: ['state'],
      device: ['deviceModel'],
      os: ['osVersion'],
      installedBuild: ['installedBuild'],
      sessions: ['#sessions'],
      crashes: ['#crashes'],
      feedback: ['#feedback'],
      lastActive: ['#lastActive'],
      groups: ['#groups'],
    },
    computed: {
      '#sessions': latestDay('sessionCount'),
      '#crashes': latestDay('crashCount'),
      '#feedback': latestDay('feedbackCount'),
      '#lastActive': lastActive,
      '#groups': () =>
        sql`(SELECT COUNT(*) FROM "betaGroupTesters" AS m WHERE m."accountId" = t."accountId" AND m."appId" = t."appId" AND m."testerId" = t."id")`,
    },
    kinds: {
      ...{ rowKey: 'number', '#groups': 'number' },
      ...{ '#sessions': 'number', '#crashes': 'number', '#feedback': 'number' },
    },
    defaultSort: ['name'],
    key: ['rowKey'],
    search: [
      { text: sql`(t."nameLower" || ' ' || t."nameLower")` },
      { text: sql`t."emailLower"`, isAddress: true },
    ],
    scope: 'betaTesters/app',
  },
  preReleaseVersions: {
    table: 'preReleaseVersions',
    filter: {
      id: { column: 'id' },
      app: { column: 'appId' },
      version: { column: 'version' },
      platform: { column: 'platform' },
      builds: { where: inBuilds(sql`b."id"`) },
      'builds.version': { where: inBuilds(sql`b."version"`) },
      'builds.expired': {
        where: inBuilds(sql`CASE WHEN b."expired" IS TRUE THEN 'true' ELSE 'false' END`),
      },
      'builds.processingState': { where: inBuilds(sql`b."processingState"`) },
      'builds.buildAudienceType': { where: inBuilds(sql`b."buildAudienceType"`) },
    },
    sort: { version: ['versionKey', 'version'] },
    defaultSort: ['-version'],
    key: ['id', 'accountId'],
    search: [folded('version')],
    scope: 'builds',
  },
  builds: {
    table: 'builds',
    filter: {
      id: { column: 'id' },
      row: { rowsBy: 'appId' },
      app: { column: 'appId' },
      version: { column: 'version' },
      expired: { column: 'expired', kind: 'boolean' },
      processingState: { column: 'processingState' },
      buildAudienceType: { column: 'buildAudienceType' },
      usesNonExemptEncryption: { column: 'usesNonExemptEncryption', kind: 'boolean' },
      preReleaseVersion: { column: 'preReleaseVersionId' },
      'preReleaseVersion.version': { column: 'trainVersion' },
      'preReleaseVersion.platform': { column: 'platform' },
      'betaAppReviewSubmission.betaReviewState': { column: 'betaReviewState' },
      betaGroups: {
        where: (isOne) =>
          sql`EXISTS (SELECT 1 FROM "buildGroups" AS m WHERE m."accountId" = t."accountId" AND m."buildId" = t."id" AND ${isOne(sql`m."groupId"`)})`,
      },
      isInGroup: { where: (isOne) => isOne(sql`CASE WHEN ${IS_IN_GROUP} THEN 'true' ELSE 'false' END`) },
      isSuperseded: { where: (isOne) => isOne(sql`CASE WHEN ${IS_SUPERSEDED} THEN 'true' ELSE 'false' END`) },
      endsWithin: { made: endsWithin },
      minOsVersion: { column: 'minOsVersion' },
      internalBuildState: { column: 'internalBuildState' },
      externalBuildState: { column: 'externalBuildState' },
      autoNotifyEnabled: { column: 'autoNotifyEnabled', kind: 'boolean' },
      review: { where: (isOne) => isOne(REVIEW) },
      isInReviewQueue: IN_REVIEW_QUEUE,
    },
    exists: { usesNonExemptEncryption: 'usesNonExemptEncryption' },
    sort: {
      version: ['versionKey', 'version'],
      uploadedDate: ['uploadedDate'],
      preReleaseVersion: ['trainKey', 'versionKey'],
      expirationDate: ['expirationDate'],
      internalBuildState: ['internalBuildState'],
      externalBuildState: ['externalBuildState'],
      platform: ['platform'],
      minOsVersion: ['minOsKey'],
      installBytes: ['installBytes'],
      groups: ['#groups'],
      review: ['#reviewRank', '#reviewAge'],
      individualTesters: ['#individuals'],
      invited: ['inviteCount'],
      installed: ['installCount'],
      sessions: ['sessionCount'],
      crashes: ['crashCount'],
      crashFree: ['#crashFree'],
      feedback: ['feedbackCount'],
    },
    computed: {
      '#reviewRank': () => REVIEW_RANK,
      '#reviewAge': () => REVIEW_AGE,
      '#groups': () =>
        sql`(SELECT COUNT(*) FROM "buildGroups" AS m WHERE m."accountId" = t."accountId" AND m."buildId" = t."id")`,
      '#appName': ({ folded }) =>
        sql`(SELECT ${folded(sql`a."name"`)} FROM "apps" AS a WHERE a."accountId" = t."accountId" AND a."id" = t."appId")`,
      '#individuals': individualsOf,
      '#crashFree': crashFreeShare,
    },
    kinds: {
      ...{ installBytes: 'large', '#groups': 'number', '#individuals': 'number', inviteCount: 'number' },
      ...{ installCount: 'number', sessionCount: 'number', crashCount: 'number', '#crashFree': 'large' },
      ...{ feedbackCount: 'number', '#reviewRank': 'number', '#reviewAge': 'large' },
    },
    defaultSort: ['-uploadedDate'],
    groups: {
      preReleaseVersion: {
        column: 'preReleaseVersionId',
        order: ['trainKey', 'trainVersion', 'platform', 'preReleaseVersionId', 'accountId'],
        along: ['uploadedDate', 'version', 'preReleaseVersion'],
        acrossApps: '#appName',
      },
    },
    key: ['id', 'accountId'],
    search: [
      folded('version'),
      folded('trainVersion'),
      { text: sql`fold(t."trainVersion" || ' (' || t."version" || ')')` },
    ],
    scope: 'builds',
  },
  buildBetaDetails: {
    table: 'builds',
    where: always('detail', sql`t."buildBetaDetailId" IS NOT NULL`),
    filter: { id: { column: 'buildBetaDetailId' }, build: { column: 'id' } },
    sort: {},
    defaultSort: [],
    key: ['buildBetaDetailId', 'accountId'],
    search: [],
    scope: 'builds',
  },
  betaAppReviewSubmissions: {
    table: 'builds',
    where: always('review', sql`t."betaAppReviewSubmissionId" IS NOT NULL`),
    filter: {
      id: { column: 'betaAppReviewSubmissionId' },
      build: { column: 'id' },
      betaReviewState: { column: 'betaReviewState' },
    },
    sort: {},
    defaultSort: [],
    key: ['betaAppReviewSubmissionId', 'accountId'],
    search: [],
    scope: 'builds',
  },
  betaBuildLocalizations: {
    table: 'betaBuildLocalizations',
    filter: {
      id: { column: 'id' },
      build: { column: 'buildId' },
      locale: { column: 'locale' },
      app: { column: 'appId' },
    },
    sort: {},
    defaultSort: [],
    key: ['locale', 'id', 'accountId'],
    search: [folded('whatsNew')],
    scope: 'builds',
  },
  betaFeedbackCrashSubmissions: {
    ...FEEDBACK,
    where: always('crash', sql`t."type" = 'betaFeedbackCrashSubmissions'`),
    scope: 'betaFeedbackCrashSubmissions/app',
  },
  betaFeedbackScreenshotSubmissions: {
    ...FEEDBACK,
    where: always('screenshot', sql`t."type" = 'betaFeedbackScreenshotSubmissions'`),
    scope: 'betaFeedbackScreenshotSubmissions/app',
  },
} satisfies Record<string, TypeFacts>;

export type MirrorType = keyof typeof QUERY_FACTS;

/** Lists of what is ours, with what of Apple's belongs to it. */
const OWN_LISTS = { feedback: FEEDBACK_LIST, issues: ISSUES_LIST } satisfies Record<string, TypeFacts>;
export type OwnList = keyof typeof OWN_LISTS;
export type ListType = MirrorType | OwnList;

/** Whether a word names a list of ours. */
export function isOwnList(word: string): word is OwnList {
  return Object.hasOwn(OWN_LISTS, word);
}

/** Whether lists of this type are answered from typed tables. */
export function isMirrorType(type: string): type is MirrorType {
  return Object.hasOwn(QUERY_FACTS, type);
}

/** The facts of a type for code that treats all alike. */
export function factsOf(type: ListType): TypeFacts {
  return isOwnList(type) ? OWN_LISTS[type] : QUERY_FACTS[type];
}
