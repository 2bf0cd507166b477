import { capacityOf } from '@/lib/services/groups/capacity';
import { summariseSelection, summaryBody } from '@/lib/services/testers/bulk-summary';
import { changeRecords, recordsBody } from '@/lib/services/testers/records';
import { testerPage, testerUsages } from '@/lib/services/testers/tester-page';
import { type EndpointCall, endpoint, placed } from '../core/endpoint';

/** What a selection holds. */
export const readSelection = endpoint({
  name: 'people/bulk/summary',
  permission: 'testers:write',
  body: summaryBody,
  run: async ({ ctx, body, account }) => ({
    body: { data: await summariseSelection(ctx, placed(body, account)) },
  }),
});

/** How much of Apple's limit an app has used. */
export const readCapacity = endpoint({
  name: 'people/capacity',
  permission: 'testers:read',
  run: async ({ ctx, params, account }) => ({
    body: { data: await capacityOf(ctx, params.appId ?? '', account) },
  }),
});

/** Tags, notes and protection. */
export const editRecords = endpoint({
  name: 'people/records',
  permission: 'testers:write',
  body: recordsBody,
  run: async ({ ctx, body, account }) => ({
    body: { data: await changeRecords(ctx, placed(body, account)) },
  }),
});

/** What Flightdeck knows of a tester beside Apple's resource. */
export const readTesterPage = endpoint({
  name: 'people/tester',
  permission: 'testers:read',
  run: async ({ ctx, ...call }) => ({ body: { data: await testerPage(ctx, testerIn(call)) } }),
});

/** What a tester did over Apple's windows. */
export const readTesterUsages = endpoint({
  name: 'people/tester/usage',
  permission: 'apple:read',
  run: async ({ ctx, ...call }) => ({ body: { data: await testerUsages(ctx, testerIn(call)) } }),
});

function testerIn({ params, account }: Pick<EndpointCall, 'params' | 'account'>) {
  return { appId: params.appId ?? '', testerId: params.testerId ?? '', accountId: account };
}
