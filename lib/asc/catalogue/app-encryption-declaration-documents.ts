import { z } from 'zod';
import { nullableFlag, requiredText, toOne } from './bodies';
import type { CatalogueEntry } from './types';

export const appEncryptionDeclarationDocuments = {
  type: 'appEncryptionDeclarationDocuments',
  label: { one: 'encryption document', many: 'encryption documents' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['create', 'get', 'update'],
  fields: [
    'fileSize',
    'fileName',
    'assetToken',
    'downloadUrl',
    'sourceFileChecksum',
    'uploadOperations',
    'assetDeliveryState',
  ],
  toOne: {},
  toMany: {},
  include: [],
  related: {},
  linkages: {},
  create: z.strictObject({
    attributes: z.strictObject({
      fileName: requiredText('file name'),
      fileSize: z.int('The file size is a whole number of bytes.').min(1, 'The file is empty.'),
    }),
    relationships: z.strictObject({ appEncryptionDeclaration: toOne('appEncryptionDeclarations') }),
  }),
  update: z.strictObject({
    attributes: z.strictObject({
      sourceFileChecksum: z.string().nullable().exactOptional(),
      uploaded: nullableFlag.exactOptional(),
    }),
  }),
  idempotent: { update: false, delete: false },
  stale: ['appEncryptionDeclarations'],
} as const satisfies CatalogueEntry;
