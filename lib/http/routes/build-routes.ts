import { MOST_DOCUMENT, sendDocument } from '@/lib/services/builds/declaration-document';
import { RefusedError } from '@/lib/services/errors';
import { endpoint } from '../core/endpoint';
import { readBytes } from '../core/read-bytes';

const tooLarge = (limit: number) =>
  new RefusedError({
    status: 413,
    code: 'FLIGHTDECK.FILE.TOO_LARGE',
    title: 'The document is too large',
    detail: `A document may have at most ${Math.floor(limit / 1024 / 1024)} MB. Make it smaller, or send it in App Store Connect.`,
  });

/** Sends the document of an encryption declaration: the body is the file itself, `name` what it is called. */
export const putDeclarationDocument = endpoint({
  name: 'encryption-declarations/document',
  permission: 'programme:write',
  async run({ ctx, request, params, query, account }) {
    const bytes = await readBytes(request, MOST_DOCUMENT, tooLarge);
    const name = (query.get('name') ?? '').trim().slice(0, 255) || 'document';
    const paper = { declarationId: params.id ?? '', accountId: account, name, bytes };
    return { status: 201, body: { data: await sendDocument(ctx, paper) } };
  },
});
