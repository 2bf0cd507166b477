import type { CatalogueEntry } from './types';

export const betaCrashLogs = {
  type: 'betaCrashLogs',
  label: { one: 'crash log', many: 'crash logs' },
  permission: { read: 'feedback:read', write: 'feedback:write' },
  cache: 'document',
  operations: ['get'],
  fields: ['logText'],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
