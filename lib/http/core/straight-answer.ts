import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import { textOf } from './answer';

/** What packing is worth: half of what the highest level saves costs a tenth of its time. */
const LEVEL = { level: constants.Z_BEST_SPEED };
/** Shorter ones are sent as they are, bytes. */
const SHORTEST = 1_024;

const packed = promisify<Buffer, typeof LEVEL, Buffer>(gzip);

/** Sends an answer, packed where its reader takes that; what the answer says itself stands above what is always said. */
export async function sendAnswer(
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  outgoing.statusCode = response.status;
  response.headers.forEach((value, name) => {
    if (name === 'set-cookie') outgoing.appendHeader(name, value);
    else outgoing.setHeader(name, value);
  });
  if (!response.body) {
    outgoing.end();
    return;
  }
  const isPackable = packable(response.headers);
  if (isPackable) outgoing.appendHeader('Vary', 'Accept-Encoding');
  const isPacked = isPackable && takesGzip(incoming);
  // What is not at hand as a whole, as a file of all testers, is sent as it is made.
  const text = textOf(response);
  if (text !== undefined) return sendWhole(Buffer.from(text, 'utf8'), isPacked, outgoing);
  const parts = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  const through: Transform[] = isPacked ? [createGzip(LEVEL)] : [];
  if (isPacked) outgoing.setHeader('Content-Encoding', 'gzip');
  outgoing.flushHeaders();
  await pipeline([parts, ...through, outgoing]);
}

/** Packed beside the event loop, which goes on meanwhile. */
async function sendWhole(bytes: Buffer, isPacked: boolean, outgoing: ServerResponse): Promise<void> {
  const isWorthIt = isPacked && bytes.length >= SHORTEST;
  const sent = isWorthIt ? await packed(bytes, LEVEL) : bytes;
  if (isWorthIt) outgoing.setHeader('Content-Encoding', 'gzip');
  outgoing.setHeader('Content-Length', sent.length);
  outgoing.end(sent);
}

/** Text that nobody said must stay as it is. */
function packable(headers: Headers): boolean {
  const type = headers.get('content-type') ?? '';
  const isText = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|yaml|xml)\b|image\/svg)/.test(type);
  return isText && !/no-transform/.test(headers.get('cache-control') ?? '');
}

function takesGzip({ headers }: IncomingMessage): boolean {
  const given = String(headers['accept-encoding'] ?? '');
  return /(?:^|[\s,])gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(given);
}
