import type { CatalogueEntry } from './types';

export const buildIcons = {
  type: 'buildIcons',
  label: { one: 'build icon', many: 'build icons' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: [],
  fields: ['iconAsset', 'iconType', 'masked', 'name'],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
