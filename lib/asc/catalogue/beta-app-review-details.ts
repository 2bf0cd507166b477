import { z } from 'zod';
import { nullableEmail, nullableFlag, nullableText } from './bodies';
import { TEXT_LIMIT } from './limits';
import type { CatalogueEntry } from './types';

export const betaAppReviewDetails = {
  type: 'betaAppReviewDetails',
  label: { one: 'beta review contact', many: 'beta review contacts' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['list', 'get', 'update'],
  fields: [
    'contactFirstName',
    'contactLastName',
    'contactPhone',
    'contactEmail',
    'demoAccountName',
    'demoAccountPassword',
    'demoAccountRequired',
    'notes',
    'app',
  ],
  toOne: { app: 'apps' },
  toMany: {},
  include: ['app'],
  list: { filter: { app: [] }, required: ['app'] },
  related: { app: {} },
  linkages: { app: ['get'] },
  update: z.strictObject({
    attributes: z.strictObject({
      contactFirstName: nullableText().exactOptional(),
      contactLastName: nullableText().exactOptional(),
      contactPhone: nullableText().exactOptional(),
      contactEmail: nullableEmail.exactOptional(),
      demoAccountName: nullableText().exactOptional(),
      demoAccountPassword: nullableText().exactOptional(),
      demoAccountRequired: nullableFlag.exactOptional(),
      notes: nullableText(TEXT_LIMIT).exactOptional(),
    }),
  }),
  idempotent: { update: true, delete: false },
  secret: ['demoAccountPassword'],
  stale: [],
} as const satisfies CatalogueEntry;
