import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isHash, type Lying, type Place, PlaceError } from './place';

/** What is being written lies here, on the same disk, so that a rename puts it in its place at once. */
const BEGUN = 'begun';

/** A folder on this machine: `ab/cdef…`, each file written apart, flushed and renamed. */
export function folderPlace(folder: string): Place {
  const fileOf = (hash: string) => {
    if (!isHash(hash)) throw new TypeError('Not a hash.');
    return path.join(folder, hash.slice(0, 2), hash.slice(2));
  };
  return {
    name: 'folder',
    put: (hash, bytes) =>
      told(folder, async () => {
        const file = fileOf(hash);
        const begun = path.join(folder, BEGUN, `${hash}.${randomUUID()}`);
        await mkdir(path.dirname(begun), { recursive: true, mode: 0o700 });
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        try {
          const handle = await open(begun, 'wx', 0o600);
          try {
            await handle.writeFile(bytes);
            await handle.sync();
          } finally {
            await handle.close();
          }
          await rename(begun, file);
        } catch (error) {
          await rm(begun, { force: true });
          throw error;
        }
        await synced(path.dirname(file));
      }),
    putFile: (hash, given) =>
      told(folder, async () => {
        const file = fileOf(hash);
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        try {
          await rename(/* turbopackIgnore: true */ given, file);
        } catch (error) {
          if (codeOf(error) !== 'EXDEV') throw error;
          await copied(given, folder, file);
        }
        await synced(path.dirname(file));
      }),
    pathOf: (hash) =>
      told(folder, async () =>
        (await orNull(stat(/* turbopackIgnore: true */ fileOf(hash)))) ? fileOf(hash) : null,
      ),
    copyTo: (hash, file) =>
      told(folder, async () =>
        Boolean(await orNull(copyFile(/* turbopackIgnore: true */ fileOf(hash), file).then(() => true))),
      ),
    get: (hash) => told(folder, () => orNull(readFile(/* turbopackIgnore: true */ fileOf(hash)))),
    remove: (hash) => told(folder, () => rm(fileOf(hash), { force: true })),
    async *list() {
      for (const part of await named(folder)) {
        if (!/^[0-9a-f]{2}$/.test(part)) continue;
        for (const rest of await named(path.join(folder, part))) {
          const hash = part + rest;
          const facts = isHash(hash) ? await orNull(stat(/* turbopackIgnore: true */ fileOf(hash))) : null;
          if (facts) yield { hash, size: facts.size, at: facts.mtimeMs } satisfies Lying;
        }
      }
    },
    tidy: () => told(folder, () => rm(path.join(folder, BEGUN), { recursive: true, force: true })),
  };
}

/** From another disk: copied and flushed beside, then renamed. */
async function copied(given: string, folder: string, file: string): Promise<void> {
  const begun = path.join(folder, BEGUN, `${path.basename(file)}.${randomUUID()}`);
  await mkdir(path.dirname(begun), { recursive: true, mode: 0o700 });
  try {
    await copyFile(/* turbopackIgnore: true */ given, begun);
    await synced(begun);
    await rename(begun, file);
  } catch (error) {
    await rm(begun, { force: true });
    throw error;
  }
}

/** The name is only sure to be there after a crash when its folder was flushed as well. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const named = async (folder: string) =>
  (await told(folder, () => orNull(readdir(/* turbopackIgnore: true */ folder)))) ?? [];

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function told<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code))
      throw new PlaceError('full', `The disk is full: files cannot be kept in ${folder}.`, error);
    if (/^E[A-Z]+$/.test(code))
      throw new PlaceError('refused', `Files cannot be kept in ${folder} (${code}).`, error);
    throw error;
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');
