import { FEEDBACK_FIELDS } from './feedback';
import type { CatalogueEntry } from './types';

export const betaFeedbackScreenshotSubmissions = {
  type: 'betaFeedbackScreenshotSubmissions',
  label: { one: 'screenshot feedback', many: 'screenshot feedback' },
  permission: { read: 'feedback:read', write: 'feedback:write' },
  cache: 'mirror',
  operations: ['get', 'delete'],
  fields: [...FEEDBACK_FIELDS, 'screenshots'],
  toOne: { build: 'builds', tester: 'betaTesters' },
  toMany: {},
  include: ['build', 'tester'],
  related: {},
  linkages: {},
  idempotent: { update: false, delete: true },
  confirmDelete: 'delete',
  stale: [],
} as const satisfies CatalogueEntry;
