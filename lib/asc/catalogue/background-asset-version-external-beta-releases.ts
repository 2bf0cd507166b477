import type { CatalogueEntry } from './types';

export const backgroundAssetVersionExternalBetaReleases = {
  type: 'backgroundAssetVersionExternalBetaReleases',
  label: { one: 'external asset pack release', many: 'external asset pack releases' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['get'],
  fields: ['state', 'backgroundAssetVersion'],
  toOne: { backgroundAssetVersion: 'backgroundAssetVersions' },
  toMany: {},
  include: ['backgroundAssetVersion'],
  related: {},
  linkages: {},
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
