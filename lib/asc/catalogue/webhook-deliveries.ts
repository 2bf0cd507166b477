import { z } from 'zod';
import { toOne } from './bodies';
import type { CatalogueEntry } from './types';

export const webhookDeliveries = {
  type: 'webhookDeliveries',
  label: { one: 'webhook delivery', many: 'webhook deliveries' },
  permission: { read: 'settings:read', write: 'settings:write' },
  cache: 'live',
  operations: ['create'],
  fields: [
    'createdDate',
    'deliveryState',
    'errorMessage',
    'redelivery',
    'sentDate',
    'request',
    'response',
    'event',
  ],
  toOne: { event: 'webhookEvents' },
  toMany: {},
  include: ['event'],
  related: {},
  linkages: {},
  create: z.strictObject({ relationships: z.strictObject({ template: toOne('webhookDeliveries') }) }),
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
