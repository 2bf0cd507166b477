import type { Role } from '@/lib/access/policy';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import type { ReviewMeta } from '@/lib/mirror/query/review-additions';
import type { RowGroup } from '@/lib/mirror/query/types';

export type { MachinePermission } from '@/lib/access/policy';
export type { AppOverview, Overview, StateCounts } from '@/lib/mirror/overview';
export type { Account } from '@/lib/services/accounts/accounts';
export type { ActivityEntry } from '@/lib/services/activity';
export type { ArchiveStatus } from '@/lib/services/feedback/archive';
export type { Readiness as Health } from '@/lib/services/readiness';
export type { SearchAnswer, SearchHit } from '@/lib/services/search';
export type { SymbolsPage } from '@/lib/services/symbols/page';
export type { SentAnswer } from '@/lib/services/symbols/upload';
export type { SyncState as SyncStatus } from '@/lib/services/sync';
export type { Member } from '@/lib/services/team';
export type { TokenView } from '@/lib/services/tokens';
export type { Role, RowGroup };

// What the browser gets from the route handlers. Instants that are ours are ISO text here.

/** `{type, id}` */
export interface Linkage {
  readonly type: string;
  readonly id: string;
}

/** Apple's resource object; attributes may be null, missing or of a value Apple has added since. */
export interface ResourceObject<
  Attributes = Readonly<Record<string, unknown>>,
  Meta = unknown,
  Relationship extends string = string,
> {
  readonly type: string;
  readonly id: string;
  readonly attributes?: Attributes;
  readonly relationships?: Readonly<
    Partial<
      Record<
        Relationship,
        {
          readonly data?: Linkage | readonly Linkage[] | null;
          readonly meta?: { readonly paging?: { readonly total?: number } };
        }
      >
    >
  >;
  /** Our additions: which account and app it belongs to, counts, names of groups. */
  readonly meta?: Meta;
}

export interface DocumentMeta {
  /** The groups in which the rows stand, where they were asked for in groups. */
  readonly groups?: readonly RowGroup[];
  readonly total?: number;
  /** More match than were counted. */
  readonly isTotalLowerBound?: boolean;
  readonly paging?: { readonly total?: number; readonly limit?: number; readonly nextCursor?: string | null };
  /** When Apple said this, ISO; null when never. */
  readonly fetchedAt?: string | null;
  /** Apple could not be asked: this is the last that is known. */
  readonly stale?: boolean;
  readonly source?: 'mirror' | 'apple';
  readonly auditId?: string;
}

export interface ListDocument<Row = ResourceObject> {
  readonly data: readonly Row[];
  readonly included?: readonly ResourceObject[];
  readonly links?: { readonly self?: string; readonly next?: string | null };
  readonly meta?: DocumentMeta;
}

export interface OneDocument<Row = ResourceObject> {
  readonly data: Row;
  readonly included?: readonly ResourceObject[];
  readonly meta?: DocumentMeta;
}

type Nullable<A> = { readonly [K in keyof A]?: A[K] | null };

export type AppResource = ResourceObject<
  Nullable<{ name: string; bundleId: string; sku: string; primaryLocale: string }>,
  /** `icon` changes with the picture; absent without one. */
  OwnMeta & { readonly icon?: string }
>;

export interface OwnMeta {
  readonly accountId?: string;
  readonly appId?: string | null;
  readonly appName?: string | null;
  /** What the account is called, where another has the app too. */
  readonly accountName?: string;
}

export type GroupAttributes = Nullable<{
  name: string;
  createdDate: string;
  isInternalGroup: boolean;
  hasAccessToAllBuilds: boolean;
  publicLinkEnabled: boolean;
  publicLinkId: string;
  publicLink: string;
  publicLinkLimitEnabled: boolean;
  publicLinkLimit: number;
  feedbackEnabled: boolean;
  iosBuildsAvailableForAppleSiliconMac: boolean;
  iosBuildsAvailableForAppleVision: boolean;
}>;
/** One entry of Apple's `deviceFamilyOsVersionFilters`. */
export interface DeviceFamilyFilter {
  readonly deviceFamily?: string | null;
  readonly minimumOsInclusive?: string | null;
  readonly maximumOsInclusive?: string | null;
}

