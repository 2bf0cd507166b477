import { may } from '@/lib/access/policy';
import type { Job } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import type { BulkKind } from '../testers/bulk-kinds';

/** The operations on many testers that another one takes back. */
export const INVERSE: Readonly<Record<string, BulkKind>> = {
  'add-to-group': 'remove-from-group',
  'remove-from-group': 'add-to-group',
  'add-build': 'remove-build',
  'remove-build': 'add-build',
};
export const IMPORT = 'import-testers';

/** Which of these jobs were taken back, by the jobs that did it. */
export async function undoneJobs(ctx: Pick<Ctx, 'db'>, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { build, dialect } = ctx.db;
  const rows = await ctx.db.read(
    build
      .selectFrom('jobs')
      .select(({ ref }) => ['id', dialect.jsonField(ref('params'), 'undoes').as('undone')])
      .where(({ ref }) => dialect.among(dialect.jsonField(ref('params'), 'undoes'), ids))
      .where('status', 'not in', ['draft', 'cancelled', 'failed']),
  );
  return new Map(rows.map(({ undone, id }) => [undone ?? '', id]));
}

/** Whether the kind of a job has an inverse and this person may start it; whether it was taken back is asked apart. */
export function isJobUndoable(
  ctx: Pick<Ctx, 'actor'>,
  job: Pick<Job, 'kind' | 'done' | 'finishedAt'>,
): boolean {
  return (
    (Object.hasOwn(INVERSE, job.kind) || job.kind === IMPORT) &&
    job.done > 0 &&
    job.finishedAt !== null &&
    may(ctx.actor, 'testers:write') &&
    may(ctx.actor, 'jobs:run')
  );
}
