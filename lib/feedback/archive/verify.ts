import { createHash } from 'node:crypto';
import type { Store } from '@/lib/store/store';
import { knownFiles, orphansOf } from './keep';
import { PlaceError } from './place';
import type { Places } from './places';

export interface ArchiveCheck {
  readonly checked: number;
  /** Hashes of files that rows know of and no place holds. */
  readonly missing: readonly string[];
  /** Files whose bytes are others than their name says. */
  readonly damaged: readonly string[];
  /** Files that could not be read now, and why. */
  readonly unread: readonly { readonly hash: string; readonly words: string }[];
  /** Files that no row knows of. */
  readonly orphans: readonly string[];
}

/** Reads every file of the archive and compares it with its hash; changes nothing. */
export async function verifyArchive(db: Store, places: Places): Promise<ArchiveCheck> {
  let checked = 0;
  const missing: string[] = [];
  const damaged: string[] = [];
  const unread: { hash: string; words: string }[] = [];
  for await (const { hash, place: name } of knownFiles(db)) {
    checked += 1;
    const place = await places.of(name);
    try {
      const bytes = place ? await place.get(hash) : null;
      if (!place) unread.push({ hash, words: 'It lies in a bucket that is not configured.' });
      else if (!bytes) missing.push(hash);
      else if (createHash('sha256').update(bytes).digest('hex') !== hash) damaged.push(hash);
    } catch (error) {
      if (!(error instanceof PlaceError)) throw error;
      unread.push({ hash, words: error.message });
    }
  }
  const orphans = await orphansOf(db, places);
  return { checked, missing, damaged, unread, orphans: orphans.map(({ hash }) => hash) };
}
