import { Readable } from 'node:stream';

/** A download of bytes that are made while they are read; whoever goes away ends it. */
export function byteStream(
  source: Readable,
  { type, fileName }: { readonly type: string; readonly fileName: string },
): Response {
  return new Response(Readable.toWeb(source) as ReadableStream<Uint8Array>, {
    headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${fileName}"` },
  });
}
