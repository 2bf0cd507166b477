import type { CatalogueEntry } from './types';

export const backgroundAssetVersionInternalBetaReleases = {
  type: 'backgroundAssetVersionInternalBetaReleases',
  label: { one: 'internal asset pack release', many: 'internal asset pack releases' },
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
