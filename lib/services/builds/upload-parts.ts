import { isOwnHost, linkProblem } from '@/lib/feedback/archive/link';
import { attributesOf, isRecord, type ResourceObject } from '@/lib/mirror/resource';
import { conflict } from '../errors';

/** One piece of a file and where Apple wants it. */
export interface Part {
  readonly method: string;
  readonly url: string;
  readonly offset: number;
  readonly length: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A part did not arrive, in words. */
export class PartError extends Error {
  override readonly name = 'PartError';
}

const PATIENCE_MS = 60_000;
/** Where Apple takes files: `store-032.blobstore.apple.com` and its like. */
const APPLES = /(^|\.)apple\.com$/;
/** What is ours to say, whatever an answer asks to be sent. */
const OURS = /^(authorization|cookie|host|content-length|transfer-encoding|connection|proxy-.*)$/i;

/** The parts of a reserved place. @throws RefusedError (409) when they are not the whole file */
export function partsOf(place: ResourceObject, size: number): Part[] {
  const { uploadOperations } = attributesOf(place);
  const parts = (Array.isArray(uploadOperations) ? uploadOperations : []).filter(isRecord).map(partOf);
  const sum = parts.reduce((total, { length }) => total + length, 0);
  const isWhole = sum === size && parts.every(({ offset, length }) => offset >= 0 && offset + length <= size);
  if (parts.length > 0 && isWhole) return parts;
  throw conflict(
    'FLIGHTDECK.NO_PLACE',
    'App Store Connect does not say where the whole document goes. Make a new declaration and send it again.',
  );
}

function partOf({ method, url, offset, length, requestHeaders }: Record<string, unknown>): Part {
  const headers = (Array.isArray(requestHeaders) ? requestHeaders : []).flatMap((header: unknown) =>
    isRecord(header) && typeof header.name === 'string' && !OURS.test(header.name)
      ? [[header.name, String(header.value ?? '')] as const]
      : [],
  );
  return {
    method: method === 'POST' ? 'POST' : 'PUT',
    url: String(url),
    offset: Number(offset),
    length: Number(length),
    headers: Object.fromEntries(headers),
  };
}

/**
 * Sends one part, without the key, only to Apple's own hosts or to what stands for them here. @throws PartError
 */
export async function sendPart(
  { method, url, offset, length, headers }: Part,
  bytes: Uint8Array,
  baseUrl: string,
): Promise<void> {
  const problem = linkProblem(url, { baseUrl });
  const { hostname } = problem === null ? new URL(url) : { hostname: '' };
  if (problem !== null || !(APPLES.test(hostname) || isOwnHost(hostname, { baseUrl })))
    throw new PartError('the address it gave leads elsewhere.');
  let status: number;
  try {
    const answer = await fetch(url, {
      ...{ method, headers, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) },
      body: new Uint8Array(bytes.subarray(offset, offset + length)),
    });
    ({ status } = answer);
    await answer.body?.cancel();
  } catch {
    throw new PartError('the connection broke off.');
  }
  if (status < 200 || status > 299) throw new PartError(`it was answered with ${status}.`);
}
