import { getHealth, listLights } from '@/lib/services/health/health';
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
