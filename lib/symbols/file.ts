import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from './mach-o';

/** Reads pieces of an open file. */
async function sourceOf(handle: FileHandle): Promise<ByteSource> {
  const { size } = await handle.stat();
  return {
    size,
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const buffer = Buffer.alloc(wanted);
      let got = 0;
      while (got < wanted) {
        const { bytesRead } = await handle.read(buffer, got, wanted - got, offset + got);
        if (bytesRead === 0) break;
        got += bytesRead;
      }
      return buffer.subarray(0, got);
    },
  };
}

/** Works with the pieces of a file, which is closed afterwards. */
export async function withFile<Result>(
  file: string,
  work: (source: ByteSource) => Promise<Result>,
): Promise<Result> {
  const handle = await open(/* turbopackIgnore: true */ file, 'r');
  try {
    return await work(await sourceOf(handle));
  } finally {
    await handle.close();
  }
}

const PIECE = 1024 * 1024;

/** A part of a file in a file of its own, flushed, with the SHA-256 of its bytes in hexadecimal. */
export async function partOf(
  file: string,
  { offset, size }: { readonly offset: number; readonly size: number },
  into: string,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const target = await open(/* turbopackIgnore: true */ into, 'wx', 0o600);
  try {
    await withFile(file, async (source) => {
      for (let done = 0; done < size; ) {
        signal?.throwIfAborted();
        const piece = await source.read(offset + done, Math.min(PIECE, size - done));
        if (piece.length === 0) throw new Error('The file became shorter while it was read.');
        hash.update(piece);
        await target.writeFile(piece);
        done += piece.length;
      }
    });
    await target.sync();
  } finally {
    await target.close();
  }
  return hash.digest('hex');
}
