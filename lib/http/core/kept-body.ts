import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RefusedError } from '@/lib/services/errors';

interface Limits {
  readonly bytes: number;
  /** Without a byte, ms. */
  readonly idleMs?: number;
  /** For the whole body, ms. */
  readonly totalMs?: number;
}

const IDLE_MS = 60_000;
const TOTAL_MS = 60 * 60_000;

/**
 * Writes a body to a file while it is no longer, and no slower, than it may be. What is there of one that is refused is
 * for the caller to take away.
 * @throws RefusedError 400, 408, 413, 507
 */
export async function keptBody(
  request: Pick<Request, 'headers' | 'body' | 'signal'>,
  file: string,
  { bytes, idleMs = IDLE_MS, totalMs = TOTAL_MS }: Limits,
): Promise<void> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > bytes) throw tooLarge(bytes);
  if (!request.body)
    throw new RefusedError({
      status: 400,
      code: 'FLIGHTDECK.BODY',
      title: 'The request body is wrong',
      detail: 'There is no file in the request. Send it as the body itself.',
    });
  const slow = new AbortController();
  const total = setTimeout(() => slow.abort(tooSlow(`It took longer than ${inWords(totalMs)}.`)), totalMs);
  const idle = setTimeout(() => slow.abort(tooSlow(`Nothing came for ${inWords(idleMs)}.`)), idleMs);
  let size = 0;
  try {
    await pipeline(
      Readable.fromWeb(request.body as never),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          idle.refresh();
          size += piece.length;
          if (size > bytes) throw tooLarge(bytes);
          yield piece;
        }
      },
      createWriteStream(/* turbopackIgnore: true */ file, { flags: 'wx', mode: 0o600 }),
      { signal: AbortSignal.any([request.signal, slow.signal]) },
    );
  } catch (error) {
    if (slow.signal.aborted) throw slow.signal.reason;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (['ENOSPC', 'EDQUOT'].includes(code)) throw noRoom();
    throw error;
  } finally {
    clearTimeout(total);
    clearTimeout(idle);
  }
}

const inWords = (ms: number) =>
  ms >= 120_000 ? `${Math.round(ms / 60_000)} minutes` : `${ms / 1000} seconds`;

const tooSlow = (why: string) =>
  new RefusedError({
    status: 408,
    code: 'FLIGHTDECK.FILE.TOO_SLOW',
    title: 'The file did not come in time',
    detail: `${why} Nothing was kept of it: send it again.`,
  });

const tooLarge = (bytes: number) =>
  new RefusedError({
    status: 413,
    code: 'FLIGHTDECK.FILE.TOO_LARGE',
    title: 'The file is too large',
    detail: `A file may have at most ${Math.floor(bytes / 1024 / 1024)} MB. Send the dSYMs one by one, packed as .zip.`,
  });

const noRoom = () =>
  new RefusedError({
    status: 507,
    code: 'FLIGHTDECK.DISK_FULL',
    title: 'The disk is full',
    detail: 'The disk of this server is full. Nothing was kept of the file; make room and send it again.',
  });
