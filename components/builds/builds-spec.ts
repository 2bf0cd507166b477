import type { ListSpec } from '@/lib/browser/lists';

/** What the lists of builds ask of the API. */
export const BUILDS: ListSpec = {
  type: 'builds',
  filters: [
    {
      param: 'externalBuildState',
      values: [
        'IN_BETA_TESTING',
        'READY_FOR_BETA_TESTING',
        'BETA_APPROVED',
        'WAITING_FOR_BETA_REVIEW',
        'IN_BETA_REVIEW',
        'BETA_REJECTED',
        'READY_FOR_BETA_SUBMISSION',
        'MISSING_EXPORT_COMPLIANCE',
        'PROCESSING',
        'EXPIRED',
      ],
    },
    { param: 'internalBuildState' },
    { param: 'app' },
    { param: 'betaGroups' },
    { param: 'isInGroup', values: ['true', 'false'] },
    { param: 'usesNonExemptEncryption', values: ['none', 'false', 'true'] },
    { param: 'preReleaseVersion.platform' },
    { param: 'preReleaseVersion.version' },
    { param: 'expired', values: ['true', 'false'] },
    { param: 'endsWithin', values: ['7', '14', '30'] },
    { param: 'isSuperseded', values: ['true', 'false'] },
    { param: 'minOsVersion' },
    { param: 'processingState', values: ['PROCESSING', 'VALID', 'FAILED', 'INVALID'] },
  ],
  sorts: [
    'uploadedDate',
    'version',
    'preReleaseVersion',
    'externalBuildState',
    'internalBuildState',
    'expirationDate',
    'platform',
    'groups',
    'minOsVersion',
    'installBytes',
    'individualTesters',
    'invited',
    'installed',
    'sessions',
    'crashes',
    'crashFree',
    'feedback',
  ],
  defaultSort: '-uploadedDate',
  grouping: { by: 'preReleaseVersion', unasked: [] },
};

/** The same of one app, whose builds stand under their versions. */
export const BUILDS_OF_APP: ListSpec = {
  ...BUILDS,
  grouping: { by: 'preReleaseVersion', unasked: ['uploadedDate', 'version', 'preReleaseVersion'] },
};

/** What the page of one build asks for besides the build. */
export const BUILD_QUERY = 'include=betaBuildLocalizations,betaGroups,preReleaseVersion,buildBetaDetail';
