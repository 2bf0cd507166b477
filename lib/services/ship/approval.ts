import { z } from 'zod';
import { authorise, authoriseApp, may } from '@/lib/access/policy';
import { wakeJobStatements } from '@/lib/jobs/outbox';
import { readItems, readJob } from '@/lib/jobs/rows';
import type { Job } from '@/lib/jobs/types';
import { type AppFacts, appOf } from '../app-facts';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { conflict, notFound } from '../errors';
import { ableToGoOn, dealtWith } from './bell';
import { shipStep } from './steps';

/** Whether each ship of an app waits for a second person. */
export const approvalBody = z.strictObject({ isWanted: z.boolean() });

type Place = Pick<AppFacts, 'accountId' | 'appId'>;
const keyOf = ({ accountId, appId }: Place) => `shipApproval/${accountId}/${appId}`;

export async function wantsApproval({ db }: Pick<Ctx, 'db'>, place: Place): Promise<boolean> {
  const [row] = await db.read(
    db.build.selectFrom('settings').select('value').where('key', '=', keyOf(place)),
  );
  return row?.value === 'true';
}

/** Whether an app wants it, and whether there is anybody who could approve what this person begins. @throws RefusedError 404 */
export async function readApproval(
  ctx: Ctx,
  { appId, accountId }: { readonly appId: string; readonly accountId?: string | undefined },
): Promise<{ isWanted: boolean; hasSecond: boolean }> {
  authorise(ctx.actor, 'programme:read');
  const isWanted = await wantsApproval(ctx, await appOf(ctx, appId, accountId));
  const others = await ableToGoOn(ctx, ctx.actor.kind === 'user' ? ctx.actor.id : null);
  return { isWanted, hasSecond: others.length > 0 };
}

/** Says whether an app wants it; jobs that were begun before stay as they are. @throws RefusedError 404 */
export async function changeApproval(
  ctx: Ctx,
  { appId, accountId }: { readonly appId: string; readonly accountId?: string | undefined },
  { isWanted }: z.infer<typeof approvalBody>,
): Promise<{ isWanted: boolean }> {
  authorise(ctx.actor, 'settings:write');
  const app = await appOf(ctx, appId, accountId);
  const before = await wantsApproval(ctx, app);
  const draft = {
    ...{ action: 'update', type: 'shipApproval', accountId: app.accountId, appId, label: app.title },
    ...{ before: { isWanted: before }, requested: { isWanted } },
  };
  return audited(ctx, draft, async () => {
    const row = { value: String(isWanted), updatedAt: ctx.clock.now() };
    const kept = ctx.db.build
      .insertInto('settings')
      .values({ key: keyOf(app), ...row })
      .onConflict((on) => on.column('key').doUpdateSet(row));
    return { result: { isWanted }, after: { isWanted }, statements: [kept] };
  });
}

/** Whether somebody other than who began it has approved a job; the trail is what remembers it. */
export async function isApproved(
  { db }: Pick<Ctx, 'db'>,
  job: Pick<Job, 'id' | 'createdBy'>,
): Promise<boolean> {
  const [row] = await db.read(
    db.build
      .selectFrom('auditEntries')
      .select('id')
      .where('type', '=', 'jobs')
      .where('resourceId', '=', job.id)
      .where('action', '=', 'approve')
      .where('status', '=', 'succeeded')
      .where('actorId', 'is not', null)
      .where('actorId', 'is distinct from', job.createdBy)
      .limit(1),
  );
  return row !== undefined;
}

/** Whether a job waits for a second person, and whether that may be this one. */
export async function awaitsApprovalBy(ctx: Ctx, job: Job): Promise<boolean> {
  const { actor } = ctx;
  const isOpen = ['queued', 'running', 'paused'].includes(job.status);
  if (job.kind !== 'ship' || !isOpen || actor.kind !== 'user' || actor.id === job.createdBy) return false;
  if (!may(actor, 'jobs:run') || !may(actor, 'programme:write')) return false;
  return (await isAwaited(ctx, job)) && !(await isApproved(ctx, job));
}

async function isAwaited({ db }: Ctx, { id }: Job): Promise<boolean> {
  const [next] = await readItems(db, id, { status: ['pending', 'sending'], limit: 1 });
  return next !== undefined && shipStep.parse(next.payload).step === 'consent';
}

/**
 * Approves a job that waits for a second person. The one who began it may not.
 * @throws RefusedError 404, or 409 when it waits for nobody or for somebody else
 */
export async function approveJob(ctx: Ctx, id: string): Promise<void> {
  authorise(ctx.actor, 'jobs:run');
  authorise(ctx.actor, 'programme:write');
  const job = await readJob(ctx.db, id);
  if (!job || job.status === 'draft') throw notFound('There is no such job.');
  const { accountId, appId, title, createdBy } = job;
  authoriseApp(ctx.actor, 'jobs:run', { accountId: accountId ?? '', appId: appId ?? '' });
  if (ctx.actor.kind !== 'user' || ctx.actor.id === createdBy)
    throw conflict('FLIGHTDECK.SAME_PERSON', 'Somebody other than who began it has to approve it.');
  if (!(await awaitsApprovalBy(ctx, job)))
    throw conflict('FLIGHTDECK.JOB_STATUS', 'The job waits for nobody’s approval.', { status: job.status });
  const now = ctx.clock.now();
  const draft = { action: 'approve', type: 'jobs', accountId, appId, resourceId: id, label: title };
  await audited(ctx, draft, async () => ({
    result: undefined,
    statements: [...wakeJobStatements(id, now), ...dealtWith(ctx, id)],
  }));
}
