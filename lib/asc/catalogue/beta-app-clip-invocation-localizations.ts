import { z } from 'zod';
import { localeCode, requiredText, toOne } from './bodies';
import type { CatalogueEntry } from './types';

export const betaAppClipInvocationLocalizations = {
  type: 'betaAppClipInvocationLocalizations',
  label: { one: 'App Clip invocation title', many: 'App Clip invocation titles' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['create', 'update', 'delete'],
  fields: ['title', 'locale'],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  create: z.strictObject({
    attributes: z.strictObject({ title: requiredText('title'), locale: localeCode }),
    relationships: z.strictObject({ betaAppClipInvocation: toOne('betaAppClipInvocations') }),
  }),
  update: z.strictObject({ attributes: z.strictObject({ title: requiredText('title').exactOptional() }) }),
  idempotent: { update: true, delete: true },
  stale: ['betaAppClipInvocations', 'buildBundles'],
} as const satisfies CatalogueEntry;
