import type { CatalogueEntry } from './types';

export const appClipDefaultExperiences = {
  type: 'appClipDefaultExperiences',
  label: { one: 'App Clip default experience', many: 'App Clip default experiences' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: [],
  fields: [
    'action',
    'appClip',
    'releaseWithAppStoreVersion',
    'appClipDefaultExperienceLocalizations',
    'appClipAppStoreReviewDetail',
  ],
  toOne: {
    appClip: 'appClips',
    releaseWithAppStoreVersion: 'appStoreVersions',
    appClipAppStoreReviewDetail: 'appClipAppStoreReviewDetails',
  },
  toMany: { appClipDefaultExperienceLocalizations: 'appClipDefaultExperienceLocalizations' },
  include: [
    'appClip',
    'releaseWithAppStoreVersion',
    'appClipDefaultExperienceLocalizations',
    'appClipAppStoreReviewDetail',
  ],
  related: {},
  linkages: {},
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
