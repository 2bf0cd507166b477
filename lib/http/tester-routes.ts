import { capacityOf } from '@/lib/services/people/capacity';
import { testerFacets } from '@/lib/services/people/facets';
import { changeRecords, recordsBody } from '@/lib/services/people/records';
import { testerPage, testerUsages } from '@/lib/services/people/tester-page';
import { endpoint } from './endpoint';

/** What testers can be filtered by. */
export const readFacets = endpoint({
  name: 'people/facets',
  permission: 'testers:read',
  run: ({ ctx, query }) => ({ body: { data: testerFacets(ctx, query.get('app') ?? undefined) } }),
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
