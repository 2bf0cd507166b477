import type { ResourceObject } from '@/lib/mirror/resource';

type Attributes = Record<string, unknown>;

const linkage = (type: string, id: string) => ({ type, id });
export const toOne = (type: string, id: string | null) => ({ data: id === null ? null : linkage(type, id) });
export const toMany = (type: string, ids: readonly string[], total = ids.length) => ({
  data: ids.map((id) => linkage(type, id)),
  meta: { paging: { total, limit: 50 } },
});

/** Apple's documents as they arrive, with only what a test cares about given. */
export const anApp = (id: string, attributes: Attributes = {}): ResourceObject => ({
  type: 'apps',
  id,
  attributes: {
    name: `App ${id}`,
    bundleId: `org.example.${id}`,
    sku: id,
    primaryLocale: 'en-US',
    ...attributes,
  },
});

export const aGroup = (
  id: string,
  appId: string,
  attributes: Attributes = {},
  testers = 0,
): ResourceObject => ({
  type: 'betaGroups',
  id,
  attributes: {
    name: `Group ${id}`,
    createdDate: '2026-01-02T03:04:05-08:00',
    isInternalGroup: false,
    hasAccessToAllBuilds: false,
    publicLinkEnabled: false,
    publicLinkId: null,
    publicLinkLimitEnabled: false,
    publicLinkLimit: null,
    publicLink: null,
    feedbackEnabled: true,
    ...attributes,
  },
  relationships: {
    app: toOne('apps', appId),
    betaTesters: { meta: { paging: { total: testers, limit: 1 } } },
    betaRecruitmentCriteria: toOne('betaRecruitmentCriteria', null),
  },
});

export const aTester = (
  id: string,
  attributes: Attributes = {},
  groups: readonly string[] = [],
): ResourceObject => ({
  type: 'betaTesters',
  id,
  attributes: {
    firstName: `First${id}`,
    lastName: `Last${id}`,
    email: `${id}@Example.org`,
    inviteType: 'EMAIL',
    state: 'INSTALLED',
    appDevices: [{ model: 'iPhone17,1', platform: 'IOS', osVersion: '26.1', appBuildVersion: '41' }],
    ...attributes,
  },
  relationships: { betaGroups: toMany('betaGroups', groups) },
});

export interface BuildParts {
  readonly attributes?: Attributes;
  readonly groups?: readonly string[];
  readonly detail?: Attributes;
  readonly train?: string;
  readonly review?: Attributes | null;
  readonly texts?: Readonly<Record<string, string>>;
}

/** A build with everything the sync includes: the resource first, then what is included. */
export function aBuild(id: string, appId: string, parts: BuildParts = {}): ResourceObject[] {
  const texts = Object.entries(parts.texts ?? { 'en-US': 'Try it' });
  const train = parts.train ?? '2.0';
  const hasReview = parts.review !== null && parts.review !== undefined;
  return [
    {
      type: 'builds',
      id,
      attributes: {
        version: id.replace(/\D/g, '') || '1',
        uploadedDate: '2026-02-01T10:00:00-08:00',
        expirationDate: '2026-05-02T10:00:00-07:00',
        expired: false,
        minOsVersion: '17.0',
        processingState: 'VALID',
        buildAudienceType: 'APP_STORE_ELIGIBLE',
        usesNonExemptEncryption: false,
        iconAssetToken: { templateUrl: 'https://example.org/{w}x{h}.{f}', width: 1024, height: 1024 },
        ...parts.attributes,
      },
      relationships: {
        app: toOne('apps', appId),
        preReleaseVersion: toOne('preReleaseVersions', `train-${appId}-${train}`),
        buildBetaDetail: toOne('buildBetaDetails', `detail-${id}`),
        betaAppReviewSubmission: toOne('betaAppReviewSubmissions', hasReview ? `review-${id}` : null),
        betaGroups: toMany('betaGroups', parts.groups ?? []),
        betaBuildLocalizations: toMany(
          'betaBuildLocalizations',
          texts.map(([locale]) => `text-${id}-${locale}`),
        ),
      },
    },
    {
      type: 'preReleaseVersions',
      id: `train-${appId}-${train}`,
      attributes: { version: train, platform: 'IOS' },
    },
    {
      type: 'buildBetaDetails',
      id: `detail-${id}`,
      attributes: {
        autoNotifyEnabled: true,
        internalBuildState: 'IN_BETA_TESTING',
        externalBuildState: 'IN_BETA_TESTING',
        ...parts.detail,
      },
    },
    ...(hasReview
      ? [{ type: 'betaAppReviewSubmissions', id: `review-${id}`, attributes: parts.review ?? {} }]
      : []),
    ...texts.map(([locale, whatsNew]) => ({
      type: 'betaBuildLocalizations',
      id: `text-${id}-${locale}`,
      attributes: { locale, whatsNew },
    })),
  ];
}

export const aFeedback = (
  id: string,
  kind: 'Crash' | 'Screenshot',
  attributes: Attributes = {},
  links: { build?: string; tester?: string } = {},
): ResourceObject => ({
  type: `betaFeedback${kind}Submissions`,
  id,
  attributes: {
    createdDate: '2026-02-02T10:00:00Z',
    comment: 'It crashed',
    email: 'a@example.org',
    deviceModel: 'iPhone17,1',
    osVersion: '26.1',
    locale: 'en-US',
    appPlatform: 'IOS',
    ...attributes,
  },
  relationships: {
    build: toOne('builds', links.build ?? null),
    tester: toOne('betaTesters', links.tester ?? null),
  },
});
