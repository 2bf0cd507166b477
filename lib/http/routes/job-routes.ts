import { z } from 'zod';
import type { Ctx } from '@/lib/services/ctx';
import { badParameter } from '@/lib/services/errors';
import { newJobBody, startJob } from '@/lib/services/jobs/start';
import {
  changeJob,
  changeJobGroup,
  failedRowsCsv,
  getJob,
  ITEM_STATUSES,
  JOB_ACTIONS,
  JOB_STATUSES,
  type JobAction,
  listJobItems,
  listJobs,
} from '@/lib/services/jobs/views';
import { approveJob } from '@/lib/services/ship/approval';
import { releaseJob } from '@/lib/services/ship/release';
import { endpoint, machineEndpoint } from '../core/endpoint';
import { textStream } from '../core/text-stream';
import { FILE_BODY_LIMIT } from './file-routes';

const MOST = 200;

/** Jobs, newest first. */
export const readJobs = endpoint({
  name: 'jobs',
  permission: 'jobs:read',
  run: async ({ ctx, query }) => ({ body: await jobsPage(ctx, query) }),
});

/** A page of jobs, newest first, as a query asks for it. */
export async function jobsPage(ctx: Ctx, query: URLSearchParams) {
  const limit = limitOf(query);
  const { jobs, total } = await listJobs(ctx, {
    accountId: query.get('account') ?? undefined,
    appId: query.get('app') ?? undefined,
    kind: query.get('kind') ?? undefined,
    status: words(query, 'status', JOB_STATUSES),
    limit: limit + 1,
    after: cursorOf(query.get('cursor')),
  });
  const data = jobs.slice(0, limit);
  const last = data.at(-1);
  const nextCursor = jobs.length > limit && last ? `${Date.parse(last.createdAt)}:${last.id}` : undefined;
  return { data, meta: meta(total, limit, nextCursor) };
}

/** Starts a job, or as a dry run says what it would do. */
export const addJob = machineEndpoint({
  name: 'jobs',
  permission: 'jobs:run',
  body: newJobBody,
  // One of them holds a file.
  bodyLimit: FILE_BODY_LIMIT,
  run: async ({ ctx, body, account }) => {
    const named = account === undefined ? body : { accountId: account, ...body };
    return { status: 201, body: { data: await startJob(ctx, named) } };
  },
});

/** One job with its progress. */
export const readJob = machineEndpoint({
  name: 'jobs/one',
  permission: 'jobs:read',
  run: async ({ ctx, params }) => ({ body: { data: await getJob(ctx, params.id ?? '') } }),
});

/** Pause, resume, cancel, retry; go on with another group; approve as the second person; or let a second stage begin. */
export const editJob = endpoint({
  name: 'jobs/one',
  permission: 'jobs:run',
  body: z.union([
    z.strictObject({ action: z.enum(JOB_ACTIONS) }),
    z.strictObject({ groupId: z.string().min(1) }),
    z.strictObject({ isApproved: z.literal(true) }),
    z.strictObject({ isReleased: z.literal(true) }),
  ]),
  run: async ({ ctx, params: { id = '' }, body }) => ({
    body: {
      data: await changed(ctx, id, body),
    },
  }),
});

function changed(
  ctx: Ctx,
  id: string,
  body: { action: JobAction } | { groupId: string } | { isApproved: true } | { isReleased: true },
): Promise<unknown> {
  if ('groupId' in body) return changeJobGroup(ctx, id, body.groupId);
  if ('isApproved' in body) return approveJob(ctx, id).then(() => getJob(ctx, id));
  if ('isReleased' in body) return releaseJob(ctx, id).then(() => getJob(ctx, id));
  return changeJob(ctx, id, body.action);
}

/** A job's items in order. */
export const readJobItems = endpoint({
  name: 'jobs/items',
  permission: 'jobs:read',
  async run({ ctx, params, query }) {
    const limit = limitOf(query);
    const cursor = query.get('cursor');
    const after = cursor ? Number(cursor) : -1;
    if (!/^\d{0,9}$/.test(cursor ?? '')) throw badParameter('cursor', 'This is no cursor of this list.');
    const id = params.id ?? '';
    const status = words(query, 'status', ITEM_STATUSES);
    const items = await listJobItems(ctx, id, { status, after, limit: limit + 1 });
    const { counts } = await getJob(ctx, id);
    const total =
      status.length === 0 ? counts.total : status.reduce((sum, one) => sum + countOf(counts, one), 0);
    const data = items.slice(0, limit);
    const nextCursor = items.length > limit ? String(data.at(-1)?.position ?? '') : undefined;
    return { body: { data, meta: meta(total, limit, nextCursor) } };
  },
});

/** The failed rows as a file that imports again. */
export const readFailedRows = endpoint({
  name: 'jobs/failed',
  permission: 'jobs:read',
  async run({ ctx, params }) {
    const id = params.id ?? '';
    return textStream(failedRowsCsv(ctx, id), {
      type: 'text/csv; charset=utf-8',
      fileName: `failed-rows-${id.slice(0, 8)}.csv`,
    });
  },
});

function countOf(counts: Readonly<Record<string, number>>, status: string): number {
  return counts[status === 'sending' ? 'pending' : status] ?? 0;
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw badParameter('limit', `The limit is a whole number from 1 to ${MOST}.`);
  }
  return limit;
}

function words<W extends string>(query: URLSearchParams, name: string, allowed: readonly W[]): W[] {
  const given = (query.get(name) ?? '').split(',').filter((word) => word !== '');
  const known = given.filter((word): word is W => (allowed as readonly string[]).includes(word));
  if (known.length !== given.length) throw badParameter(name, `Choose from ${allowed.join(', ')}.`);
  return known;
}

function cursorOf(cursor: string | null): { createdAt: number; id: string } | undefined {
  if (!cursor) return undefined;
  const [at = '', id = ''] = cursor.split(':', 2);
  if (!/^\d{1,15}$/.test(at) || id === '') throw badParameter('cursor', 'This is no cursor of this list.');
  return { createdAt: Number(at), id };
}

function meta(total: number, limit: number, nextCursor: string | undefined) {
  return { total, paging: { total, limit, ...(nextCursor === undefined ? {} : { nextCursor }) } };
}
