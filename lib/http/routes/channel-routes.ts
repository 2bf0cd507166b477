import { z } from 'zod';
import { retryChannel } from '@/lib/services/alerting/view';
import { listChannels } from '@/lib/services/channels/channels';
import {
  mailServerBody,
  removeMailServer,
  saveMailServer,
  testMailServer,
} from '@/lib/services/channels/mail-server';
import { endpoint } from '../core/endpoint';

/** The mail server, and which channels fail at present. */
export const readChannels = endpoint({
  name: 'channels',
  permission: 'settings:write',
  run: async ({ ctx }) => ({ body: { data: await listChannels(ctx) } }),
});

export const setMailServer = endpoint({
  name: 'channels/mail',
  permission: 'settings:write',
  body: mailServerBody,
  run: async ({ ctx, body }) => ({ body: { data: await saveMailServer(ctx, body) } }),
});

export const deleteMailServer = endpoint({
  name: 'channels/mail',
  permission: 'settings:write',
  async run({ ctx }) {
    await removeMailServer(ctx);
    return { status: 204 };
  },
});

/** Sends whoever asks a mail by the server as it stands in the form. */
export const tryMailServer = endpoint({
  name: 'channels/mail/test',
  permission: 'settings:write',
  body: mailServerBody,
  run: async ({ ctx, body }) => ({ body: { data: await testMailServer(ctx, body) } }),
});

/** Has what waits for a channel tried at once. */
export const retryWaiting = endpoint({
  name: 'channels/retry',
  permission: 'settings:write',
  body: z.strictObject({ channel: z.string().min(1).max(200) }),
  async run({ ctx, body }) {
    await retryChannel(ctx, body);
    return { status: 202 };
  },
});
