import type { CatalogueEntry } from './types';
import {
  ASSET_EXTERNAL_RELEASE_STATE,
  ASSET_INTERNAL_RELEASE_STATE,
  ASSET_STORE_RELEASE_STATE,
  ASSET_VERSION_STATE,
  PLATFORM,
} from './values';

export const backgroundAssets = {
  type: 'backgroundAssets',
  label: { one: 'asset pack', many: 'asset packs' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['get'],
  fields: [
    'archived',
    'assetPackIdentifier',
    'createdDate',
    'usedBytes',
    'app',
    'versions',
    'appStoreVersion',
    'internalBetaVersion',
    'externalBetaVersion',
  ],
  toOne: {
    app: 'apps',
    appStoreVersion: 'backgroundAssetVersions',
    internalBetaVersion: 'backgroundAssetVersions',
    externalBetaVersion: 'backgroundAssetVersions',
  },
  toMany: { versions: 'backgroundAssetVersions' },
  include: ['app', 'appStoreVersion', 'internalBetaVersion', 'externalBetaVersion'],
  related: {
    versions: {
      filter: {
        locale: [],
        platforms: PLATFORM,
        state: ASSET_VERSION_STATE,
        version: [],
        'internalBetaRelease.state': ASSET_INTERNAL_RELEASE_STATE,
        'externalBetaRelease.state': ASSET_EXTERNAL_RELEASE_STATE,
        'appStoreRelease.state': ASSET_STORE_RELEASE_STATE,
      },
      sort: ['version'],
      include: true,
    },
  },
  linkages: { versions: ['get'] },
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
