import { setImmediate as breathe } from 'node:timers/promises';
import type { TeamRules } from '@/lib/crash/in-app';
import type { OwnNames } from '@/lib/crash/own-names';
import { RULE } from '@/lib/crash/signature';
import { StaleWriteError } from '@/lib/store/errors';
import { announced } from '@/lib/store/feed';
import { shape } from '@/lib/store/shape';
import { exactly, type Store, type Write } from '@/lib/store/store';
import { movingReports } from './counts';
import { type Grouped, groupingWrites, type ReadReport } from './grouping';
import { unzipped } from './logs';
import { unzippedNames } from './names';
import { type Reading, readLog } from './reading';

/** Logs that are read before what they say is written. */
const PORTION = 20;
/** So many bytes, packed, make a portion too. */
const MOST_BYTES = 4 * 1024 * 1024;

interface Regrouping {
  readonly accountId: string;
  readonly team: TeamRules;
  readonly clock: { now(): number };
  readonly signal?: AbortSignal | undefined;
  /** By which rule everything is to be grouped. */
  readonly rule?: number;
  readonly read?: (text: string, team: TeamRules, names: OwnNames | null) => Reading;
}

/**
 * Reads kept logs again whose hashes are of an older rule, or were asked to be made anew, and groups by what they say
 * now. Others have a turn after each; what two do at once comes to the same. Gives how many were read.
 */
export async function regroup(db: Store, given: Regrouping): Promise<number> {
  const { accountId, team, clock, signal, rule = RULE, read = readLog } = given;
  let done = 0;
  while (!signal?.aborted) {
    const rows = await db.read(outdated({ accountId, rule }));
    if (rows.length === 0) break;
    const reports: ReadReport[] = [];
    const unread: string[] = [];
    let bytes = 0;
    const seen = new Map<number | null, string[]>();
    for (const { bytes: packed, symbols, symbolsAt, issueId, ...row } of rows) {
      if (issueId === null) continue;
      bytes += packed.length;
      if (bytes > MOST_BYTES && reports.length > 0) break;
      const text = await unzipped(packed).catch(() => null);
      const names = symbols === null ? null : await unzippedNames(symbols);
      seen.set(symbolsAt, [...(seen.get(symbolsAt) ?? []), row.id]);
      if (text === null) unread.push(row.id);
      else reports.push({ report: { ...row, issueId }, reading: read(text, team, names) });
      await breathe();
    }
    const writes = [
      // Symbols that came while these were read make them be read again.
      ...[...seen].map(([symbolsAt, ids]) => exactly(ids.length, unchanged({ accountId, symbolsAt, ids }))),
      ...(await groupingWrites(db, accountId, reports, clock.now())),
      // A log that cannot be unpacked leaves its report where it is.
      ...(unread.length === 0 ? [] : [asIs({ accountId, rule, ids: unread })]),
      ...announced('feedback', [accountId], clock.now()),
    ];
    try {
      await movingReports(db, accountId, writes);
    } catch (error) {
      if (!(error instanceof StaleWriteError)) throw error;
      await breathe();
      continue;
    }
    done += reports.length + unread.length;
    if (reports.length + unread.length === 0) break;
    await breathe();
  }
  return done;
}

const outdated = shape((build, given: { accountId: string; rule: number }) =>
  build
    .selectFrom('feedback as f')
    .innerJoin('crashLogs as l', (join) =>
      join.onRef('l.accountId', '=', 'f.accountId').onRef('l.feedbackId', '=', 'f.id'),
    )
    .select(['f.accountId', 'f.appId', 'f.id', 'f.issueId', 'f.issueHash', 'f.variantHash', 'f.isPlaced'])
    .select(['l.bytes', 'l.symbols', 'l.symbolsAt'])
    .where('f.rule', '<', given.rule)
    .where('f.accountId', '=', given.accountId)
    .where('f.issueId', 'is not', null)
    // Issue by issue: each of them is counted once in a portion.
    .orderBy('f.rule')
    .orderBy('f.issueId')
    .limit(PORTION)
    .$castTo<
      Omit<Grouped, 'issueId'> & {
        issueId: string | null;
        bytes: Uint8Array;
        symbols: Uint8Array | null;
        symbolsAt: number | null;
      }
    >(),
);

/** As many logs as were read, as long as nobody has put names to them meanwhile. */
const unchanged = shape(
  (build, given: { accountId: string; symbolsAt: number | null; ids: readonly string[] }, { among }) =>
    build
      .updateTable('crashLogs')
      .set(({ ref }) => ({ symbolsAt: ref('symbolsAt') }))
      .where('accountId', '=', given.accountId)
      .where(({ ref }) => among(ref('feedbackId'), given.ids))
      .where(({ eb, fn, lit, cast, val }) =>
        eb(
          fn.coalesce('symbolsAt', lit(0)),
          '=',
          fn.coalesce(cast<number>(val(given.symbolsAt), 'bigint'), lit(0)),
        ),
      ),
);

const asIs = shape((build, given: { accountId: string; rule: number; ids: readonly string[] }, { among }) =>
  build
    .updateTable('feedback')
    .set({ rule: given.rule })
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('id'), given.ids)),
);

/** Asks for the logs of reports to be read again, as when symbols came for them. */
export function regroupAsked(db: Store, accountId: string, reportIds: readonly string[]): Write {
  return db.build
    .updateTable('feedback')
    .set({ rule: 0 })
    .where('accountId', '=', accountId)
    .where('logState', '=', 'stored')
    .where(({ ref }) => db.dialect.among(ref('id'), reportIds));
}
