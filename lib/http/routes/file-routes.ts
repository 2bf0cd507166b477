import { exportBody, exportProgramme } from '@/lib/services/programme/export';
import { compareBody, compareProgramme } from '@/lib/services/programme/plan';
import { FILE_LIMIT } from '@/lib/services/programme/read-file';
import { machineEndpoint } from '../core/endpoint';

/** A file as JSON takes more than the file itself, bytes. */
export const FILE_BODY_LIMIT = 3 * FILE_LIMIT;

/** The programme of an app as a file; nothing is changed. */
export const readProgrammeFile = machineEndpoint({
  name: 'programme/apps/file',
  permission: 'programme:read',
  body: exportBody,
  bodyLimit: FILE_BODY_LIMIT,
  run: async ({ ctx, params: { appId = '' }, body, account: accountId }) => ({
    body: { data: await exportProgramme(ctx, { appId, accountId }, body) },
  }),
});

/** What differs between a file and the programme of an app; nothing is changed. */
export const compareProgrammeFile = machineEndpoint({
  name: 'programme/apps/file/comparison',
  permission: 'programme:read',
  body: compareBody,
  bodyLimit: FILE_BODY_LIMIT,
  run: async ({ ctx, params: { appId = '' }, body, account: accountId }) => ({
    body: { data: await compareProgramme(ctx, { appId, accountId }, body) },
  }),
});
