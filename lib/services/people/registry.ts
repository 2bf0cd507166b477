import type { JobHandler, Registry } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { cloneGroup } from './handlers/clone-group';
import { inviteHandler } from './handlers/import-testers';
import { linkageHandlers } from './handlers/linkage';
import { pruneTesters } from './handlers/prune-testers';
import { deleteTesters, removeFromApp } from './handlers/remove-testers';
import { resendInvitations } from './handlers/resend-invitations';

const HANDLERS: readonly JobHandler<Ctx>[] = [
  inviteHandler('import-testers'),
  inviteHandler('restore-testers'),
  resendInvitations,
  ...linkageHandlers,
  removeFromApp,
  deleteTesters,
  pruneTesters,
  cloneGroup,
];

/** Every kind of job that concerns people and groups. */
export const peopleJobs: Registry<Ctx> = new Map(HANDLERS.map((handler) => [handler.kind, handler]));
