import { EVENT_LIMIT, takeEvent } from '@/lib/services/webhooks/receive';
import { renewBody, renewWebhook } from '@/lib/services/webhooks/renew';
import { listWebhooks } from '@/lib/services/webhooks/view';
import { pingWebhook, registerBody, registerWebhooks, removeWebhook } from '@/lib/services/webhooks/webhooks';
import { bodyTooLarge } from '../core/body';
import { endpoint, receivingEndpoint } from '../core/endpoint';
import { readBytes } from '../core/read-bytes';

/** What App Store Connect sends of an app; kept before it is answered, followed later. */
export const receiveEvent = receivingEndpoint({
  name: 'webhooks/app-store-connect',
  async run({ app, request, params }) {
    const body = await readBytes(request, EVENT_LIMIT, bodyTooLarge);
    const signature = request.headers.get('x-apple-signature');
    await takeEvent(app, { path: params.path ?? '', signature, body });
    return { status: 202 };
  },
});

/** Every app, and how its events come. */
export const readWebhooks = endpoint({
  name: 'webhooks',
  permission: 'settings:read',
  run: async ({ ctx }) => ({ body: { data: await listWebhooks(ctx) } }),
});

/** Registers webhooks at App Store Connect, for one app or many; an outcome for each. */
export const addWebhooks = endpoint({
  name: 'webhooks',
  permission: 'settings:write',
  body: registerBody,
  run: async ({ ctx, body }) => ({ body: { data: await registerWebhooks(ctx, body) } }),
});

export const changeWebhook = endpoint({
  name: 'webhooks',
  permission: 'settings:write',
  body: renewBody,
  async run({ ctx, params, body }) {
    await renewWebhook(ctx, params.id ?? '', body);
    return { status: 204 };
  },
});

export const deleteWebhook = endpoint({
  name: 'webhooks',
  permission: 'settings:write',
  async run({ ctx, params }) {
    await removeWebhook(ctx, params.id ?? '');
    return { status: 204 };
  },
});

/** Has App Store Connect send a test. */
export const testWebhook = endpoint({
  name: 'webhooks/ping',
  permission: 'settings:write',
  async run({ ctx, params }) {
    await pingWebhook(ctx, params.id ?? '');
    return { status: 202 };
  },
});
