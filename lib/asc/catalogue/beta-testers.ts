import { z } from 'zod';
import { email, personName, toMany } from './bodies';
import type { CatalogueEntry } from './types';
import { BETA_INVITE_TYPE, METRIC_PERIOD } from './values';

export const betaTesters = {
  type: 'betaTesters',
  label: { one: 'tester', many: 'testers' },
  permission: { read: 'testers:read', write: 'testers:write' },
  cache: 'mirror',
  operations: ['list', 'create', 'get', 'delete'],
  fields: [
    'firstName',
    'lastName',
    'email',
    'inviteType',
    'state',
    'appDevices',
    'apps',
    'betaGroups',
    'builds',
  ],
  toOne: {},
  toMany: { apps: 'apps', betaGroups: 'betaGroups', builds: 'builds' },
  include: ['apps', 'betaGroups', 'builds'],
  list: {
    filter: {
      firstName: [],
      lastName: [],
      email: [],
      inviteType: BETA_INVITE_TYPE,
      apps: [],
      betaGroups: [],
      builds: [],
      id: [],
    },
    sort: ['firstName', 'lastName', 'email', 'inviteType', 'state'],
  },
  related: { apps: {}, betaGroups: {}, builds: {} },
  linkages: {
    apps: ['get', 'remove'],
    betaGroups: ['get', 'add', 'remove'],
    builds: ['get', 'add', 'remove'],
  },
  metrics: {
    betaTesterUsages: {
      permission: 'testers:read',
      filter: { apps: [] },
      required: ['apps'],
      period: METRIC_PERIOD,
    },
  },
  create: z.strictObject({
    attributes: z.strictObject({
      firstName: personName.exactOptional(),
      lastName: personName.exactOptional(),
      email: email,
    }),
    relationships: z
      .strictObject({
        betaGroups: toMany('betaGroups').exactOptional(),
        builds: toMany('builds').exactOptional(),
      })
      .refine(
        (given) => (given.betaGroups === undefined) !== (given.builds === undefined),
        'Choose either groups or single builds for the tester, not both.',
      ),
  }),
  confirmDelete: true,
  idempotent: { update: false, delete: true },
  isPerApp: true,
  calledBy: 'person',
  stale: ['betaGroups', 'builds'],
} as const satisfies CatalogueEntry;
