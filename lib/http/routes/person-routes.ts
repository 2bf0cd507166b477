import { personBody } from '@/lib/services/person/address';
import { eraseBody, orderErasure, readErasure } from '@/lib/services/person/erase';
import { preparePersonExport, readPersonExport } from '@/lib/services/person/export';
import { whatIsKnown } from '@/lib/services/person/known';
import { byteStream } from '../core/byte-stream';
import { endpoint } from '../core/endpoint';

/** What is known of whoever has an address, which stands in the body, so that no log of a proxy holds it. */
export const lookUpPerson = endpoint({
  name: 'person',
  permission: 'persons:write',
  body: personBody,
  run: async ({ ctx, body }) => ({ body: { data: await whatIsKnown(ctx, body.address) } }),
});

/** Prepares the download of it. */
export const createPersonExport = endpoint({
  name: 'person/export',
  permission: 'persons:write',
  body: personBody,
  run: async ({ ctx, body }) => ({
    status: 201,
    body: { data: await preparePersonExport(ctx, body.address) },
  }),
});

/** The file of what was prepared. */
export const readPersonExportFile = endpoint({
  name: 'person/export',
  permission: 'persons:write',
  async run({ ctx, params }) {
    const { fileName, content } = await readPersonExport(ctx, params.id ?? '');
    return byteStream(content, { type: 'application/zip', fileName });
  },
});

/** Orders that it goes from here. */
export const erasePerson = endpoint({
  name: 'person/erasures',
  permission: 'persons:write',
  body: eraseBody,
  run: async ({ ctx, body }) => ({ status: 202, body: { data: await orderErasure(ctx, body) } }),
});

/** How far that is. */
export const readPersonErasure = endpoint({
  name: 'person/erasures',
  permission: 'persons:write',
  run: async ({ ctx, params }) => ({ body: { data: await readErasure(ctx, params.id ?? '') } }),
});
