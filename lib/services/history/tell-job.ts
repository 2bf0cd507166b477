import { firstOfJobs } from '@/lib/audit/list';
import { appHref, appWords } from '@/lib/format/app-address';
import { isolated } from '@/lib/format/isolated';
import { firstItems } from '@/lib/jobs/rows';
import type { Job, JobItem } from '@/lib/jobs/types';
import { type AppNamesOf, namesOfApps } from '@/lib/mirror/query';
import { isRecord } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { isJobUndoable, undoneJobs } from '../jobs/undoable';
import { jobRest, jobSentence } from './job-sentence';
import { namesOfMany } from './names';
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

/**
 * Reads what is to be said of some jobs at once: by the names kept when they ran, or as things are called now for what
 * has not run yet. The answer tells each of them.
 */
export async function jobTeller(ctx: Ctx, jobs: readonly Job[]): Promise<(job: Job) => JobWords> {
  const ids = (which: (job: Job) => boolean) => jobs.filter(which).map(({ id }) => id);
  const undone = await undoneJobs(
    ctx,
    ids(() => true),
  );
  const first = await firstOfJobs(
    ctx.db,
    ids(() => true),
  );
  const now = await namesOfMany(
    ctx.db,
    jobs.map(({ accountId, params }) => ({ accountId, type: 'jobs', resourceId: null, requested: params })),
  );
  const namesOf = await namesOfApps(
    ctx.db,
    jobs.map(({ appId }) => appId),
  );
  const done = await firstItems(
    ctx.db,
    ids((job) => job.done === 1 || job.kind === 'clone-group'),
    'done',
  );
  const single = await firstItems(
    ctx.db,
    ids((job) => job.total === 1 && job.done !== 1),
  );
  return (job) => {
    const app = appTold(namesOf, job.appId, job.accountId);
    const undoneBy = undone.get(job.id) ?? null;
    const only = (job.done === 1 ? done : single).get(job.id);
    return {
      sentence: jobSentence({
        job,
        names: { ...now[jobs.indexOf(job)], ...first.get(job.id)?.names },
        only: only?.label ?? null,
        ...app,
      }),
      rest: jobRest(job),
      home: job.appId === null ? null : app.home,
      made: madeBy(job, app.home, done.get(job.id)),
      undoneBy,
      canUndo: undoneBy === null && isJobUndoable(ctx, job),
      undoAsks: job.kind === 'import-testers',
    };
  };
}

/** What the app of a change is called, with the account where two have it, and where its pages are. */
export function appTold(
  namesOf: AppNamesOf,
  appId: string | null,
  accountId: string | null,
): { appName: string | null; home: string } {
  const app = appId === null ? null : namesOf(appId, accountId);
  return {
    appName: app?.name ? appWords(app.name, app.accountName && isolated(app.accountName)) : null,
    home: appHref(appId ?? '', app?.accountName ? app.accountId : null),
  };
}

function madeBy(job: Job, base: string, firstDone: JobItem | undefined): JobWords['made'] {
  const { appId, kind } = job;
  if (appId === null || job.finishedAt === null || job.done === 0) return null;
  const params = isRecord(job.params) ? job.params : {};
  if (kind === 'clone-group') {
    const groupId = isRecord(firstDone?.result) ? firstDone.result.groupId : null;
    return typeof groupId === 'string' ? group(base, groupId, '') : null;
  }
  if (typeof params.buildId === 'string') {
    return { label: 'See the build', href: `${base}/builds/${encodeURIComponent(params.buildId)}` };
  }
  if (kind === 'expire-builds') return { label: 'See the builds', href: `${base}/builds?expired=true` };
  if (kind === 'apply-programme') return { label: 'See the groups', href: `${base}/groups` };
  if (kind === 'save-notes' || kind === 'answer-compliance')
    return { label: 'See the builds', href: `${base}/builds` };
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
