import { z } from 'zod';
import { toOne } from './bodies';
import type { CatalogueEntry } from './types';
import { BETA_REVIEW_STATE } from './values';

export const betaAppReviewSubmissions = {
  type: 'betaAppReviewSubmissions',
  label: { one: 'beta review submission', many: 'beta review submissions' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'mirror',
  operations: ['list', 'create', 'get'],
  fields: ['betaReviewState', 'submittedDate', 'build'],
  toOne: { build: 'builds' },
  toMany: {},
  include: ['build'],
  list: { filter: { betaReviewState: BETA_REVIEW_STATE, build: [] }, required: ['build'] },
  related: { build: {} },
  linkages: { build: ['get'] },
  create: z.strictObject({ relationships: z.strictObject({ build: toOne('builds') }) }),
  idempotent: { update: false, delete: false },
  stale: ['builds', 'buildBetaDetails'],
} as const satisfies CatalogueEntry;
