import { firstOfJob } from '@/lib/audit/list';
import { appHref, appWords } from '@/lib/format/app-address';
import { isolated } from '@/lib/format/isolated';
import { readItems } from '@/lib/jobs/rows';
import type { Job } from '@/lib/jobs/types';
import { appNames } from '@/lib/mirror/query';
import { isRecord } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { isJobUndoable, undoneJobs } from '../jobs/undo-job';
import { jobRest, jobSentence } from './job-sentence';
import { namesOf } from './names';
import type { Part } from './parts';

/** A job in words, for Activity, the jobs and their toasts alike. */
export interface JobWords {
  /** What follows who began it: “added 177 testers to ”, Hackathon. */
  readonly sentence: readonly Part[];
  /** What became of the others: “6 were in already”. */
  readonly rest: string;
  /** Where what it made is seen; null while there is nothing to see. */
  readonly made: { readonly label: string; readonly href: string } | null;
  /** Where the pages of its app are. */
  readonly home: string | null;
  /** The job that took it back, if any. */
  readonly undoneBy: string | null;
  readonly canUndo: boolean;
  /** Whether that takes so much away that it is asked first. */
  readonly undoAsks: boolean;
}

/** Tells a job by the names kept when it ran, or as things are called now for what has not run yet. */
export async function tellJob(ctx: Ctx, job: Job, known?: ReadonlyMap<string, string>): Promise<JobWords> {
  const undone = known ?? (await undoneJobs(ctx, [job.id]));
  const first = await firstOfJob(ctx.db, job.id);
  const now = await namesOf(ctx.db, {
    accountId: job.accountId,
    type: 'jobs',
    resourceId: null,
    requested: job.params,
  });
  const app = await appToldOf(ctx, job.appId, job.accountId);
  const undoneBy = undone.get(job.id) ?? null;
  const [only] = job.total === 1 || job.done === 1 ? await readItems(ctx.db, job.id, onlyOf(job)) : [];
  return {
    sentence: jobSentence({
      job,
      names: { ...now, ...first?.names },
      only: only?.label ?? null,
      ...app,
    }),
    rest: jobRest(job),
    home: job.appId === null ? null : app.home,
    made: await madeBy(ctx, job, app.home),
    undoneBy,
    canUndo: undoneBy === null && isJobUndoable(ctx, job),
    undoAsks: job.kind === 'import-testers',
  };
}

/** What the app of a change is called, with the account where two have it, and where its pages are. */
export async function appToldOf(
  { db }: Pick<Ctx, 'db'>,
  appId: string | null,
  accountId: string | null,
): Promise<{ appName: string | null; home: string }> {
  const app = appId === null ? null : await appNames(db, appId, accountId);
  return {
    appName: app?.name ? appWords(app.name, app.accountName && isolated(app.accountName)) : null,
    home: appHref(appId ?? '', app?.accountName ? app.accountId : null),
  };
}

function onlyOf(job: Job): Parameters<typeof readItems>[2] {
  return job.done === 1 ? { status: ['done'], limit: 1 } : { limit: 1 };
}

async function madeBy(ctx: Ctx, job: Job, base: string): Promise<JobWords['made']> {
  const { appId, kind } = job;
  if (appId === null || job.finishedAt === null || job.done === 0) return null;
  const params = isRecord(job.params) ? job.params : {};
  if (kind === 'clone-group') {
    const [first] = await readItems(ctx.db, job.id, { status: ['done'], limit: 1 });
    const groupId = isRecord(first?.result) ? first.result.groupId : null;
    return typeof groupId === 'string' ? group(base, groupId, '') : null;
  }
  if (typeof params.buildId === 'string') {
    return { label: 'See the build', href: `${base}/builds/${encodeURIComponent(params.buildId)}` };
  }
  const groupIds = [params.groupId ?? params.groupIds]
    .flat()
    .filter((id): id is string => typeof id === 'string');
  const [first] = groupIds;
  if (first !== undefined && groupIds.length === 1) return group(base, first, '?tab=testers');
  const query = groupIds.length > 0 ? `?betaGroups=${groupIds.map(encodeURIComponent).join(',')}` : '';
  return { label: 'See the testers', href: `${base}/testers${query}` };
}

function group(base: string, id: string, query: string) {
  return { label: 'See the group', href: `${base}/groups/${encodeURIComponent(id)}${query}` };
}
