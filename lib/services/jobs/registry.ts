import type { JobHandler, Registry } from '@/lib/jobs/types';
import { answerCompliance } from '../builds/answer-compliance';
import type { Ctx } from '../ctx';
import { expireBuilds } from '../expiry/expire-builds';
import { cloneGroup } from '../groups/clone-group';
import { inviteHandler } from '../imports/import-testers';
import { linkageHandlers } from '../job-steps/linkage';
import { deleteTesters, removeFromApp } from '../job-steps/remove-testers';
import { resendInvitations } from '../job-steps/resend-invitations';
import { saveNotes } from '../notes/save-notes';
import { applyProgramme } from '../programme/apply';
import { pruneTesters } from '../prune/prune-testers';
import { ship } from '../ship/ship';

const HANDLERS: readonly JobHandler<Ctx>[] = [
  inviteHandler('import-testers'),
  inviteHandler('restore-testers'),
  resendInvitations,
  ...linkageHandlers,
  removeFromApp,
  deleteTesters,
  pruneTesters,
  cloneGroup,
  saveNotes,
  answerCompliance,
  ship,
  expireBuilds,
  applyProgramme,
];

/** Every kind of job. */
export const peopleJobs: Registry<Ctx> = new Map(HANDLERS.map((handler) => [handler.kind, handler]));
