import type { CatalogueEntry } from './types';

export const webhookEvents = {
  type: 'webhookEvents',
  label: { one: 'webhook event', many: 'webhook events' },
  permission: { read: 'settings:read', write: 'settings:write' },
  cache: 'document',
  operations: [],
  fields: ['eventType', 'payload', 'ping', 'createdDate'],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
