import type { CatalogueEntry } from './types';

export const buildBundleFileSizes = {
  type: 'buildBundleFileSizes',
  label: { one: 'bundle file size', many: 'bundle file sizes' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: [],
  fields: ['deviceModel', 'osVersion', 'downloadBytes', 'installBytes'],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
