import { may } from '@/lib/access/policy';
import { createJob, type NewItem } from '@/lib/jobs/create';
import { eachItem } from '@/lib/jobs/rows';
import type { Job } from '@/lib/jobs/types';
import { isRecord } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';
import { appOf, buildNames, groupsOf } from './app-facts';
import { titleOf } from './bulk';
import type { BulkKind } from './bulk-kinds';
import { type TesterPayload, testerPayload } from './handlers/tester-payload';
import { creatorOf } from './import/service';

/** The operations on many testers that another one takes back. */
const INVERSE: Readonly<Record<string, BulkKind>> = {
  'add-to-group': 'remove-from-group',
  'remove-from-group': 'add-to-group',
  'add-build': 'remove-build',
  'remove-build': 'add-build',
};

/** Which of these jobs were taken back, by the jobs that did it. */
export function undoneJobs(ctx: Pick<Ctx, 'db'>, ids: readonly string[]): Map<string, string> {
  const rows = ctx.db.query<{ undone: string; id: string }>(
    `SELECT json_extract(params, '$.undoes') AS undone, id FROM jobs
     WHERE json_extract(params, '$.undoes') IN (SELECT value FROM json_each(?))
       AND status NOT IN ('draft', 'cancelled', 'failed')`,
    [JSON.stringify(ids)],
  );
  return new Map(rows.map(({ undone, id }) => [undone, id]));
}

/** Whether the kind of a job has an inverse and this person may start it; whether it was taken back is asked apart. */
export function isJobUndoable(
  ctx: Pick<Ctx, 'actor'>,
  job: Pick<Job, 'kind' | 'done' | 'finishedAt'>,
): boolean {
  return (
    Object.hasOwn(INVERSE, job.kind) &&
    job.done > 0 &&
    job.finishedAt !== null &&
    may(ctx.actor, 'testers:write') &&
    may(ctx.actor, 'jobs:run')
  );
}

/**
 * Queues the opposite of a job for those whom it changed, and for nobody who was so before. Gives the new job's id.
 * @throws RefusedError 409 FLIGHTDECK.NOT_UNDOABLE with the reason
 */
export async function undoJob(ctx: Ctx, job: Job): Promise<string> {
  const kind = INVERSE[job.kind];
  const refuse = (reason: string) => conflict('FLIGHTDECK.NOT_UNDOABLE', reason);
  if (kind === undefined || job.appId === null) throw refuse('There is no way back from this job.');
  if (job.finishedAt === null) throw refuse('The job is not over yet. Cancel it first.');
  if (undoneJobs(ctx, [job.id]).size > 0) throw refuse('This job was taken back already.');
  if (!isJobUndoable(ctx, job)) throw refuse('The job changed nothing that you could take back.');
  const app = appOf(ctx, job.appId, job.accountId ?? undefined);
  const { groupId, buildId } = targetOf(job);
  const name =
    groupId === undefined
      ? buildNames(ctx, app, [buildId ?? '']).get(buildId ?? '')
      : groupsOf(ctx, app).find(({ id }) => id === groupId)?.name;
  if (name === undefined) throw refuse(`The ${groupId === undefined ? 'build' : 'group'} is gone.`);
  const items = [...changedBy(ctx, job)];
  if (items.length === 0) throw refuse('Everybody was so before the job: there is nothing to take back.');
  return createJob(
    ctx.db,
    {
      kind,
      title: titleOf(kind, items.length, name),
      accountId: app.accountId,
      appId: app.appId,
      params: { ...(groupId === undefined ? { buildId } : { groupId }), undoes: job.id },
      ...creatorOf(ctx),
      items,
    },
    ctx.clock.now(),
  );
}

function targetOf({ params }: Job): { groupId?: string; buildId?: string } {
  if (!isRecord(params)) return {};
  if (typeof params.groupId === 'string') return { groupId: params.groupId };
  return typeof params.buildId === 'string' ? { buildId: params.buildId } : {};
}

function* changedBy(ctx: Ctx, job: Job): Generator<NewItem> {
  for (const item of eachItem(ctx.db, job.id, ['done'])) {
    const parsed = testerPayload.safeParse(item.payload);
    if (!parsed.success || wasSoBefore(job, parsed.data)) continue;
    yield { payload: afterwards(job, parsed.data), label: item.label };
  }
}

/** The person with what the job gave or took. */
function afterwards(job: Job, tester: TesterPayload): TesterPayload {
  const { groupId, buildId } = targetOf(job);
  const changed = (ids: readonly string[], id: string | undefined) =>
    id === undefined
      ? [...ids]
      : job.kind.startsWith('add-')
        ? [...ids, id]
        : ids.filter((one) => one !== id);
  return {
    ...tester,
    groupIds: changed(tester.groupIds, groupId),
    buildIds: changed(tester.buildIds, groupId === undefined ? buildId : undefined),
  };
}

/** Apple says nothing when somebody is added who is in already: what was so before is not to be taken away. */
function wasSoBefore(job: Job, tester: TesterPayload): boolean {
  const { groupId, buildId } = targetOf(job);
  const wasIn =
    groupId === undefined ? tester.buildIds.includes(buildId ?? '') : tester.groupIds.includes(groupId);
  return wasIn === job.kind.startsWith('add-');
}
