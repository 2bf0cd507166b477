import { FEEDBACK_FIELDS } from './feedback';
import type { CatalogueEntry } from './types';

export const betaFeedbackCrashSubmissions = {
  type: 'betaFeedbackCrashSubmissions',
  label: { one: 'crash report', many: 'crash reports' },
  permission: { read: 'feedback:read', write: 'feedback:write' },
  cache: 'mirror',
  operations: ['get', 'delete'],
  fields: [...FEEDBACK_FIELDS, 'crashLog'],
  toOne: { build: 'builds', tester: 'betaTesters', crashLog: 'betaCrashLogs' },
  toMany: {},
  include: ['build', 'tester'],
  related: { crashLog: {} },
  linkages: { crashLog: ['get'] },
  idempotent: { update: false, delete: true },
  confirmDelete: 'delete',
  stale: [],
} as const satisfies CatalogueEntry;
