import type { CatalogueEntry } from './types';
import { CLIP_ACTION, CLIP_EXPERIENCE_STATUS, CLIP_PLACE_STATUS } from './values';

export const appClips = {
  type: 'appClips',
  label: { one: 'App Clip', many: 'App Clips' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['get'],
  fields: ['bundleId', 'app', 'appClipDefaultExperiences', 'appClipAdvancedExperiences'],
  toOne: { app: 'apps' },
  toMany: {
    appClipDefaultExperiences: 'appClipDefaultExperiences',
    appClipAdvancedExperiences: 'appClipAdvancedExperiences',
  },
  include: ['app', 'appClipDefaultExperiences'],
  related: {
    appClipAdvancedExperiences: {
      filter: { status: CLIP_EXPERIENCE_STATUS, placeStatus: CLIP_PLACE_STATUS, action: CLIP_ACTION },
      include: true,
    },
    appClipDefaultExperiences: { exists: ['releaseWithAppStoreVersion'], include: true },
  },
  linkages: { appClipAdvancedExperiences: ['get'], appClipDefaultExperiences: ['get'] },
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
