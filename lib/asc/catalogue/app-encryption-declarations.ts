import { z } from 'zod';
import { requiredText, toOne } from './bodies';
import type { CatalogueEntry } from './types';
import { PLATFORM } from './values';

export const appEncryptionDeclarations = {
  type: 'appEncryptionDeclarations',
  label: { one: 'encryption declaration', many: 'encryption declarations' },
  permission: { read: 'programme:read', write: 'programme:write' },
  cache: 'document',
  operations: ['list', 'create', 'get'],
  fields: [
    'appDescription',
    'createdDate',
    'usesEncryption',
    'exempt',
    'containsProprietaryCryptography',
    'containsThirdPartyCryptography',
    'availableOnFrenchStore',
    'platform',
    'uploadedDate',
    'documentUrl',
    'documentName',
    'documentType',
    'appEncryptionDeclarationState',
    'codeValue',
    'app',
    'builds',
    'appEncryptionDeclarationDocument',
  ],
  toOne: { app: 'apps', appEncryptionDeclarationDocument: 'appEncryptionDeclarationDocuments' },
  toMany: { builds: 'builds' },
  include: ['app', 'builds', 'appEncryptionDeclarationDocument'],
  list: { filter: { platform: PLATFORM, app: [], builds: [] } },
  related: { app: {}, appEncryptionDeclarationDocument: {} },
  linkages: { app: ['get'], appEncryptionDeclarationDocument: ['get'], builds: ['add'] },
  create: z.strictObject({
    attributes: z.strictObject({
      appDescription: requiredText('description'),
      containsProprietaryCryptography: z.boolean(),
      containsThirdPartyCryptography: z.boolean(),
      availableOnFrenchStore: z.boolean(),
    }),
    relationships: z.strictObject({ app: toOne('apps') }),
  }),
  idempotent: { update: false, delete: false },
  stale: ['builds'],
} as const satisfies CatalogueEntry;
