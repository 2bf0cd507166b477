import type { CatalogueEntry } from './types';

export const buildUploadFiles = {
  type: 'buildUploadFiles',
  label: { one: 'build upload file', many: 'build upload files' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['get'],
  fields: [
    'assetDeliveryState',
    'assetToken',
    'assetType',
    'fileName',
    'fileSize',
    'sourceFileChecksums',
    'uploadOperations',
    'uti',
  ],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  idempotent: { update: false, delete: false },
  stale: [],
} as const satisfies CatalogueEntry;
