import { getHealth, listLights } from '@/lib/services/health/health';
import { listSnoozed, snoozeBody, snoozeLight, wakeBody, wakeLight } from '@/lib/services/health/snoozes';
import { endpoint } from '../core/endpoint';

/** Every app with its figures, and what wants somebody. */
export const readHealth = endpoint({
  name: 'programme/health',
  permission: 'programme:read',
  run: async ({ ctx, account }) => ({ body: { data: await getHealth(ctx, account) } }),
});

/** The lights of an app (`app`), or of a kind and level, page by page. */
export const readLights = endpoint({
  name: 'programme/lights',
  permission: 'programme:read',
  run: async ({ ctx, query: parameters, account: accountId }) => ({
    body: await listLights(ctx, { parameters, accountId }),
  }),
});

/** What is snoozed, of an app (`app`) or of all. */
export const readSnoozed = endpoint({
  name: 'programme/snoozes',
  permission: 'programme:read',
  run: async ({ ctx, query, account: accountId }) => ({
    body: { data: await listSnoozed(ctx, { appId: query.get('app') ?? undefined, accountId }) },
  }),
});

export const snooze = endpoint({
  name: 'programme/snoozes',
  permission: 'lights:snooze',
  body: snoozeBody,
  run: async ({ ctx, body }) => ({ body: { meta: await snoozeLight(ctx, body) } }),
});

export const wake = endpoint({
  name: 'programme/snoozes',
  permission: 'lights:snooze',
  body: wakeBody,
  run: async ({ ctx, body }) => ({ body: { meta: await wakeLight(ctx, body) } }),
});
