import { summariseSelection, summaryBody } from '@/lib/services/people/bulk-summary';
import { capacityOf } from '@/lib/services/people/capacity';
import { changeRecords, recordsBody } from '@/lib/services/people/records';
import { testerPage, testerUsages } from '@/lib/services/people/tester-page';
import { endpoint } from './endpoint';

/** What a selection holds. */
export const readSelection = endpoint({
  name: 'people/bulk/summary',
  permission: 'testers:write',
  body: summaryBody,
  run: ({ ctx, body }) => ({ body: { data: summariseSelection(ctx, body) } }),
});

/** How much of Apple's limit an app has used. */
export const readCapacity = endpoint({
  name: 'people/capacity',
  permission: 'testers:read',
  run: ({ ctx, params }) => ({ body: { data: capacityOf(ctx, params.appId ?? '') } }),
});

/** Tags, notes and protection. */
export const editRecords = endpoint({
  name: 'people/records',
  permission: 'testers:write',
  body: recordsBody,
  run: async ({ ctx, body }) => ({ body: { data: await changeRecords(ctx, body) } }),
});

/** What Flightdeck knows of a tester beside Apple's resource. */
export const readTesterPage = endpoint({
  name: 'people/tester',
  permission: 'testers:read',
  run: ({ ctx, params }) => ({
    body: { data: testerPage(ctx, { appId: params.appId ?? '', testerId: params.testerId ?? '' }) },
  }),
});

/** What a tester did over Apple's windows. */
export const readTesterUsages = endpoint({
  name: 'people/tester/usage',
  permission: 'apple:read',
  run: async ({ ctx, params }) => ({
    body: { data: await testerUsages(ctx, { appId: params.appId ?? '', testerId: params.testerId ?? '' }) },
  }),
});
