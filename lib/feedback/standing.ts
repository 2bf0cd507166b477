import type { Store } from '@/lib/store/store';
import type { TakeBack } from './take-back';

/** More steps than this no chain of merges has. */
const LONGEST = 20;

/**
 * What of a placing can still be taken back: what somebody has placed otherwise since stays there, and what was merged on
 * since goes where that is now. Null where nothing is left of it, or where its place was merged on itself.
 */
export async function asItStands(db: Store, given: TakeBack): Promise<TakeBack | null> {
  const { to, made } = given;
  const wanted = [...given.reports, ...given.aliases, ...given.notes].flatMap(({ issueId }) => issueId ?? []);
  const places = [...(to === null ? [] : [to]), ...given.merged, ...wanted, ...(made ? [made.from] : [])];
  const known = await placesOf(db, places);
  if (to !== null && known.get(to) !== to) return null;
  const merged = given.merged.filter((id) => known.get(id) === to);
  if (given.merged.length > 0 && merged.length === 0) return null;
  // Those that stand up again take what was theirs.
  const again = new Set(merged);
  const now = (id: string) => (again.has(id) ? id : (known.get(id) ?? id));
  const reports = await stillThere(db, given);
  if (reports.length === 0 && given.reports.length > 0 && merged.length === 0 && made === null) return null;
  return {
    ...given,
    merged,
    reports: reports.map((report) => ({ ...report, issueId: now(report.issueId) })),
    aliases: given.aliases.map((alias) => ({
      ...alias,
      issueId: alias.issueId === null ? null : now(alias.issueId),
    })),
    notes: given.notes.map((note) => ({ ...note, issueId: now(note.issueId) })),
    made: made && { ...made, from: now(made.from) },
  };
}

/** Where what was in issues is now: in themselves, or where they were merged into. */
async function placesOf(db: Store, ids: readonly string[]): Promise<Map<string, string>> {
  const places = new Map(ids.map((id) => [id, id]));
  for (let step = 0; step < LONGEST; step += 1) {
    const at = [...new Set(places.values())];
    const rows = await db.read(
      db.build
        .selectFrom('issues')
        .select(['id', 'mergedInto'])
        .where(({ ref }) => db.dialect.among(ref('id'), at))
        .where('mergedInto', 'is not', null),
    );
    if (rows.length === 0) break;
    const next = new Map(rows.map(({ id, mergedInto }) => [id, mergedInto]));
    for (const [id, place] of places) places.set(id, next.get(place) ?? place);
  }
  return places;
}

/** Reports that nobody has placed by hand since. */
async function stillThere(db: Store, { accountId, to, reports }: TakeBack): Promise<TakeBack['reports']> {
  const rows = await db.read(
    db.build
      .selectFrom('feedback')
      .select(['id', 'issueId', 'isPlaced'])
      .where('accountId', '=', accountId)
      .where(({ ref }) =>
        db.dialect.among(
          ref('id'),
          reports.map(({ id }) => id),
        ),
      ),
  );
  const there = new Set(
    rows.filter(({ issueId, isPlaced }) => (to === null ? !isPlaced : issueId === to)).map(({ id }) => id),
  );
  return reports.filter(({ id }) => there.has(id));
}
