import { cloneBody, previewDeletion, startClone } from '@/lib/services/groups/groups';
import { endpoint } from '../core/endpoint';

/** What deleting a group takes away. */
export const readDeletion = endpoint({
  name: 'people/groups/deletion',
  permission: 'programme:read',
  run: async ({ ctx, params, account }) => ({
    body: { data: await previewDeletion(ctx, params.groupId ?? '', account) },
  }),
});

/** Makes a group like another. */
export const addClone = endpoint({
  name: 'people/groups/clone',
  permission: 'jobs:run',
  body: cloneBody,
  run: async ({ ctx, params, body, account }) => ({
    status: 201,
    body: { data: await startClone(ctx, params.groupId ?? '', body, account) },
  }),
});
