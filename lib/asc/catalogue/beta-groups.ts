import { z } from 'zod';
import { nullableFlag, publicLinkLimit, requiredText, toMany, toOne } from './bodies';
import type { CatalogueEntry } from './types';
import { METRIC_PERIOD } from './values';

const link = {
  publicLinkEnabled: nullableFlag.exactOptional(),
  publicLinkLimitEnabled: nullableFlag.exactOptional(),
  publicLinkLimit: publicLinkLimit.exactOptional(),
  feedbackEnabled: nullableFlag.exactOptional(),
};

export const betaGroups = {
  type: 'betaGroups',
  label: { one: 'group', many: 'groups' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'mirror',
  operations: ['list', 'create', 'get', 'update', 'delete'],
  fields: [
    'name',
    'createdDate',
    'isInternalGroup',
    'hasAccessToAllBuilds',
    'publicLinkEnabled',
    'publicLinkId',
    'publicLinkLimitEnabled',
    'publicLinkLimit',
    'publicLink',
    'feedbackEnabled',
    'iosBuildsAvailableForAppleSiliconMac',
    'iosBuildsAvailableForAppleVision',
    'app',
    'builds',
    'betaTesters',
    'betaRecruitmentCriteria',
    'betaRecruitmentCriterionCompatibleBuildCheck',
  ],
  toOne: {
    app: 'apps',
    betaRecruitmentCriteria: 'betaRecruitmentCriteria',
    betaRecruitmentCriterionCompatibleBuildCheck: 'betaRecruitmentCriterionCompatibleBuildChecks',
  },
  toMany: { builds: 'builds', betaTesters: 'betaTesters' },
  include: ['app', 'builds', 'betaTesters', 'betaRecruitmentCriteria'],
  includeLimits: { builds: 1000 },
  list: {
    filter: {
      name: [],
      isInternalGroup: [],
      publicLinkEnabled: [],
      publicLinkLimitEnabled: [],
      publicLink: [],
      app: [],
      builds: [],
      id: [],
    },
    sort: ['name', 'createdDate', 'publicLinkEnabled', 'publicLinkLimit'],
  },
  related: {
    app: {},
    betaRecruitmentCriteria: {},
    betaRecruitmentCriterionCompatibleBuildCheck: {},
    betaTesters: {},
    builds: {},
  },
  linkages: {
    app: ['get'],
    betaRecruitmentCriteria: ['get'],
    betaRecruitmentCriterionCompatibleBuildCheck: ['get'],
    betaTesters: ['get', 'add', 'remove'],
    builds: ['get', 'add', 'remove'],
  },
  linkagePermission: { betaTesters: 'testers:write' },
  metrics: {
    betaTesterUsages: {
      permission: 'testers:read',
      filter: { betaTesters: [] },
      groupBy: ['betaTesters'],
      period: METRIC_PERIOD,
    },
    publicLinkUsages: {},
  },
  create: z.strictObject({
    attributes: z.strictObject({
      name: requiredText('name'),
      isInternalGroup: nullableFlag.exactOptional(),
      hasAccessToAllBuilds: nullableFlag.exactOptional(),
      ...link,
    }),
    relationships: z.strictObject({
      app: toOne('apps'),
      builds: toMany('builds').exactOptional(),
      betaTesters: toMany('betaTesters').exactOptional(),
    }),
  }),
  update: z.strictObject({
    attributes: z.strictObject({
      name: requiredText('name').exactOptional(),
      ...link,
      iosBuildsAvailableForAppleSiliconMac: nullableFlag.exactOptional(),
      iosBuildsAvailableForAppleVision: nullableFlag.exactOptional(),
    }),
  }),
  confirmDelete: true,
  idempotent: { update: true, delete: true },
  people: 'betaTesters',
  stale: ['betaTesters', 'builds'],
} as const satisfies CatalogueEntry;
