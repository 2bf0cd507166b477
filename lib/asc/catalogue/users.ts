import type { CatalogueEntry } from './types';
import { USER_ROLE } from './values';

export const users = {
  type: 'users',
  label: { one: 'team member', many: 'team members' },
  permission: { read: 'settings:read', write: 'settings:write' },
  cache: 'document',
  operations: ['list', 'get'],
  fields: [
    'username',
    'firstName',
    'lastName',
    'roles',
    'allAppsVisible',
    'provisioningAllowed',
    'visibleApps',
  ],
  toOne: {},
  toMany: { visibleApps: 'apps' },
  include: ['visibleApps'],
  list: { filter: { username: [], roles: USER_ROLE, visibleApps: [] }, sort: ['username', 'lastName'] },
  related: { visibleApps: {} },
  linkages: { visibleApps: ['get'] },
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
