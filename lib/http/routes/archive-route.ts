import { archiveStatus, rulesBody, setArchiveRules } from '@/lib/services/feedback/archive';
import { endpoint } from '../core/endpoint';

/** What the archive of pictures holds, and its rules. */
export const readArchive = endpoint({
  name: 'archive',
  permission: 'settings:read',
  run: async ({ ctx }) => ({ body: { data: await archiveStatus(ctx) } }),
});

export const changeArchive = endpoint({
  name: 'archive',
  permission: 'settings:write',
  body: rulesBody,
  run: async ({ ctx, body }) => ({ body: { data: await setArchiveRules(ctx, body) } }),
});
