import type { CatalogueEntry } from './types';

export const betaRecruitmentCriterionCompatibleBuildChecks = {
  type: 'betaRecruitmentCriterionCompatibleBuildChecks',
  label: { one: 'compatible build check', many: 'compatible build checks' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'live',
  operations: [],
  fields: ['hasCompatibleBuild'],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
