import { z } from 'zod';
import { localeCode, nullableEmail, nullableText, toOne } from './bodies';
import { TEXT_LIMIT } from './limits';
import type { CatalogueEntry } from './types';

const texts = {
  feedbackEmail: nullableEmail.exactOptional(),
  marketingUrl: nullableText(2048).exactOptional(),
  privacyPolicyUrl: nullableText(2048).exactOptional(),
  tvOsPrivacyPolicy: nullableText().exactOptional(),
  description: nullableText(TEXT_LIMIT).exactOptional(),
};

export const betaAppLocalizations = {
  type: 'betaAppLocalizations',
  label: { one: 'test information', many: 'test information' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['list', 'create', 'get', 'update', 'delete'],
  fields: [
    'feedbackEmail',
    'marketingUrl',
    'privacyPolicyUrl',
    'tvOsPrivacyPolicy',
    'description',
    'locale',
    'app',
  ],
  toOne: { app: 'apps' },
  toMany: {},
  include: ['app'],
  list: { filter: { locale: [], app: [] } },
  related: { app: {} },
  linkages: { app: ['get'] },
  create: z.strictObject({
    attributes: z.strictObject({ ...texts, locale: localeCode }),
    relationships: z.strictObject({ app: toOne('apps') }),
  }),
  update: z.strictObject({ attributes: z.strictObject(texts) }),
  idempotent: { update: true, delete: true },
  stale: [],
} as const satisfies CatalogueEntry;
