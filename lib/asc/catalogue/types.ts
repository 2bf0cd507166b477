import type { z } from 'zod';
import type { IncludedOnlyType } from './included-only';

/** Every resource type of the TestFlight surface, by Apple's own `type` string. */
export const RESOURCE_TYPES = [
  'appClipAdvancedExperiences',
  'appClipDefaultExperiences',
  'appClipDomainStatuses',
  'appClips',
  'appEncryptionDeclarationDocuments',
  'appEncryptionDeclarations',
  'appStoreVersions',
  'apps',
  'backgroundAssetVersionExternalBetaReleases',
  'backgroundAssetVersionInternalBetaReleases',
  'backgroundAssetVersions',
  'backgroundAssets',
  'betaAppClipInvocationLocalizations',
  'betaAppClipInvocations',
  'betaAppLocalizations',
  'betaAppReviewDetails',
  'betaAppReviewSubmissions',
  'betaBuildLocalizations',
  'betaCrashLogs',
  'betaFeedbackCrashSubmissions',
  'betaFeedbackScreenshotSubmissions',
  'betaGroups',
  'betaLicenseAgreements',
  'betaRecruitmentCriteria',
  'betaRecruitmentCriterionCompatibleBuildChecks',
  'betaRecruitmentCriterionOptions',
  'betaTesterInvitations',
  'betaTesters',
  'buildBetaDetails',
  'buildBetaNotifications',
  'buildBundleFileSizes',
  'buildBundles',
  'buildIcons',
  'buildUploadFiles',
  'buildUploads',
  'builds',
  'diagnosticSignatures',
  'preReleaseVersions',
  'users',
  'webhookDeliveries',
  'webhookEvents',
  'webhookPings',
  'webhooks',
] as const;

export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** A type a relationship may point at: one of ours, or one that is only ever inlined by `include`. */
export type TargetType = ResourceType | IncludedOnlyType;

export type ReadPermission = 'programme:read' | 'feedback:read' | 'testers:read' | 'settings:read';
export type WritePermission = 'programme:write' | 'feedback:write' | 'testers:write' | 'settings:write';
export type Permission = ReadPermission | WritePermission;

/**
 * Where a read is answered from: `mirror` = typed tables, `document` = the document table,
 * `live` = always Apple.
 */
export type CachePolicy = 'mirror' | 'document' | 'live';

/** What Apple lets one do to the resource itself. */
export type ResourceOperation = 'list' | 'create' | 'get' | 'update' | 'delete';

/** What Apple lets one do to `/relationships/{name}`. */
export type LinkageOperation = 'get' | 'add' | 'remove' | 'replace';

/** The values a filter takes; an empty list means free text (booleans are the words true and false). */
export type FilterValues = readonly string[];

export interface QueryFacts {
  readonly filter?: Readonly<Record<string, FilterValues>>;
  /** Names accepted by `exists[…]`. */
  readonly exists?: readonly string[];
  /** Names accepted by `sort`, each also with a leading minus. */
  readonly sort?: readonly string[];
  /** Filters Apple insists on. */
  readonly required?: readonly string[];
}

/** A related read `/v1/{type}/{id}/{name}`; target and cardinality stand in `toOne` and `toMany`. */
export interface RelatedRead extends QueryFacts {
  /** Whether the target's includes are offered here; most nested reads offer none. */
  readonly include?: boolean;
}

/** A usage figure `/v1/{type}/{id}/metrics/{name}`. */
export interface MetricRead {
  readonly filter?: Readonly<Record<string, FilterValues>>;
  readonly required?: readonly string[];
  readonly groupBy?: readonly string[];
  readonly period?: readonly string[];
  /** Needed besides the type's own read permission. */
  readonly permission?: ReadPermission;
}

/** A related read that answers in a media type of its own instead of JSON:API. */
export interface ReportRead {
  readonly accept: string;
  readonly filter?: Readonly<Record<string, FilterValues>>;
  readonly hasLimit?: boolean;
}

/** What Apple allows for one resource type, and what we add. Facts only; see docs/decisions/0007. */
export interface CatalogueEntry {
  readonly type: ResourceType;
  /** The words used in the audit trail. */
  readonly label: { readonly one: string; readonly many: string };
  readonly permission: { readonly read: ReadPermission; readonly write: WritePermission };
  readonly cache: CachePolicy;
  readonly operations: readonly ResourceOperation[];
  /** Names accepted by `fields[type]`: attributes and relationships. Empty where Apple offers none. */
  readonly fields: readonly string[];
  readonly toOne: Readonly<Record<string, TargetType>>;
  readonly toMany: Readonly<Record<string, TargetType>>;
  readonly include: readonly string[];
  /** The most rows inlined per to-many include where it is not 50. */
  readonly includeLimits?: Readonly<Record<string, number>>;
  /** What the collection `GET /v1/{type}` accepts beyond fields, include and limit. */
  readonly list?: QueryFacts;
  /** Names accepted by `fields[…]` of an included type here and nowhere else. */
  readonly moreFields?: Readonly<Record<string, readonly string[]>>;
  readonly related: Readonly<Record<string, RelatedRead>>;
  readonly linkages: Readonly<Record<string, readonly LinkageOperation[]>>;
  /** The permission to change a linkage where it is not the type's own write permission. */
  readonly linkagePermission?: Readonly<Record<string, WritePermission>>;
  readonly metrics?: Readonly<Record<string, MetricRead>>;
  readonly reports?: Readonly<Record<string, ReportRead>>;
  /** `{attributes?, relationships?}` of a create request. */
  readonly create?: z.ZodType;
  /** `{attributes?, relationships?}` of an update request. */
  readonly update?: z.ZodType;
  /** Resources that Apple wants created in the same request (`included` of the body). */
  readonly inlineCreate?: z.ZodType;
  /** Whether sending the same request twice has the effect of sending it once. */
  readonly idempotent: { readonly update: boolean; readonly delete: boolean };
  /** Attributes that must never be logged, audited or shown in full. */
  readonly secret?: readonly string[];
  /** Whether deleting one wants its name typed, since what goes cannot be brought back; or the word, where it has no name. */
  readonly confirmDelete?: true | string;
  /** Whether its id says which app everything below it belongs to. */
  readonly isApp?: boolean;
  /** Whether one id has a row of its own, with a state and memberships, in each of several apps. */
  readonly isPerApp?: boolean;
  /** What people call one by, where it is not its name. */
  readonly calledBy?: 'person' | 'version';
  /** Whether a change of its attributes stays: Apple takes none of them back. */
  readonly isFinal?: boolean;
  /** The relationship whose members are people who lose something when they are taken out, or when it is deleted. */
  readonly people?: string;
  /** The relationship to whom a creation sends a letter: who had none is invited by it. */
  readonly invites?: string;
  /** Types whose cached reads a change of this type makes stale, besides itself. */
  readonly stale: readonly ResourceType[];
}
