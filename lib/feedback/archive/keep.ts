import { shape } from '@/lib/store/shape';
import type { Query, Store, Write } from '@/lib/store/store';
import type { Turn } from './archive';
import { SYMBOLS_TYPE } from './limits';
import { type Lying, type Place, PlaceError } from './place';
import type { Places } from './places';
import { type FileRow, fileOf, WITH_PICTURES } from './rows';
import type { ArchiveRules } from './settings';

const DAY_MS = 24 * 60 * 60_000;
/** Statuses of an issue that is settled: its pictures may go, those of any other stay. */
const SETTLED = ['resolved', 'wontFix', 'duplicate'] as const;

const expired = shape((build, given: { before: string; most: number }) =>
  build
    .selectFrom('feedbackPictures as p')
    .innerJoin('feedback as f', (join) =>
      join.onRef('f.accountId', '=', 'p.accountId').onRef('f.id', '=', 'p.feedbackId'),
    )
    .innerJoin('issues as i', 'i.id', 'f.issueId')
    .select(['p.accountId', 'p.feedbackId', 'p.position', 'p.hash'])
    .where('p.state', '=', 'stored')
    .where('f.type', '=', WITH_PICTURES)
    .where('f.createdDate', '<', given.before)
    .where('i.status', 'in', SETTLED)
    .orderBy('f.createdDate')
    .orderBy('p.accountId')
    .orderBy('p.feedbackId')
    .orderBy('p.position')
    .limit(given.most),
);

const AT_ONCE = 500;
const REMOVED =
  'Removed by the rule of the archive: its issue is settled, and the report older than pictures are kept.';

/** The write that lets a picture go, unless its issue was opened again meanwhile. */
const letGo = shape((build, given: { accountId: string; feedbackId: string; position: number }) =>
  build
    .updateTable('feedbackPictures')
    .set({ state: 'removed', hash: null, trouble: REMOVED })
    .where('accountId', '=', given.accountId)
    .where('feedbackId', '=', given.feedbackId)
    .where('position', '=', given.position)
    .where('state', '=', 'stored')
    .where('feedbackId', 'in', (eb) =>
      eb
        .selectFrom('feedback as f')
        .innerJoin('issues as i', 'i.id', 'f.issueId')
        .select('f.id')
        .where('f.accountId', '=', given.accountId)
        .where('f.id', '=', given.feedbackId)
        .where('i.status', 'in', SETTLED),
    ),
);

/** The same of what was drawn on it. */
const drawingsLetGo = shape((build, given: { accountId: string; feedbackId: string; position: number }) =>
  build
    .deleteFrom('feedbackDrawings')
    .where('accountId', '=', given.accountId)
    .where('feedbackId', '=', given.feedbackId)
    .where('position', '=', given.position)
    .where('feedbackId', 'in', (eb) =>
      eb
        .selectFrom('feedback as f')
        .innerJoin('issues as i', 'i.id', 'f.issueId')
        .select('f.id')
        .where('f.accountId', '=', given.accountId)
        .where('f.id', '=', given.feedbackId)
        .where('i.status', 'in', SETTLED),
    ),
);

/** Pictures that the rule lets go now; none without a rule. */
export async function expiredPictures(db: Store, { keepDays }: ArchiveRules, now: number, most = AT_ONCE) {
  if (keepDays === null) return [];
  return db.read(expired({ before: new Date(now - keepDays * DAY_MS).toISOString(), most }));
}

/** Lets pictures of settled issues go that are older than the rule says; their files go with `sweep`. */
export async function letExpiredGo(db: Store, turn: Turn, rules: ArchiveRules, now: number): Promise<number> {
  let total = 0;
  for (;;) {
    const rows = await expiredPictures(db, rules, now);
    if (rows.length > 0) await turn.write(rows.flatMap((row) => [letGo(row), drawingsLetGo(row)]));
    total += rows.length;
    if (rows.length < AT_ONCE || turn.signal.aborted) return total;
  }
}

// A picture of another report, or what shows one small, may be the same file.
const unused = shape((build, given: { after: string; most: number }) =>
  build
    .selectFrom('archivedFiles as a')
    .selectAll('a')
    .where('a.hash', '>', given.after)
    // Symbols go when they are deleted.
    .where('a.type', '<>', SYMBOLS_TYPE)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('feedbackPictures as p').select('p.position').whereRef('p.hash', '=', 'a.hash'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('feedbackDrawings as d').select('d.id').whereRef('d.hash', '=', 'a.hash'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('archivedFiles as o')
            .select('o.hash')
            .whereRef('o.thumbHash', '=', 'a.hash')
            .whereRef('o.hash', '<>', 'a.hash'),
        ),
      ),
    )
    .orderBy('a.hash')
    .limit(given.most)
    .$castTo<FileRow>(),
);

