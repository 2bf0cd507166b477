import { z } from 'zod';
import { eventTypes, requiredText, toOne, webUrl } from './bodies';
import type { CatalogueEntry } from './types';
import { DELIVERY_STATE } from './values';

export const webhooks = {
  type: 'webhooks',
  label: { one: 'webhook', many: 'webhooks' },
  permission: { read: 'settings:read', write: 'settings:write' },
  cache: 'document',
  operations: ['create', 'get', 'update', 'delete'],
  fields: ['enabled', 'eventTypes', 'name', 'url', 'app', 'deliveries'],
  toOne: { app: 'apps' },
  toMany: { deliveries: 'webhookDeliveries' },
  include: ['app'],
  related: {
    deliveries: {
      filter: { deliveryState: DELIVERY_STATE, createdDateGreaterThanOrEqualTo: [], createdDateLessThan: [] },
      include: true,
    },
  },
  linkages: { deliveries: ['get'] },
  create: z.strictObject({
    attributes: z.strictObject({
      name: requiredText('name'),
      url: webUrl,
      secret: requiredText('secret'),
      eventTypes: eventTypes,
      enabled: z.boolean(),
    }),
    relationships: z.strictObject({ app: toOne('apps') }),
  }),
  update: z.strictObject({
    attributes: z.strictObject({
      name: requiredText('name').exactOptional(),
      url: webUrl.exactOptional(),
      secret: requiredText('secret').exactOptional(),
      eventTypes: eventTypes.exactOptional(),
      enabled: z.boolean().exactOptional(),
    }),
  }),
  idempotent: { update: true, delete: true },
  secret: ['secret'],
  stale: ['webhookDeliveries'],
} as const satisfies CatalogueEntry;
