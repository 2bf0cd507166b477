import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

const MAX_BODY = 5_000_000;
const WORTH_PACKING = 1_024;
const pack = promisify(gzip);

/** Reads a request body as text; null when it is larger than the server takes. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const bytes = await readBytes(request);
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}

/** Reads a request body; null when it is larger than the server takes. */
export async function readBytes(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Sends bytes or text, packed when the client takes it and it is worth it. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  content: string | Uint8Array | null,
): Promise<void> {
  if (content === null) {
    response.writeHead(status, headers).end();
    return;
  }
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (!takesGzip || bytes.length < WORTH_PACKING) {
    response.writeHead(status, { ...headers, 'content-length': String(bytes.length) }).end(bytes);
    return;
  }
  const packed = await pack(bytes, { level: constants.Z_BEST_SPEED });
  response.writeHead(status, {
    ...headers,
    'content-encoding': 'gzip',
    vary: 'accept-encoding',
    'content-length': String(packed.length),
  });
  response.end(packed);
}
