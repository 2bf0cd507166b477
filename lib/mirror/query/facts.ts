import { buildsOf, lastActivityOf, testersOf } from './group-sql';

/** How a filter becomes a condition; `t` is the row, `(?)` the values. */
export type FilterFact =
  | { readonly column: string; readonly kind?: 'text' | 'boolean' | 'number' }
  | { readonly where: string }
  /** Whole rows: `<account>~<app>~<id>`, where an id alone may stand for several. */
  | { readonly rowsBy: string };

export interface TypeFacts {
  /** Table, with conditions that are always there. */
  readonly table: string;
  readonly where?: string;
  readonly filter: Readonly<Record<string, FilterFact>>;
  readonly exists?: Readonly<Record<string, string>>;
  /** Sort name → columns in order; `fold:name` sorts a name without regard to case and accents. */
  readonly sort: Readonly<Record<string, readonly string[]>>;
  /** What can be sorted by and stands in no column: SQL over `t` by the name that `sort` uses. */
  readonly computed?: Readonly<Record<string, string>>;
  readonly defaultSort: readonly string[];
  /** Columns that end every sort and are unique. */
  readonly key: readonly string[];
  /** Expressions searched for the typed text; both sides folded. `t` is the row. */
  readonly search: readonly string[];
  /** Which sync scope fills the type; `/app` stands for one scope per app. */
  readonly scope: string;
}

const inGroup = (member: string) =>
  `EXISTS (SELECT 1 FROM "betaGroupTesters" AS m WHERE m."accountId" = t."accountId" AND m."testerId" = t."${member}" AND m."groupId" IN (?))`;

/**
 * `active30`, `quiet90`: whether a daily note of the window holds a session. Each note sums Apple's seven days before
 * it, so the notes begin six days into the window.
 */
export const activityIs = (values: string) => `EXISTS (SELECT 1 FROM json_each('[7,30,90,365]') AS w WHERE
  (CASE WHEN EXISTS (SELECT 1 FROM "testerDays" AS d WHERE d."accountId" = t."accountId" AND d."appId" = t."appId" AND d."testerId" = t."id"
    AND d."day" >= date('now', '-' || (w.value - 5) || ' days') AND d."sessionCount" > 0)
  THEN 'active' ELSE 'quiet' END || w.value) IN (${values}))`;
export const ACTIVITY_VALUES = [
  'active7',
  'active30',
  'active90',
  'quiet7',
  'quiet30',
  'quiet90',
  'quiet365',
];

/**
 * What any device of the tester has, not the newest alone. Most testers have one, whose facts stand in columns: only
 * lists of several are opened.
 */
const onAnyDevice = (column: string, member: string, folded = (value: string) => value) =>
  `CASE WHEN instr(t."appDevices", '},{') > 0
    THEN EXISTS (SELECT 1 FROM json_each(t."appDevices") AS d WHERE ${folded(`d.value ->> '$.${member}'`)} IN (?))
    ELSE ${folded(`t."${column}"`)} IN (?) END`;
// Apple writes iPhone17,1 and iPhone17_1; a comma would end the value in an address.
export const modelWord = (value: string) => `replace(${value}, ',', '_')`;

const ownDays = `FROM "testerDays" AS d WHERE d."accountId" = t."accountId" AND d."appId" = t."appId" AND d."testerId" = t."id"`;
/** A figure of the newest daily note, as lists show it. */
const latestDay = (column: string) => `(SELECT d."${column}" ${ownDays} ORDER BY d."day" DESC LIMIT 1)`;
/** The last day whose note holds a session. */
const LAST_ACTIVE = `(SELECT MAX(d."day") ${ownDays} AND d."sessionCount" > 0)`;

