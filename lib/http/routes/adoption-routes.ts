import { appAdoption, listStragglers } from '@/lib/services/adoption/adoption';
import { appCoverage } from '@/lib/services/adoption/coverage';
import { endpoint } from '../core/endpoint';

/** Who is on which build of an app. */
export const readAdoption = endpoint({
  name: 'programme/adoption',
  permission: 'testers:read',
  run: async ({ ctx, params, account: accountId }) => ({
    body: { data: await appAdoption(ctx, { appId: params.appId ?? '', accountId }) },
  }),
});

/** Who is not on the newest build they can have. */
export const readStragglers = endpoint({
  name: 'programme/adoption/stragglers',
  permission: 'testers:read',
  run: async ({ ctx, params, query: parameters, account: accountId }) => ({
    body: await listStragglers(ctx, { appId: params.appId ?? '', accountId, parameters }),
  }),
});

/** On which devices and systems an app is tested. */
export const readAdoptionDevices = endpoint({
  name: 'programme/adoption/devices',
  permission: 'testers:read',
  run: async ({ ctx, params, account: accountId }) => ({
    body: { data: await appCoverage(ctx, { appId: params.appId ?? '', accountId }) },
  }),
});
