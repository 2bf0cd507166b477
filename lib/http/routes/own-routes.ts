import { checkTrail, getActivity, listActivity, previewUndoOf, undoActivity } from '@/lib/services/activity';
import { archiveStatus } from '@/lib/services/feedback/archive';
import { freshness, viewOf } from '@/lib/services/freshness';
import { lookAgain, lookBody } from '@/lib/services/look-again';
import { getOverview } from '@/lib/services/overview';
import { readiness } from '@/lib/services/readiness';
import { searchEverything } from '@/lib/services/search';
import { requestSync, syncBody, syncState } from '@/lib/services/sync';
import { endpoint, placed, publicEndpoint } from '../core/endpoint';
import { metricsOf } from '../core/metrics';
import { actorOfRequest } from '../core/session';

export const readOverview = endpoint({
  name: 'overview',
  run: async ({ ctx, account }) => ({ body: { data: await getOverview(ctx, account) } }),
});

export const readSync = endpoint({
  name: 'sync',
  run: async ({ ctx }) => ({ body: { data: await syncState(ctx) } }),
});

export const askForSync = endpoint({
  name: 'sync',
  permission: 'sync:run',
  body: syncBody,
  run: async ({ ctx, body, account }) => ({
    status: 202,
    body: { data: await requestSync(ctx, placed(body, account)) },
  }),
});

/** How old is what a view shows. */
export const readFreshness = endpoint({
  name: 'freshness',
  permission: 'programme:read',
  run: async ({ ctx, query, account }) => ({
    body: { data: await freshness(ctx, inAccount(viewOf(query), account)) },
  }),
});

/** Reads one thing again that somebody has opened. */
export const lookAtOne = endpoint({
  name: 'freshness',
  permission: 'programme:read',
  body: lookBody,
  run: async ({ ctx, body, account }) => ({ body: { data: await lookAgain(ctx, inAccount(body, account)) } }),
});

export const readActivity = endpoint({
  name: 'activity',
  run: async ({ ctx, query }) => ({ body: await listActivity(ctx, query) }),
});

export const readActivityEntry = endpoint({
  name: 'activity/id',
  run: async ({ ctx, params }) => ({ body: { data: await getActivity(ctx, params.id ?? '') } }),
});

/** What taking a job back would do. */
export const previewUndo = endpoint({
  name: 'activity/undo',
  run: async ({ ctx, params }) => ({ body: { data: await previewUndoOf(ctx, params.id ?? '') } }),
});

export const undoChange = endpoint({
  name: 'activity/undo',
  async run({ ctx, params }) {
    const undone = await undoActivity(ctx, params.id ?? '');
    if ('jobId' in undone) return { status: 201, body: { data: undone } };
    const { document, auditId } = undone;
    return { body: { ...(document ? { data: document } : {}), meta: { auditId } } };
  },
});

/** Whether the audit trail's hashes fit. */
export const verifyTrail = endpoint({
  name: 'activity/verify',
  run: async ({ ctx }) => ({ body: { data: await checkTrail(ctx) } }),
});

export const search = endpoint({
  name: 'search',
  run: async ({ ctx, query }) => ({ body: { data: await searchEverything(ctx, query.get('q') ?? '') } }),
});

/** Whether the process can do its work; what is wrong is told to those who are signed in. */
export const ready = publicEndpoint({
  name: 'health/ready',
  async run({ app, request }) {
    const { status, checks } = await readiness(app);
    const actor = await actorOfRequest(app, request);
    const isKnown = actor !== null && !actor.mustChangePassword;
    return { status: status === 'ready' ? 200 : 503, body: isKnown ? { status, checks } : { status } };
  },
});

/** The counters of this process for Prometheus. */
export const metrics = endpoint({
  name: 'metrics',
  permission: 'team:write',
  async run({ ctx }) {
    const { registry, archiveBytes, archivePictures } = metricsOf(ctx.db);
    const { bytes, pictures } = await archiveStatus(ctx);
    archiveBytes.set(bytes);
    for (const [state, count] of Object.entries(pictures)) archivePictures.set({ state }, count);
    return new Response(await registry.metrics(), { headers: { 'Content-Type': registry.contentType } });
  },
});

/** A view of the account its request names, unless the view itself names one. */
function inAccount<View extends { readonly account?: string | undefined }>(
  view: View,
  account: string | undefined,
): View {
  return { ...view, account: view.account ?? account };
}
