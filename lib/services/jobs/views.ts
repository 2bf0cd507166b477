import { maskEmails } from '@/lib/access/mask';
import { authorise, authoriseApp, may } from '@/lib/access/policy';
import { controlJob, isRetried, type JobAction, retargetJob } from '@/lib/jobs/control';
import { allItems, eachItem, type JobQuery, readItems, readJob, readJobs } from '@/lib/jobs/rows';
import type { ItemStatus, Job, JobItem, JobStatus } from '@/lib/jobs/types';
import { type JobView, jobViewer } from '@/lib/jobs/view';
import { isRecord } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { conflict, notFound } from '../errors';
import { type JobWords, jobTeller } from '../history/tell-job';
import { csvLine } from '../imports/csv/cells';
import { importPayload } from '../imports/import-testers';
import { testerPayload } from '../job-steps/tester-payload';
import { APPLY_PROGRAMME } from '../programme/apply';
import { afterStop, isFinal, type NextStep } from '../ship/after-stop';
import { awaitsApprovalBy } from '../ship/approval';
import { dealtWith } from '../ship/bell';
import { type GateView, gateView } from '../ship/gate-view';
import { refuseSecond } from '../ship/open-ship';
import { shipParams, shipStep } from '../ship/steps';
import { peopleJobs } from './registry';

// The words a request may use.
export { JOB_ACTIONS, type JobAction } from '@/lib/jobs/control';
export { ITEM_STATUSES, JOB_STATUSES } from '@/lib/jobs/types';

/** A job with its progress and in words. */
export interface ToldJobView extends JobView, JobWords {}

/** Jobs as people see them, newest first. */
export async function listJobs(ctx: Ctx, query: JobQuery): Promise<{ jobs: ToldJobView[]; total: number }> {
  authorise(ctx.actor, 'jobs:read');
  const { jobs, total } = await readJobs(ctx.db, query);
  return { jobs: jobs.map(await viewer(ctx, jobs)), total };
}

/** A step of a job that has some, and what became of it. It names no tester. */
interface StepView {
  readonly label: string;
  readonly status: ItemStatus;
  readonly code: string | null;
  readonly detail: string | null;
  /** What to Test that the step writes. */
  readonly text: string | null;
  readonly finishedAt: string | null;
}

export interface OneJobView extends ToldJobView {
  /** Of a job whose items are steps one after the other; null of others. */
  readonly steps: readonly StepView[] | null;
  /** Whether it waits for a second person, who may be whoever asks. */
  readonly canApprove: boolean;
  /** What comes after a ship that has stopped; null where nothing does, or going on is all there is. */
  readonly next: NextStep | null;
  /** What it waits for before a second stage; null where it does not. */
  readonly gate: GateView | null;
}

/** One job with its progress, and its steps where it has some. @throws RefusedError 404 */
export async function getJob(ctx: Ctx, id: string): Promise<OneJobView> {
  authorise(ctx.actor, 'jobs:read');
  const job = await jobOf(ctx, id);
  authoriseApp(ctx.actor, 'jobs:read', { accountId: job.accountId ?? '', appId: job.appId ?? '' });
  const view = (await viewer(ctx, [job]))(job);
  const canApprove = await awaitsApprovalBy(ctx, job);
  // People see those of a file as a list that they can narrow.
  const isTold = job.kind === 'ship' || (job.kind === APPLY_PROGRAMME && ctx.actor.kind !== 'user');
  const steps = isTold ? await stepsOf(ctx, job, canApprove) : null;
  const stop = steps?.find(({ status }) => status === 'failed')?.code ?? null;
  const isOver = job.status === 'failed' && stop !== null;
  const one = {
    ...view,
    steps,
    canApprove,
    actions: view.actions.filter((action) => action !== 'retry' || !isFinal(stop)),
    next: isOver ? await afterStop(ctx, job, stop) : null,
    gate: await gateView(ctx, job),
  };
  return may(ctx.actor, 'testers:identify') ? one : maskEmails(one);
}

async function stepsOf({ db }: Ctx, { id, params }: Job, isToApprove: boolean): Promise<StepView[]> {
  const planned = isToApprove ? (shipParams.safeParse(params).data?.plan ?? []) : [];
  return (await allItems(db, id)).map((item) => {
    const step = shipStep.safeParse(item.payload).data;
    const isOpen = item.status === 'pending';
    return {
      label: item.label ?? '',
      status: item.status,
      code: item.errorCode,
      detail: item.errorDetail ?? wordsIn(item.result) ?? (isOpen ? (planned[item.position] ?? null) : null),
      text: step?.step === 'note' ? step.whatsNew : null,
      finishedAt: iso(item.finishedAt),
    };
  });
}

/** What a step that is done has to say. */
function wordsIn(result: unknown): string | null {
  return isRecord(result) && typeof result.words === 'string' ? result.words : null;
}

const STANDS: Readonly<Record<JobStatus, string>> = {
  draft: 'was not started yet',
  queued: 'has not begun yet',
  running: 'is running',
  paused: 'is paused',
  done: 'is done',
  cancelled: 'was cancelled',
  failed: 'ended before its last step',
  parked: 'was stopped after it had failed again and again',
};
const DONE_TO: Readonly<Record<JobAction, string>> = {
  pause: 'paused',
  resume: 'resumed',
  cancel: 'cancelled',
  retry: 'tried again',
};

