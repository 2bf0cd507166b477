import { z } from 'zod';
import { nullableText } from './bodies';
import type { CatalogueEntry } from './types';

export const betaLicenseAgreements = {
  type: 'betaLicenseAgreements',
  label: { one: 'beta license agreement', many: 'beta license agreements' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['list', 'get', 'update'],
  fields: ['agreementText', 'app'],
  toOne: { app: 'apps' },
  toMany: {},
  include: ['app'],
  list: { filter: { app: [] } },
  related: { app: {} },
  linkages: { app: ['get'] },
  update: z.strictObject({ attributes: z.strictObject({ agreementText: nullableText().exactOptional() }) }),
  idempotent: { update: true, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
