import { createHash } from 'node:crypto';
import type { OneDocument } from '@/lib/asc/types';
import { attributesOf, isIdentified, type ResourceObject } from '@/lib/mirror/resource';
import { accountRow } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { conflict, RefusedError } from '../errors';
import { accountOf } from '../resources/account';
import { addressOf, allowed } from '../resources/address';
import { createResource, updateResource } from '../resources/write';
import { type Part, PartError, partsOf, sendPart } from './upload-parts';

const TYPE = 'appEncryptionDeclarationDocuments';

/** The largest document that is taken, bytes: proxies cut what is longer than ten megabytes. */
export const MOST_DOCUMENT = 9 * 1024 * 1024;

interface Paper {
  readonly declarationId: string;
  readonly accountId: string | undefined;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Sends the document of an encryption declaration: its place is reserved at App Store Connect, filled part by part and
 * closed. A place that an upload which broke off has left is filled anew, so that nothing is reserved twice.
 * @throws RefusedError 409 when the declaration has another document, 502 when a part did not arrive
 */
export async function sendDocument(ctx: Ctx, paper: Paper): Promise<{ id: string }> {
  allowed(ctx, addressOf('create', TYPE));
  if (paper.bytes.length === 0)
    throw new RefusedError({
      status: 400,
      code: 'FLIGHTDECK.FILE.EMPTY',
      title: 'The file is empty',
      detail: 'The file holds nothing. Choose the document that Apple is to see.',
    });
  const account = await accountOf(ctx, paper.accountId, [
    { type: 'appEncryptionDeclarations', id: paper.declarationId },
  ]);
  const { appId, left } = await declarationOf(ctx, account.id, paper);
  const place = left ?? (await reserve(ctx, { accountId: account.id, appId }, paper));
  const { baseUrl } = await accountRow(ctx.db, account.id);
  const parts = partsOf(place, paper.bytes.length);
  for (const [index, part] of parts.entries()) {
    await sendPart(part, paper.bytes, baseUrl).catch((error: unknown) => {
      throw error instanceof PartError ? notArrived(index, parts, error) : error;
    });
  }
  const sourceFileChecksum = createHash('md5').update(paper.bytes).digest('hex');
  await updateResource(ctx, {
    ...{ type: TYPE, id: place.id, accountId: account.id, appId },
    body: { data: { type: TYPE, id: place.id, attributes: { uploaded: true, sourceFileChecksum } } },
  });
  return { id: place.id };
}

interface Declared {
  readonly appId: string | undefined;
  /** A place that was reserved for this file and never filled. */
  readonly left: ResourceObject | null;
}

/** The declaration as App Store Connect has it now, with its app and what an upload of before has left. */
async function declarationOf(ctx: Ctx, accountId: string, paper: Paper): Promise<Declared> {
  const asc = await ctx.ascFor(accountId);
  const { document } = await asc.perform({
    ...{ type: 'appEncryptionDeclarations', operation: 'get', id: paper.declarationId },
    query: { include: ['app', 'appEncryptionDeclarationDocument'] },
  });
  const { data, included = [] } = document as OneDocument<ResourceObject>;
  const app = data.relationships?.app?.data;
  const place = included.find(({ type }) => type === TYPE) as ResourceObject | undefined;
  return {
    appId: isIdentified(app) ? app.id : undefined,
    left: place ? leftFor(place, paper) : null,
  };
}

/** @throws RefusedError (409) when the place is filled, or waits for another file */
function leftFor(place: ResourceObject, paper: Paper): ResourceObject {
  const { fileName, fileSize, assetDeliveryState } = attributesOf(place);
  const state = (assetDeliveryState as { state?: unknown } | null | undefined)?.state;
  if (state !== 'AWAITING_UPLOAD')
    throw conflict(
      'FLIGHTDECK.HAS_DOCUMENT',
      'The declaration has its document already, and App Store Connect takes no other. Make a new declaration for another document.',
    );
  if (fileName === paper.name && fileSize === paper.bytes.length) return place;
  throw conflict(
    'FLIGHTDECK.OTHER_DOCUMENT',
    `App Store Connect waits for the file “${String(fileName)}” of ${String(fileSize)} bytes, whose upload broke off. Send that one, or make a new declaration.`,
  );
}

async function reserve(
  ctx: Ctx,
  where: { readonly accountId: string; readonly appId: string | undefined },
  paper: Paper,
): Promise<ResourceObject> {
  const { document } = await createResource(ctx, {
    type: TYPE,
    ...where,
    body: {
      data: {
        type: TYPE,
        attributes: { fileName: paper.name, fileSize: paper.bytes.length },
        relationships: {
          appEncryptionDeclaration: { data: { type: 'appEncryptionDeclarations', id: paper.declarationId } },
        },
      },
    },
  });
  if (document) return document;
  throw conflict(
    'FLIGHTDECK.NO_PLACE',
    'App Store Connect has told no place for the document. Send it again.',
  );
}

function notArrived(index: number, parts: readonly Part[], error: PartError): RefusedError {
  const which = parts.length === 1 ? 'The document' : `Part ${index + 1} of ${parts.length} of the document`;
  return new RefusedError({
    status: 502,
    code: 'FLIGHTDECK.UPLOAD',
    title: 'The document did not arrive',
    detail: `${which} did not arrive at App Store Connect: ${error.message} Its place is kept: send the same file again.`,
  });
}
