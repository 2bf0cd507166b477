import type { CatalogueEntry } from './types';

export const appClipDomainStatuses = {
  type: 'appClipDomainStatuses',
  label: { one: 'App Clip domain status', many: 'App Clip domain statuses' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: [],
  fields: ['domains', 'lastUpdatedDate'],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
