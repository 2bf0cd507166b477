import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';

/** What the team has decided about the archive. */
export interface ArchiveRules {
  /** Most bytes of files; null without a limit. */
  readonly quotaBytes: number | null;
  /** How long pictures of what is settled are kept, days; null for ever. */
  readonly keepDays: number | null;
}

/** Why nothing is archived at the moment, for people. */
export interface ArchiveTrouble {
  readonly words: string;
  /** ms since 1970 */
  readonly since: number;
}

const RULES = 'archive.rules';
const TROUBLE = 'archive.trouble';

const value = shape((build, given: { key: string }) =>
  build.selectFrom('settings').select('value').where('key', '=', given.key),
);
const kept = shape((build, given: { key: string; value: string; now: number }) =>
  build
    .insertInto('settings')
    .values({ key: given.key, value: given.value, updatedAt: given.now })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({ value: given.value, updatedAt: given.now }),
    ),
);
const dropped = shape((build, given: { key: string }) =>
  build.deleteFrom('settings').where('key', '=', given.key),
);

async function read<T>(db: Store, key: string): Promise<T | null> {
  const [row] = await db.read(value({ key }));
  return row ? (JSON.parse(row.value) as T) : null;
}

/** The rules of the archive; without limits until somebody sets some. */
export async function readRules(db: Store): Promise<ArchiveRules> {
  return { quotaBytes: null, keepDays: null, ...(await read<Partial<ArchiveRules>>(db, RULES)) };
}

/** The write that sets the rules. */
export const rulesStatement = (rules: ArchiveRules, now: number): Write =>
  kept({ key: RULES, value: JSON.stringify(rules), now });

/** What stands in the way of archiving; null when nothing does. */
export const readTrouble = (db: Store): Promise<ArchiveTrouble | null> => read<ArchiveTrouble>(db, TROUBLE);

/** Notes what stands in the way, or that nothing does any more; writes only what is new. */
export async function noteTrouble(db: Store, words: string | null, now: number): Promise<void> {
  const before = await readTrouble(db);
  if ((before?.words ?? null) === words) return;
  const trouble: ArchiveTrouble | null = words === null ? null : { words, since: now };
  await db.write([
    trouble ? kept({ key: TROUBLE, value: JSON.stringify(trouble), now }) : dropped({ key: TROUBLE }),
  ]);
}