export type GroupResource = ResourceObject<
  GroupAttributes,
  OwnMeta & {
    readonly testerCount?: number | null;
    readonly buildCount?: number | null;
    /** Members who came by the link; null unless the link has a limit and all members are known. */
    readonly linkTesterCount?: number | null;
    readonly criteria?: {
      readonly lastModifiedDate?: string | null;
      readonly deviceFamilyOsVersionFilters?: readonly DeviceFamilyFilter[] | null;
    } | null;
    readonly lastActivity?: { readonly at: string; readonly kind: 'feedback' | 'joined' } | null;
  }
>;

export interface AppDevice {
  readonly model?: string | null;
  readonly platform?: string | null;
  readonly osVersion?: string | null;
  readonly appBuildVersion?: string | null;
}
export type TesterResource = ResourceObject<
  Nullable<{
    firstName: string;
    lastName: string;
    email: string;
    inviteType: string;
    state: string;
    appDevices: readonly AppDevice[];
  }>,
  OwnMeta & {
    readonly groups?: readonly GroupName[];
    readonly tags?: readonly string[];
    readonly note?: string | null;
    readonly protected?: boolean;
    /** What people call the model of the newest device. */
    readonly deviceName?: string;
    /** The last day whose note holds a session; null when none does. */
    readonly lastActive?: string | null;
    /** The newest daily figures: sums over the week before that day. */
    readonly activity?: {
      readonly day: string;
      readonly sessionCount: number | null;
      readonly crashCount: number | null;
      readonly feedbackCount: number | null;
    } | null;
  }
>;

export interface GroupName {
  readonly id: string;
  readonly name?: string | null;
  readonly isInternalGroup?: boolean;
}

export type BuildResource = ResourceObject<
  Nullable<{
    version: string;
    uploadedDate: string;
    expirationDate: string;
    expired: boolean;
    minOsVersion: string;
    processingState: string;
    buildAudienceType: string;
    usesNonExemptEncryption: boolean;
  }>,
  OwnMeta & {
    readonly trainVersion?: string | null;
    readonly platform?: string | null;
    readonly internalBuildState?: string | null;
    readonly externalBuildState?: string | null;
    readonly betaReviewState?: string | null;
    readonly autoNotifyEnabled?: boolean | null;
    readonly submittedDate?: string | null;
    readonly groups?: readonly GroupName[];
    /** How it stands with beta review; absent where it was never submitted or has expired. */
    readonly review?: ReviewMeta;
    /** What it takes on the device where it takes most; null where Apple has not told. */
    readonly installBytes?: number | null;
    /** To how many testers it was given one by one. */
    readonly individualCount?: number;
    /** Our newest reading of how it is used; absent before the first. */
    readonly use?: {
      readonly day: string;
      readonly inviteCount: number | null;
      readonly installCount: number | null;
      readonly sessionCount: number | null;
      readonly crashCount: number | null;
      readonly feedbackCount: number | null;
    };
    /** The sessions of the newest readings, oldest first. */
    readonly trend?: readonly (number | null)[];
  },
  'preReleaseVersion'
>;

/** One entry of an error answer; Apple's own are marked `meta.apple`. */
export interface Problem {
  readonly id?: string;
  readonly status?: string;
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly source?: { readonly pointer?: string; readonly parameter?: string };
  /** Apple's errors of other resources, by their path. */
  readonly associatedErrors?: Readonly<Record<string, readonly Problem[]>>;
  readonly meta?: Readonly<Record<string, unknown>>;
}

export interface Me {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly permissions: readonly string[];
}

export type StaleGraph = Readonly<Partial<Record<ResourceType, readonly ResourceType[]>>>;

export interface NewKey {
  readonly kind: 'team' | 'individual';
  readonly issuerId: string | null;
  readonly keyId: string;
  /** The text of the .p8 file. */
  readonly privateKey: string;
}