const FEEDBACK = {
  table: 'feedback',
  filter: {
    app: { column: 'appId' },
    id: { column: 'id' },
    deviceModel: { column: 'deviceModel' },
    osVersion: { column: 'osVersion' },
    appPlatform: { column: 'appPlatform' },
    devicePlatform: { where: `json_extract(t."document", '$.devicePlatform') IN (?)` },
    build: { column: 'buildId' },
    'build.preReleaseVersion': {
      where: `t."buildId" IN (SELECT b."id" FROM "builds" AS b WHERE b."accountId" = t."accountId" AND b."preReleaseVersionId" IN (?))`,
    },
    tester: { column: 'testerId' },
    locale: { column: 'locale' },
    gone: { where: `CAST(t."goneAt" IS NOT NULL AS TEXT) IN (?)` },
  },
  sort: { createdDate: ['createdDate'] },
  defaultSort: ['-createdDate'],
  key: ['id'],
  search: ['fold(t."comment")', 'fold(t."email")', 'fold(t."deviceModel")'],
} as const satisfies Omit<TypeFacts, 'scope'>;

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
    search: ['fold(t."name")', 'fold(t."bundleId")'],
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
        where: `EXISTS (SELECT 1 FROM "buildGroups" AS m WHERE m."accountId" = t."accountId" AND m."groupId" = t."id" AND m."buildId" IN (?))`,
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
      '#builds': `CASE WHEN t."hasAccessToAllBuilds" IS 1 THEN 1000000000 ELSE ${buildsOf('t')} END`,
      '#testers': testersOf('t'),
      '#lastActivity': lastActivityOf('t'),
    },
    defaultSort: ['name'],
    key: ['id', 'accountId'],
    search: ['fold(t."name")'],
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
      email: { where: 't."emailLower" IN (?)' },
      inviteType: { column: 'inviteType' },
      state: { column: 'state' },
      betaGroups: { where: inGroup('id') },
      builds: {
        where: `EXISTS (SELECT 1 FROM "buildTesters" AS m WHERE m."accountId" = t."accountId" AND m."testerId" = t."id" AND m."buildId" IN (?))`,
      },
      device: { where: onAnyDevice('deviceModel', 'model', modelWord) },
      os: { where: onAnyDevice('osVersion', 'osVersion') },
      installedBuild: { where: onAnyDevice('installedBuild', 'appBuildVersion') },
      tag: {
        where: `EXISTS (SELECT 1 FROM "testerTags" AS g WHERE g."accountId" = t."accountId" AND g."appId" = t."appId" AND g."testerId" = t."id" AND g."tag" IN (?))`,
      },
      activity: { where: activityIs('?') },
    },
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
      '#lastActive': LAST_ACTIVE,
      '#groups': `(SELECT COUNT(*) FROM "betaGroupTesters" AS m WHERE m."accountId" = t."accountId" AND m."appId" = t."appId" AND m."testerId" = t."id")`,
    },
    defaultSort: ['name'],
    key: ['rowKey'],
    search: [`(t."nameLower" || ' ' || t."nameLower")`, 't."emailLower"'],
    scope: 'betaTesters/app',
  },
  preReleaseVersions: {
    table: 'preReleaseVersions',
    filter: {
      id: { column: 'id' },
      app: { column: 'appId' },
      version: { column: 'version' },
      platform: { column: 'platform' },
      builds: {
        where: `t."id" IN (SELECT b."preReleaseVersionId" FROM "builds" AS b WHERE b."accountId" = t."accountId" AND b."id" IN (?))`,
      },
      'builds.version': {
        where: `t."id" IN (SELECT b."preReleaseVersionId" FROM "builds" AS b WHERE b."accountId" = t."accountId" AND b."version" IN (?))`,
      },
      'builds.expired': {
        where: `t."id" IN (SELECT b."preReleaseVersionId" FROM "builds" AS b WHERE b."accountId" = t."accountId" AND CASE b."expired" WHEN 1 THEN 'true' ELSE 'false' END IN (?))`,
      },
      'builds.processingState': {
        where: `t."id" IN (SELECT b."preReleaseVersionId" FROM "builds" AS b WHERE b."accountId" = t."accountId" AND b."processingState" IN (?))`,
      },
      'builds.buildAudienceType': {
        where: `t."id" IN (SELECT b."preReleaseVersionId" FROM "builds" AS b WHERE b."accountId" = t."accountId" AND b."buildAudienceType" IN (?))`,
      },
    },
    sort: { version: ['versionKey', 'version'] },
    defaultSort: ['-version'],
    key: ['id', 'accountId'],
    search: ['fold(t."version")'],
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
        where: `EXISTS (SELECT 1 FROM "buildGroups" AS m WHERE m."accountId" = t."accountId" AND m."buildId" = t."id" AND m."groupId" IN (?))`,
      },
      internalBuildState: { column: 'internalBuildState' },
      externalBuildState: { column: 'externalBuildState' },
      autoNotifyEnabled: { column: 'autoNotifyEnabled', kind: 'boolean' },
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
      groups: ['#groups'],
    },
    computed: {
      '#groups': `(SELECT COUNT(*) FROM "buildGroups" AS m WHERE m."accountId" = t."accountId" AND m."buildId" = t."id")`,
    },
    defaultSort: ['-uploadedDate'],
    key: ['id', 'accountId'],
    search: [
      'fold(t."version")',
      'fold(t."trainVersion")',
      `fold(t."trainVersion" || ' (' || t."version" || ')')`,
    ],
    scope: 'builds',
  },
  buildBetaDetails: {
    table: 'builds',
    where: 't."buildBetaDetailId" IS NOT NULL',
    filter: { id: { column: 'buildBetaDetailId' }, build: { column: 'id' } },
    sort: {},
    defaultSort: [],
    key: ['buildBetaDetailId', 'accountId'],
    search: [],
    scope: 'builds',
  },
  betaAppReviewSubmissions: {
    table: 'builds',
    where: 't."betaAppReviewSubmissionId" IS NOT NULL',
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
    search: ['fold(t."whatsNew")'],
    scope: 'builds',
  },
  betaFeedbackCrashSubmissions: {
    ...FEEDBACK,
    where: `t."type" = 'betaFeedbackCrashSubmissions'`,
    scope: 'betaFeedbackCrashSubmissions/app',
  },
  betaFeedbackScreenshotSubmissions: {
    ...FEEDBACK,
    where: `t."type" = 'betaFeedbackScreenshotSubmissions'`,
    scope: 'betaFeedbackScreenshotSubmissions/app',
  },
} as const satisfies Record<string, TypeFacts>;

export type MirrorType = keyof typeof QUERY_FACTS;

/** Whether lists of this type are answered from typed tables. */
export function isMirrorType(type: string): type is MirrorType {
  return Object.hasOwn(QUERY_FACTS, type);
}

/** The facts of a type for code that treats all alike. */
export function factsOf(type: MirrorType): TypeFacts {
  return QUERY_FACTS[type];
}
