import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Env } from '@/lib/env';

/** What was left by a process that was ended is older than any upload takes, ms. */
const LEFT_MS = 24 * 60 * 60_000;

const incoming = ({ DATA_DIR }: Pick<Env, 'DATA_DIR'>) => path.join(DATA_DIR, 'incoming');

/** Works in a folder of its own beside the archive, which is taken away afterwards. */
export async function inRoom<Result>(
  env: Pick<Env, 'DATA_DIR'>,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const parent = incoming(env);
  await mkdir(/* turbopackIgnore: true */ parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(parent, 'symbols-'));
  try {
    return await work(folder);
  } finally {
    await rm(/* turbopackIgnore: true */ folder, { recursive: true, force: true });
  }
}

/** Takes away what was left behind. */
export async function tidyRooms(env: Pick<Env, 'DATA_DIR'>, now = Date.now()): Promise<void> {
  const parent = incoming(env);
  for (const name of await readdir(/* turbopackIgnore: true */ parent).catch(() => [])) {
    const folder = path.join(parent, name);
    const facts = await stat(/* turbopackIgnore: true */ folder).catch(() => null);
    if (facts && facts.mtimeMs < now - LEFT_MS)
      await rm(/* turbopackIgnore: true */ folder, { recursive: true, force: true });
  }
}
