import { z } from 'zod';
import { toOne } from './bodies';
import type { CatalogueEntry } from './types';

export const buildBetaNotifications = {
  type: 'buildBetaNotifications',
  label: { one: 'build notification', many: 'build notifications' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'live',
  operations: ['create'],
  fields: [],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  create: z.strictObject({ relationships: z.strictObject({ build: toOne('builds') }) }),
  idempotent: { update: false, delete: false },
  stale: ['builds', 'buildBetaDetails', 'betaTesters'],
} as const satisfies CatalogueEntry;
