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
    },
    needed: ['appId'],
    hasGeneration: true,
    isRecord: true,
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

/** The table of a type. */
export function tableOf(type: string): MirrorTable {
  if (type === 'betaFeedbackCrashSubmissions' || type === 'betaFeedbackScreenshotSubmissions')
    return 'feedback';
  return type in TABLES && type !== 'documents' ? (type as MirrorTable) : 'documents';
}
