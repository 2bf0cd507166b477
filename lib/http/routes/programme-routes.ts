import { expiryCalendar } from '@/lib/services/builds/expiry';
import { buildTimeline } from '@/lib/services/builds/timeline';
import { listUploads } from '@/lib/services/builds/uploads';
import { buildUse } from '@/lib/services/builds/usage';
import { expiryPreviewBody, previewExpiry as previewBuildsToExpire } from '@/lib/services/expiry/plan';
import { linkReport } from '@/lib/services/links/link-report';
import { approvalBody, changeApproval, readApproval } from '@/lib/services/ship/approval';
import { readReadiness } from '@/lib/services/ship/read-readiness';
import { endpoint } from '../core/endpoint';

/** How a public link fares, and every reason why it admits nobody. */
export const readLink = endpoint({
  name: 'programme/links',
  async run({ ctx, params, query, account: accountId }) {
    const days = query.get('days') ?? undefined;
    return { body: { data: await linkReport(ctx, params.groupId ?? '', { days, accountId }) } };
  },
});

/** What happened to a build, newest first. */
export const readBuildTimeline = endpoint({
  name: 'programme/builds/timeline',
  permission: 'programme:read',
  run: async ({ ctx, params, account: accountId }) => ({
    body: { data: await buildTimeline(ctx, { id: params.buildId ?? '', accountId }) },
  }),
});

/** How a build is used: what Apple says now, and our readings of the days before. */
export const readBuildUse = endpoint({
  name: 'programme/builds/use',
  permission: 'programme:read',
  run: async ({ ctx, params, account: accountId }) => ({
    body: { data: await buildUse(ctx, { id: params.buildId ?? '', accountId }) },
  }),
});

/** What a build needs on its way to external testers. */
export const readBuildReadiness = endpoint({
  name: 'programme/builds/readiness',
  permission: 'apple:read',
  run: async ({ ctx, params, account: accountId }) => ({
    body: { data: await readReadiness(ctx, { id: params.buildId ?? '', accountId }) },
  }),
});

/** Which builds end when, and until when testers have something to test. */
export const readExpiry = endpoint({
  name: 'programme/expiry',
  permission: 'programme:read',
  run: async ({ ctx, query: parameters, account: accountId }) => ({
    body: { data: await expiryCalendar(ctx, { parameters, accountId }) },
  }),
});

/** Whether each ship of an app waits for a second person. */
export const readShipApproval = endpoint({
  name: 'programme/apps/ship-approval',
  permission: 'programme:read',
  run: async ({ ctx, params: { appId = '' }, account: accountId }) => ({
    body: { data: await readApproval(ctx, { appId, accountId }) },
  }),
});

export const editShipApproval = endpoint({
  name: 'programme/apps/ship-approval',
  permission: 'settings:write',
  body: approvalBody,
  run: async ({ ctx, params: { appId = '' }, body, account: accountId }) => ({
    body: { data: await changeApproval(ctx, { appId, accountId }, body) },
  }),
});

/** Uploads that are in progress or failed, with what Apple says of them: of one app (`app`) or of all. */
export const readUploads = endpoint({
  name: 'programme/uploads',
  permission: 'programme:read',
  run: async ({ ctx, query, account: accountId }) => ({
    body: { data: await listUploads(ctx, { appId: query.get('app') ?? undefined, accountId }) },
  }),
});

/** Which builds a job would expire, and why; nothing is sent. */
export const previewExpiry = endpoint({
  name: 'programme/builds-to-expire',
  permission: 'programme:write',
  body: expiryPreviewBody,
  run: async ({ ctx, body, account }) => ({
    body: {
      data: await previewBuildsToExpire(ctx, account === undefined ? body : { accountId: account, ...body }),
    },
  }),
});
