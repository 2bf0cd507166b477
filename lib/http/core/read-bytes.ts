import { RefusedError } from '@/lib/services/errors';

/**
 * Reads a body of any kind while it is no longer than the limit, bytes. @throws what `tooLarge` makes of the limit (413)
 * when it is longer
 */
export async function readBytes(
  request: Request,
  limit: number,
  tooLarge: (limit: number) => RefusedError = fileTooLarge,
): Promise<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limit) throw tooLarge(limit);
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function fileTooLarge(limit: number): RefusedError {
  const most = `${Math.floor(limit / 1024 / 1024)} MB`;
  return new RefusedError({
    status: 413,
    code: 'FLIGHTDECK.FILE.TOO_LARGE',
    title: 'The file is too large',
    detail: `A file may have at most ${most}. Split it into several files.`,
  });
}
