import { z } from 'zod';
import { alertRuleBody } from '@/lib/services/alerting/body';
import { previewMine, previewRule } from '@/lib/services/alerting/preview';
import { addAlertRule, addUsualRules, changeAlertRule, removeAlertRule } from '@/lib/services/alerting/rules';
import { quietBody, saveQuietHours } from '@/lib/services/alerting/settings';
import { myAlerts, testOwnChannel } from '@/lib/services/alerting/view';
import { endpoint } from '../core/endpoint';

/** Everything about one's own alerts. */
export const readAlerts = endpoint({
  name: 'alerts',
  permission: 'alerts:own',
  run: async ({ ctx }) => ({ body: { data: await myAlerts(ctx) } }),
});

export const createAlert = endpoint({
  name: 'alerts',
  permission: 'alerts:own',
  body: alertRuleBody,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await addAlertRule(ctx, body) } }),
});

export const editAlert = endpoint({
  name: 'alerts',
  permission: 'alerts:own',
  body: alertRuleBody,
  run: async ({ ctx, params, body }) => ({
    body: { data: await changeAlertRule(ctx, params.id ?? '', body) },
  }),
});

export const deleteAlert = endpoint({
  name: 'alerts',
  permission: 'alerts:own',
  async run({ ctx, params }) {
    await removeAlertRule(ctx, params.id ?? '');
    return { status: 204 };
  },
});

/** Adds what most people want to be told of. */
export const createUsualAlerts = endpoint({
  name: 'alerts/usual',
  permission: 'alerts:own',
  body: z.strictObject({
    channels: z.array(z.enum(['bell', 'mail'])).min(1, 'Choose at least one channel.'),
  }),
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await addUsualRules(ctx, body) } }),
});

export const setQuietHours = endpoint({
  name: 'alerts/quiet',
  permission: 'alerts:own',
  body: quietBody,
  run: async ({ ctx, body }) => ({ body: { data: await saveQuietHours(ctx, body) } }),
});

/** What all one's alerts would have sent in the last 30 days. */
export const previewAlerts = endpoint({
  name: 'alerts/preview',
  permission: 'alerts:own',
  run: async ({ ctx }) => ({ body: { data: await previewMine(ctx) } }),
});

/** The same of one that is not kept yet. */
export const previewAlert = endpoint({
  name: 'alerts/preview',
  permission: 'alerts:own',
  body: alertRuleBody,
  run: async ({ ctx, body }) => ({ body: { data: await previewRule(ctx, body) } }),
});

/** Tries one's own bell or mailbox. */
export const tryOwnChannel = endpoint({
  name: 'alerts/test',
  permission: 'alerts:own',
  body: z.strictObject({ channel: z.enum(['bell', 'mail']) }),
  run: async ({ ctx, body }) => ({ body: { data: await testOwnChannel(ctx, body) } }),
});