/** Pauses, resumes, cancels or retries. @throws RefusedError 404, or 409 when its status does not allow it */
export async function changeJob(ctx: Ctx, id: string, action: JobAction): Promise<OneJobView> {
  authorise(ctx.actor, 'jobs:run');
  const job = await jobOf(ctx, id);
  if (job.kind === 'ship' && action === 'retry') {
    await refuseFinal(ctx, id);
    const { accountId, appId } = job;
    await refuseSecond(ctx, { accountId, appId, buildId: shipParams.parse(job.params).buildId }, id);
  }
  const also = action === 'cancel' ? dealtWith(ctx, id) : [];
  if (!(await controlJob(ctx.db, id, action, ctx.clock.now(), also))) {
    const { status } = await jobOf(ctx, id);
    throw conflict(
      'FLIGHTDECK.JOB_STATUS',
      action === 'retry' && isRetried(status)
        ? 'There is nothing in this job that App Store Connect refused: what was invalid before it was sent would fail again.'
        : `This job ${STANDS[status]}: it cannot be ${DONE_TO[action]} now.`,
      {
        status,
      },
    );
  }
  return getJob(ctx, id);
}

/** What App Store Connect has decided for good is not asked a second time. @throws RefusedError 409 */
async function refuseFinal(ctx: Ctx, id: string): Promise<void> {
  const stop = (await readItems(ctx.db, id, { limit: 200 })).find(({ status }) => status === 'failed');
  if (stop && isFinal(stop.errorCode))
    throw conflict('FLIGHTDECK.FINAL', `There is no going on. ${stop.errorDetail ?? ''}`.trim());
}

/**
 * Goes on with another group in the place of the one that is gone.
 * @throws RefusedError 404, or 409 when the job is not held for a missing group or the other is of another app
 */
export async function changeJobGroup(ctx: Ctx, id: string, groupId: string): Promise<JobView> {
  authorise(ctx.actor, 'jobs:run');
  const job = await jobOf(ctx, id);
  const { hold, accountId, appId } = job;
  if (job.status !== 'paused' || hold?.kind !== 'gone' || hold.target?.type !== 'betaGroups') {
    throw conflict('FLIGHTDECK.JOB_STATUS', 'The job does not wait for another group.', {
      status: job.status,
    });
  }
  const [group] = await ctx.db.read(
    ctx.db.build
      .selectFrom('betaGroups')
      .select('id')
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .where('id', '=', groupId),
  );
  if (!group) throw conflict('FLIGHTDECK.GROUP', 'There is no such group in the app. Choose another one.');
  await retargetJob(ctx.db, id, { from: hold.target.id, to: groupId }, ctx.clock.now());
  return changeJob(ctx, id, 'resume');
}

export interface ItemView extends Omit<JobItem, 'sentAt' | 'reconciledAt' | 'finishedAt'> {
  readonly sentAt: string | null;
  readonly finishedAt: string | null;
  /** Whether the outcome was found by reading it back from Apple. */
  readonly isReconciled: boolean;
}

/** A page of a job's items in order. */
export async function listJobItems(
  ctx: Ctx,
  id: string,
  query: { readonly status: readonly ItemStatus[]; readonly after?: number; readonly limit: number },
): Promise<ItemView[]> {
  authorise(ctx.actor, 'jobs:read');
  authorise(ctx.actor, 'testers:identify');
  await jobOf(ctx, id);
  return (await readItems(ctx.db, id, query)).map(({ sentAt, reconciledAt, finishedAt, ...item }) => ({
    ...item,
    sentAt: iso(sentAt),
    finishedAt: iso(finishedAt),
    isReconciled: reconciledAt !== null,
  }));
}

const FAILED_HEADER = ['Line', 'First Name', 'Last Name', 'Email', 'Groups', 'Code', 'Reason'];

/** The rows that failed or had no effect, with code and words; the file can be imported again once they are mended. */
export async function* failedRowsCsv(ctx: Ctx, id: string): AsyncGenerator<string> {
  authorise(ctx.actor, 'jobs:read');
  authorise(ctx.actor, 'testers:identify');
  await jobOf(ctx, id);
  yield `\ufeff${csvLine(FAILED_HEADER)}`;
  for await (const item of eachItem(ctx.db, id, ['failed', 'done'])) {
    if (item.status === 'failed' || item.errorCode !== null) yield csvLine(failedRow(item));
  }
}

function failedRow(item: JobItem): (string | number | null)[] {
  const tail = [item.errorCode, item.errorDetail];
  const row = importPayload.safeParse(item.payload);
  if (row.success) {
    const { line, firstName, lastName, email, groups } = row.data;
    return [line, firstName, lastName, email, groups, ...tail];
  }
  const tester = testerPayload.safeParse(item.payload);
  if (!tester.success) return [item.position + 1, null, null, item.label, null, ...tail];
  const { firstName, lastName, email, groupIds } = tester.data;
  return [item.position + 1, firstName, lastName, email, groupIds.join(';'), ...tail];
}

async function jobOf(ctx: Ctx, id: string): Promise<Job> {
  const job = await readJob(ctx.db, id);
  if (!job || job.status === 'draft') throw notFound('There is no such job.');
  return job;
}

/** Reads what is to be shown of some jobs at once; the answer shows each of them. */
async function viewer(ctx: Ctx, jobs: readonly Job[]): Promise<(job: Job) => ToldJobView> {
  const view = await jobViewer(ctx.db, jobs, ctx.clock.now());
  const tell = await jobTeller(ctx, jobs);
  const isShown = may(ctx.actor, 'testers:identify');
  return (job) => {
    const shown = { ...view(job, peopleJobs.get(job.kind)?.requestsPerItem ?? 1), ...tell(job) };
    return isShown ? shown : maskEmails(shown);
  };
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
