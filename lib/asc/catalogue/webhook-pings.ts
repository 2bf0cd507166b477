import { z } from 'zod';
import { toOne } from './bodies';
import type { CatalogueEntry } from './types';

export const webhookPings = {
  type: 'webhookPings',
  label: { one: 'webhook ping', many: 'webhook pings' },
  permission: { read: 'settings:read', write: 'settings:write' },
  cache: 'live',
  operations: ['create'],
  fields: [],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  create: z.strictObject({ relationships: z.strictObject({ webhook: toOne('webhooks') }) }),
  idempotent: { update: false, delete: false },
  stale: ['webhookDeliveries'],
} as const satisfies CatalogueEntry;
