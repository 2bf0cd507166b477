import {
  addConnector,
  changeConnector,
  connectorBody,
  connectorPreviewBody,
  connectorTestBody,
  listConnectors,
  previewTemplate,
  removeConnector,
  testConnector,
} from '@/lib/services/connectors/connectors';
import {
  decideHandover,
  handOver,
  handoverBody,
  handoverDecisionBody,
  handoverPreviewBody,
  listHandovers,
  previewHandover,
} from '@/lib/services/connectors/handovers';
import { badParameter } from '@/lib/services/errors';
import { endpoint } from '../core/endpoint';

export const readConnectors = endpoint({
  name: 'connectors',
  permission: 'settings:write',
  run: async ({ ctx }) => ({ body: { data: await listConnectors(ctx) } }),
});

export const createConnector = endpoint({
  name: 'connectors',
  permission: 'settings:write',
  body: connectorBody,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await addConnector(ctx, body) } }),
});

export const editConnector = endpoint({
  name: 'connectors',
  permission: 'settings:write',
  body: connectorBody,
  run: async ({ ctx, params, body }) => ({
    body: { data: await changeConnector(ctx, params.id ?? '', body) },
  }),
});

export const deleteConnector = endpoint({
  name: 'connectors',
  permission: 'settings:write',
  async run({ ctx, params }) {
    await removeConnector(ctx, params.id ?? '');
    return { status: 204 };
  },
});

/** Tries a connector as it stands in the form. */
export const tryConnector = endpoint({
  name: 'connectors/test',
  permission: 'settings:write',
  body: connectorTestBody,
  run: async ({ ctx, body }) => ({ body: { data: await testConnector(ctx, body) } }),
});

/** What a template says of the newest report. */
export const showTemplate = endpoint({
  name: 'connectors/preview',
  permission: 'settings:write',
  body: connectorPreviewBody,
  run: async ({ ctx, body }) => ({ body: { data: await previewTemplate(ctx, body) } }),
});

/** What was handed over of a report or issue, and where it can be: `kind`, `id`. */
export const readHandovers = endpoint({
  name: 'hand-over',
  permission: 'feedback:read',
  async run({ ctx, query, account }) {
    const kind = query.get('kind');
    if (kind !== 'report' && kind !== 'issue') throw badParameter('kind', 'Choose report or issue.');
    return {
      body: { data: await listHandovers(ctx, { kind, id: query.get('id') ?? '', accountId: account }) },
    };
  },
});

export const showHandover = endpoint({
  name: 'hand-over/preview',
  permission: 'feedback:write',
  body: handoverPreviewBody,
  run: async ({ ctx, body }) => ({ body: { data: await previewHandover(ctx, body) } }),
});

export const createHandover = endpoint({
  name: 'hand-over',
  permission: 'feedback:write',
  body: handoverBody,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await handOver(ctx, body) } }),
});

/** What a person decides about what may have been sent. */
export const settleHandover = endpoint({
  name: 'hand-over/decision',
  permission: 'feedback:write',
  body: handoverDecisionBody,
  run: async ({ ctx, params, body }) => ({
    body: { data: await decideHandover(ctx, params.id ?? '', body) },
  }),
});
