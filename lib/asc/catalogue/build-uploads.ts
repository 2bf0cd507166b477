import type { CatalogueEntry } from './types';

export const buildUploads = {
  type: 'buildUploads',
  label: { one: 'build upload', many: 'build uploads' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['get'],
  fields: [
    'cfBundleShortVersionString',
    'cfBundleVersion',
    'createdDate',
    'state',
    'platform',
    'uploadedDate',
    'build',
    'assetFile',
    'assetDescriptionFile',
    'assetSpiFile',
    'buildUploadFiles',
  ],
  toOne: {
    build: 'builds',
    assetFile: 'buildUploadFiles',
    assetDescriptionFile: 'buildUploadFiles',
    assetSpiFile: 'buildUploadFiles',
  },
  toMany: { buildUploadFiles: 'buildUploadFiles' },
  include: ['build', 'assetFile', 'assetDescriptionFile', 'assetSpiFile'],
  related: { buildUploadFiles: {} },
  linkages: { buildUploadFiles: ['get'] },
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
