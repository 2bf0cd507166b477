import {
  addShipTemplate,
  changeShipTemplate,
  listShipTemplates,
  removeShipTemplate,
  shipTemplateBody,
} from '@/lib/services/ship/templates';
import { type EndpointCall, endpoint } from '../core/endpoint';

const placeOf = ({ query, account }: Pick<EndpointCall, 'query' | 'account'>) => ({
  appId: query.get('app') ?? '',
  accountId: account,
});

/** The templates of ships of an app, and its last ship but those of the build that is named. */
export const readShipTemplates = endpoint({
  name: 'ship-templates',
  permission: 'programme:read',
  run: async (call) => ({
    body: { data: await listShipTemplates(call.ctx, placeOf(call), call.query.get('build')) },
  }),
});

export const createShipTemplate = endpoint({
  name: 'ship-templates',
  permission: 'programme:write',
  body: shipTemplateBody,
  run: async (call) => ({
    status: 201,
    body: { data: await addShipTemplate(call.ctx, placeOf(call), call.body) },
  }),
});

export const editShipTemplate = endpoint({
  name: 'ship-templates',
  permission: 'programme:write',
  body: shipTemplateBody,
  run: async ({ ctx, params, body }) => ({
    body: { data: await changeShipTemplate(ctx, params.id ?? '', body) },
  }),
});

/** Its answer names the entry of the trail, by which it is brought back. */
export const deleteShipTemplate = endpoint({
  name: 'ship-templates',
  permission: 'programme:write',
  run: async ({ ctx, params }) => ({ body: { data: await removeShipTemplate(ctx, params.id ?? '') } }),
});
