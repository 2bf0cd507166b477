import { z } from 'zod';
import { toOne } from './bodies';
import type { CatalogueEntry } from './types';

export const betaTesterInvitations = {
  type: 'betaTesterInvitations',
  label: { one: 'tester invitation', many: 'tester invitations' },
  permission: { read: 'testers:read', write: 'testers:write' },
  cache: 'live',
  operations: ['create'],
  fields: [],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  create: z.strictObject({
    relationships: z.strictObject({ app: toOne('apps'), betaTester: toOne('betaTesters').exactOptional() }),
  }),
  idempotent: { update: false, delete: false },
  invites: 'betaTester',
  stale: ['betaTesters'],
} as const satisfies CatalogueEntry;
