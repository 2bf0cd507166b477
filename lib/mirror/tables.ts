/** How an attribute is kept in a column. */
export type ColumnKind = 'text' | 'number' | 'boolean' | 'date';

export interface TableFacts {
  readonly name: string;
  readonly key: readonly string[];
  /** Apple's attribute → kind; column and attribute have the same name. */
  readonly attributes: Readonly<Record<string, ColumnKind>>;
  /** Columns that JSON is merged into instead of replaced. */
  readonly merged?: readonly string[];
  /** Without these a row cannot be made, only changed. */
  readonly needed: readonly string[];
  /** Whether the table has a generation column. */
  readonly hasGeneration: boolean;
  /** Ours to keep: what Apple no longer lists is marked here and never removed, for this is the only copy. */
  readonly isRecord?: true;
  /** The types whose rows it keeps, where they are not its own name. */
  readonly types?: readonly string[];
  /** Whether a row is an app: its own id says whose everything below it is. */
  readonly isApp?: true;
  /** The row that each of its rows hangs on and goes with. */
  readonly goesWith?: { readonly table: string; readonly column: string };
  /** The table with whose list its rows come, having none of their own; what they say is copied there. */
  readonly comesWith?: string;
}

const ACCOUNT_ID = ['accountId', 'id'] as const;

/** The typed tables that the sync fills, by the type they hold. Facts only. */
export const TABLES = {
  apps: {
    name: 'apps',
    key: ACCOUNT_ID,
    attributes: { name: 'text', bundleId: 'text', sku: 'text', primaryLocale: 'text' },
    merged: ['relationships'],
    needed: [],
    hasGeneration: true,
    isApp: true,
  },
  betaGroups: {
    name: 'betaGroups',
    key: ACCOUNT_ID,
    attributes: {
      name: 'text',
      createdDate: 'date',
      isInternalGroup: 'boolean',
      hasAccessToAllBuilds: 'boolean',
      publicLinkEnabled: 'boolean',
      publicLinkId: 'text',
      publicLink: 'text',
      publicLinkLimitEnabled: 'boolean',
      publicLinkLimit: 'number',
      feedbackEnabled: 'boolean',
      iosBuildsAvailableForAppleSiliconMac: 'boolean',
      iosBuildsAvailableForAppleVision: 'boolean',
    },
    merged: ['relationships'],
    needed: ['appId'],
    hasGeneration: true,
  },
  betaTesters: {
    name: 'betaTesters',
    key: ['accountId', 'appId', 'id'],
    attributes: { firstName: 'text', lastName: 'text', email: 'text', inviteType: 'text' },
    needed: ['appId'],
    hasGeneration: true,
  },
  preReleaseVersions: {
    name: 'preReleaseVersions',
    key: ACCOUNT_ID,
    attributes: { version: 'text', platform: 'text' },
    needed: ['appId'],
    hasGeneration: true,
    comesWith: 'builds',
  },
  builds: {
    name: 'builds',
    key: ACCOUNT_ID,
    attributes: {
      version: 'text',
      uploadedDate: 'date',
      expirationDate: 'date',
      expired: 'boolean',
      minOsVersion: 'text',
      processingState: 'text',
      buildAudienceType: 'text',
      usesNonExemptEncryption: 'boolean',
    },
    merged: ['relationships'],
    needed: ['appId'],
    hasGeneration: true,
  },
  betaBuildLocalizations: {
    name: 'betaBuildLocalizations',
    key: ACCOUNT_ID,
    attributes: { locale: 'text', whatsNew: 'text' },
    needed: ['appId', 'buildId'],
    hasGeneration: true,
    goesWith: { table: 'builds', column: 'buildId' },
  },
  feedback: {
    name: 'feedback',
    key: ACCOUNT_ID,
    attributes: {
      createdDate: 'date',
      comment: 'text',
      email: 'text',
      deviceModel: 'text',
      osVersion: 'text',
      locale: 'text',
      appPlatform: 'text',
      devicePlatform: 'text',
      deviceFamily: 'text',
      architecture: 'text',
      timeZone: 'text',
      connectionType: 'text',
      pairedAppleWatch: 'text',
      batteryPercentage: 'number',
      diskBytesAvailable: 'number',
      diskBytesTotal: 'number',
      appUptimeInMilliseconds: 'number',
    },
    needed: ['appId'],
    hasGeneration: true,
    isRecord: true,
    types: ['betaFeedbackCrashSubmissions', 'betaFeedbackScreenshotSubmissions'],
  },
  documents: {
    name: 'documents',
    key: ['accountId', 'type', 'id'],
    attributes: {},
    needed: [],
    hasGeneration: false,
  },
} as const satisfies Record<string, TableFacts>;

export type MirrorTable = keyof typeof TABLES;

/** The tables whose rows Apple's lists make and unmake. */
export type EvictableTable = {
  [Table in MirrorTable]: (typeof TABLES)[Table] extends { isRecord: true } ? never : Table;
}[MirrorTable];

/** Whether the rows of a table may be removed. */
export function isEvictable(table: MirrorTable): table is EvictableTable {
  const facts: TableFacts = TABLES[table];
  return facts.isRecord !== true;
}

const FACTS: readonly (readonly [MirrorTable, TableFacts])[] = Object.entries(TABLES) as [
  MirrorTable,
  TableFacts,
][];
const OF_TYPE = new Map(
  FACTS.filter(([table]) => table !== 'documents').flatMap(([table, { types = [table] }]) =>
    types.map((type) => [type, table] as const),
  ),
);
const PER_APP = new Set<string>(FACTS.flatMap(([table, { key }]) => (key.includes('appId') ? [table] : [])));
const APPS = new Set<string>(FACTS.flatMap(([table, { isApp }]) => (isApp ? [table] : [])));

/** The table of a type. */
export function tableOf(type: string): MirrorTable {
  return OF_TYPE.get(type) ?? 'documents';
}

/** Whether one id of a type has a row in each of several apps; then every index begins with the app. */
export function isPerApp(type: string): boolean {
  return PER_APP.has(type);
}

/** Whether the rows of a type are apps. */
export function isApp(type: string): boolean {
  return APPS.has(type);
}

/** The tables whose rows come with the list of this one. */
export function comingWith(table: MirrorTable): MirrorTable[] {
  return FACTS.flatMap(([other, { comesWith }]) => (comesWith === table ? [other] : []));
}

/** What hangs on the rows of a table and goes with them: table and column. */
export function hangingOn(table: string): (readonly [table: string, column: string])[] {
  return FACTS.flatMap(([other, { goesWith }]) =>
    goesWith?.table === table ? [[other, goesWith.column] as const] : [],
  );
}

/** What stands in its build's row instead of one of its own: type → the column of its id. */
export const IN_BUILDS: ReadonlyMap<string, string> = new Map([
  ['buildBetaDetails', 'buildBetaDetailId'],
  ['betaAppReviewSubmissions', 'betaAppReviewSubmissionId'],
]);
