import { z } from 'zod';
import { deviceFilters, toOne } from './bodies';
import type { CatalogueEntry } from './types';

export const betaRecruitmentCriteria = {
  type: 'betaRecruitmentCriteria',
  label: { one: 'recruitment criteria', many: 'recruitment criteria' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['create', 'update', 'delete'],
  fields: ['lastModifiedDate', 'deviceFamilyOsVersionFilters'],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  create: z.strictObject({
    attributes: z.strictObject({ deviceFamilyOsVersionFilters: deviceFilters }),
    relationships: z.strictObject({ betaGroup: toOne('betaGroups') }),
  }),
  update: z.strictObject({
    attributes: z.strictObject({ deviceFamilyOsVersionFilters: deviceFilters.exactOptional() }),
  }),
  idempotent: { update: true, delete: true },
  stale: ['betaGroups', 'betaRecruitmentCriterionCompatibleBuildChecks'],
} as const satisfies CatalogueEntry;
