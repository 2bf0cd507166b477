import type { CatalogueEntry } from './types';

export const diagnosticSignatures = {
  type: 'diagnosticSignatures',
  label: { one: 'diagnostic signature', many: 'diagnostic signatures' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: [],
  fields: ['diagnosticType', 'signature', 'weight', 'insight', 'logs'],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  reports: { logs: { accept: 'application/vnd.apple.diagnostic-logs+json', hasLimit: true } },
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
