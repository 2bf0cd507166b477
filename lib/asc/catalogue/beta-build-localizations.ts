import { z } from 'zod';
import { localeCode, toOne, whatsNew } from './bodies';
import type { CatalogueEntry } from './types';

export const betaBuildLocalizations = {
  type: 'betaBuildLocalizations',
  label: { one: 'What to Test', many: 'What to Test' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'mirror',
  operations: ['list', 'create', 'get', 'update', 'delete'],
  fields: ['whatsNew', 'locale', 'build'],
  toOne: { build: 'builds' },
  toMany: {},
  include: ['build'],
  list: { filter: { locale: [], build: [] } },
  related: { build: {} },
  linkages: { build: ['get'] },
  create: z.strictObject({
    attributes: z.strictObject({ whatsNew: whatsNew.nullable().exactOptional(), locale: localeCode }),
    relationships: z.strictObject({ build: toOne('builds') }),
  }),
  update: z.strictObject({ attributes: z.strictObject({ whatsNew: whatsNew.nullable().exactOptional() }) }),
  idempotent: { update: true, delete: true },
  stale: ['builds'],
} as const satisfies CatalogueEntry;
