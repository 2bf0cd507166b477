import { z } from 'zod';
import { localeCode, requiredText, toMany, toOne, webUrl } from './bodies';
import type { CatalogueEntry } from './types';

export const betaAppClipInvocations = {
  type: 'betaAppClipInvocations',
  label: { one: 'App Clip address', many: 'App Clip addresses' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['create', 'get', 'update', 'delete'],
  fields: ['url', 'betaAppClipInvocationLocalizations'],
  toOne: {},
  toMany: { betaAppClipInvocationLocalizations: 'betaAppClipInvocationLocalizations' },
  include: ['betaAppClipInvocationLocalizations'],
  related: {},
  linkages: {},
  create: z.strictObject({
    attributes: z.strictObject({ url: webUrl }),
    relationships: z.strictObject({
      buildBundle: toOne('buildBundles'),
      betaAppClipInvocationLocalizations: toMany('betaAppClipInvocationLocalizations').refine(
        (linkage) => linkage.data.length > 0,
        'An invocation needs a title in at least one language.',
      ),
    }),
  }),
  update: z.strictObject({ attributes: z.strictObject({ url: webUrl.exactOptional() }) }),
  inlineCreate: z.strictObject({
    type: z.literal('betaAppClipInvocationLocalizations'),
    id: z.string().exactOptional(),
    attributes: z.strictObject({ title: requiredText('title'), locale: localeCode }),
  }),
  idempotent: { update: true, delete: true },
  stale: ['betaAppClipInvocationLocalizations', 'buildBundles'],
} as const satisfies CatalogueEntry;
