import type { CatalogueEntry } from './types';
import { BUILD_AUDIENCE_TYPE, PLATFORM, PROCESSING_STATE } from './values';

export const preReleaseVersions = {
  type: 'preReleaseVersions',
  label: { one: 'version', many: 'versions' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'mirror',
  operations: ['list', 'get'],
  fields: ['version', 'platform', 'builds', 'app'],
  toOne: { app: 'apps' },
  toMany: { builds: 'builds' },
  include: ['builds', 'app'],
  list: {
    filter: {
      'builds.buildAudienceType': BUILD_AUDIENCE_TYPE,
      'builds.expired': [],
      'builds.processingState': PROCESSING_STATE,
      'builds.version': [],
      platform: PLATFORM,
      version: [],
      app: [],
      builds: [],
    },
    sort: ['version'],
  },
  related: { app: {}, builds: {} },
  linkages: { app: ['get'], builds: ['get'] },
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