const forgotten = shape((build, given: { hash: string }) =>
  build
    .deleteFrom('archivedFiles')
    .where('hash', '=', given.hash)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('feedbackPictures as p')
            .select('p.position')
            .whereRef('p.hash', '=', 'archivedFiles.hash'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('feedbackDrawings as d').select('d.id').whereRef('d.hash', '=', 'archivedFiles.hash'),
        ),
      ),
    ),
);

/** The write that forgets a file which no picture refers to. */
const forgetFile = (hash: string): Write => forgotten({ hash });

/** Takes files away that nothing refers to any more: first the row, then the file, so that no row stands for nothing. */
export async function sweep(
  db: Store,
  turn: Turn,
  places: Places,
): Promise<{ files: number; bytes: number }> {
  const swept = { files: 0, bytes: 0 };
  // Small ones are not in use any more once those that they show are gone: again until a pass finds nothing.
  for (let before = -1; before < swept.files && !turn.signal.aborted; ) {
    before = swept.files;
    for await (const { hash, place: name, size } of inBatches(
      (after) => unused({ after, most: AT_ONCE }),
      db,
    )) {
      const place = await places.of(name);
      // What cannot be reached is left for when it can.
      if (!place || turn.signal.aborted) continue;
      await turn.write([forgetFile(hash)]);
      await place.remove(hash);
      swept.files += 1;
      swept.bytes += size;
    }
  }
  return swept;
}

const users = shape((build, given: { hash: string }) =>
  build
    .selectFrom('archivedFiles as a')
    .select('a.hash')
    .where('a.thumbHash', '=', given.hash)
    .where('a.hash', '<>', given.hash)
    .unionAll(
      build
        .selectFrom('feedbackPictures as p')
        .select('p.feedbackId as hash')
        .where('p.hash', '=', given.hash),
    )
    .unionAll(
      build
        .selectFrom('feedbackDrawings as d')
        .select('d.feedbackId as hash')
        .where('d.hash', '=', given.hash),
    )
    .limit(1),
);

/**
 * Takes a file away for good unless something uses it, also its bytes where the row went before.
 * @returns what showed it small
 */
export async function removeUnused(db: Store, turn: Turn, places: Places, hash: string): Promise<string[]> {
  if ((await db.read(users({ hash }))).length > 0) return [];
  const row = await fileOf(db, hash);
  if (row?.type === SYMBOLS_TYPE) return [];
  const names = row ? [row.place] : (['folder', 'bucket'] as const);
  const there = await Promise.all(names.map((name) => places.of(name)));
  if (row && !there[0])
    throw new PlaceError('away', 'A file lies in a bucket that is not configured any more.');
  if (row) await turn.write([forgetFile(hash)]);
  for (const place of there) await place?.remove(hash);
  return row?.thumbHash && row.thumbHash !== hash ? [row.thumbHash] : [];
}

async function* inBatches(query: (after: string) => Query<FileRow>, db: Store): AsyncIterable<FileRow> {
  for (let after = ''; ; ) {
    const rows = await db.read(query(after));
    yield* rows;
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)?.hash ?? '';
  }
}

/** What `sweep` would take away after the pictures that the rule lets go. */
export async function unusedFiles(db: Store): Promise<{ files: number; bytes: number }> {
  const total = { files: 0, bytes: 0 };
  for await (const { size } of inBatches((after) => unused({ after, most: AT_ONCE }), db)) {
    total.files += 1;
    total.bytes += size;
  }
  return total;
}

const some = shape((build, given: { after: string; most: number }) =>
  build
    .selectFrom('archivedFiles')
    .selectAll()
    .where('hash', '>', given.after)
    .orderBy('hash')
    .limit(given.most)
    .$castTo<FileRow>(),
);

/** All files that rows know of, in the order of their hashes. */
export const knownFiles = (db: Store): AsyncIterable<FileRow> =>
  inBatches((after) => some({ after, most: AT_ONCE }), db);

export interface Orphan extends Lying {
  readonly place: Place;
}

/** What lies in the places without a row that says so. */
export async function orphansOf(db: Store, places: Places): Promise<Orphan[]> {
  const orphans: Orphan[] = [];
  for (const name of ['folder', 'bucket'] as const) {
    const place = await places.of(name);
    if (!place) continue;
    const lying = new Map<string, Orphan>();
    for await (const one of place.list()) lying.set(one.hash, { ...one, place });
    for await (const { hash, place: at } of knownFiles(db)) if (at === name) lying.delete(hash);
    orphans.push(...lying.values());
  }
  return orphans;
}
