import { attributeRefusal, relationshipRefusal, stateRefusal } from '../checks/refusal';
import type { TypeRules } from '../engine/world';
import { checkPresent, checkUrl, withoutNulls } from './text';

const MAX_PER_APP = 10;

function check(attributes: Readonly<Record<string, unknown>>): void {
  if (attributes.name !== undefined) checkPresent('name', attributes.name);
  if (attributes.secret !== undefined) checkPresent('secret', attributes.secret);
  if (attributes.url !== undefined) checkUrl('url', attributes.url);
  const { eventTypes } = attributes;
  if (Array.isArray(eventTypes) && eventTypes.length === 0)
    throw attributeRefusal('eventTypes', 'INVALID', 'At least one event type is needed');
}

export const webhookRules: TypeRules = {
  create({ store }, { attributes, relationships }) {
    const app = store.get('apps', relationships.app?.[0] ?? '');
    if (app && store.relatedCount(app, 'webhooks') >= MAX_PER_APP)
      throw stateRefusal('ENTITY_STATE_INVALID', `An app can have at most ${MAX_PER_APP} webhooks`);
    check(attributes);
    return undefined;
  },
  update(_world, _webhook, changes) {
    const given = withoutNulls(changes);
    check(given);
    return given;
  },
};

export const deliveryRules: TypeRules = {
  create({ store, webhooks }, { relationships }) {
    const template = store.get('webhookDeliveries', relationships.template?.[0] ?? '');
    if (!template) throw relationshipRefusal('template', 'INVALID', 'There is no such delivery');
    if (template.attributes.deliveryState === 'PENDING')
      throw stateRefusal('ENTITY_STATE_INVALID', 'The delivery is still under way');
    return webhooks.redeliver(template);
  },
};

/** Test events leave a delivery behind, but no ping. */
export const pingRules: TypeRules = {
  create({ store, webhooks, ids }, { relationships }) {
    const webhook = store.get('webhooks', relationships.webhook?.[0] ?? '');
    if (!webhook) throw relationshipRefusal('webhook', 'INVALID', 'There is no such webhook');
    webhooks.ping(webhook);
    const id = ids.fresh('webhookPings', () => false);
    return { type: 'webhookPings', id, appId: webhook.appId, attributes: {}, relationships: {} };
  },
};
