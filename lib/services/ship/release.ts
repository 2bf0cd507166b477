import { authorise, authoriseApp } from '@/lib/access/policy';
import { wakeJobStatements } from '@/lib/jobs/outbox';
import { readItems, readJob } from '@/lib/jobs/rows';
import type { Job, JobItem } from '@/lib/jobs/types';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { conflict, notFound } from '../errors';
import { dealtWith } from './bell';
import { shipStep } from './steps';

/** Who has let the second stage of a job begin by hand; null while nobody has. The trail is what remembers it. */
export async function releasedBy({ db }: Pick<Ctx, 'db'>, jobId: string): Promise<string | null> {
  const [row] = await db.read(
    db.build
      .selectFrom('auditEntries')
      .select('actorEmail')
      .where('type', '=', 'jobs')
      .where('resourceId', '=', jobId)
      .where('action', '=', 'release')
      .where('status', '=', 'succeeded')
      .limit(1),
  );
  return row?.actorEmail ?? null;
}

/** The gate that a job stands before; null where it stands elsewhere, or is over. */
export async function gateOf({ db }: Pick<Ctx, 'db'>, job: Job): Promise<JobItem | null> {
  if (job.kind !== 'ship' || !['queued', 'running', 'paused'].includes(job.status)) return null;
  const [next] = await readItems(db, job.id, { status: ['pending', 'sending'], limit: 1 });
  return next && shipStep.parse(next.payload).step === 'gate' ? next : null;
}

/**
 * Lets the second stage of a job begin, whatever its figures say.
 * @throws RefusedError 404, or 409 when it does not wait for that
 */
export async function releaseJob(ctx: Ctx, id: string): Promise<void> {
  authorise(ctx.actor, 'jobs:run');
  authorise(ctx.actor, 'programme:write');
  const job = await readJob(ctx.db, id);
  if (!job || job.status === 'draft') throw notFound('There is no such job.');
  const { accountId, appId, title } = job;
  authoriseApp(ctx.actor, 'jobs:run', { accountId: accountId ?? '', appId: appId ?? '' });
  if ((await gateOf(ctx, job)) === null || (await releasedBy(ctx, id)) !== null)
    throw conflict('FLIGHTDECK.JOB_STATUS', 'The job does not wait before a second stage.', {
      status: job.status,
    });
  // What is paused would not begin, and nobody would know why.
  if (job.status === 'paused')
    throw conflict('FLIGHTDECK.JOB_STATUS', 'The job is paused: resume it, then release it.', {
      status: job.status,
    });
  const draft = { action: 'release', type: 'jobs', accountId, appId, resourceId: id, label: title };
  await audited(ctx, draft, async () => ({
    result: undefined,
    statements: [...wakeJobStatements(id, ctx.clock.now()), ...dealtWith(ctx, id)],
  }));
}
