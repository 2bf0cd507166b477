import { z } from 'zod';
import { nullableFlag } from './bodies';
import type { CatalogueEntry } from './types';

export const buildBetaDetails = {
  type: 'buildBetaDetails',
  label: { one: 'build beta detail', many: 'build beta details' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'mirror',
  operations: ['list', 'get', 'update'],
  fields: ['autoNotifyEnabled', 'internalBuildState', 'externalBuildState', 'build'],
  toOne: { build: 'builds' },
  toMany: {},
  include: ['build'],
  list: { filter: { build: [], id: [] } },
  related: { build: { include: true } },
  linkages: { build: ['get'] },
  update: z.strictObject({ attributes: z.strictObject({ autoNotifyEnabled: nullableFlag.exactOptional() }) }),
  idempotent: { update: true, delete: false },
  stale: ['builds'],
} as const satisfies CatalogueEntry;
