import type { CatalogueEntry } from './types';

export const betaRecruitmentCriterionOptions = {
  type: 'betaRecruitmentCriterionOptions',
  label: { one: 'recruitment option', many: 'recruitment options' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['list'],
  fields: ['deviceFamilyOsVersions'],
  toOne: {},
  toMany: {},
  include: [],
  list: {},
  related: {},
  linkages: {},
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
