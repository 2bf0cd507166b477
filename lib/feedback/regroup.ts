import { setImmediate as breathe } from 'node:timers/promises';
import type { TeamRules } from '@/lib/crash/in-app';
import { RULE } from '@/lib/crash/signature';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import { movingReports } from './counts';
import { type Grouped, groupingWrites, type ReadReport } from './grouping';
import { unzipped } from './logs';
import { type Reading, readLog } from './reading';

/** Logs that are read before what they say is written. */
const PORTION = 50;
/** So many bytes, packed, make a portion too. */
const MOST_BYTES = 4 * 1024 * 1024;

interface Regrouping {
  readonly accountId: string;
  readonly team: TeamRules;
  readonly clock: { now(): number };
  readonly signal?: AbortSignal | undefined;
  /** By which rule everything is to be grouped. */
  readonly rule?: number;
  readonly read?: (text: string, team: TeamRules) => Reading;
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
    for (const { bytes: packed, issueId, ...row } of rows) {
      if (issueId === null) continue;
      bytes += packed.length;
      if (bytes > MOST_BYTES && reports.length > 0) break;
      const text = await unzipped(packed).catch(() => null);
      if (text === null) unread.push(row.id);
      else reports.push({ report: { ...row, issueId }, reading: read(text, team) });
      await breathe();
    }
    const writes = [
      ...(await groupingWrites(db, accountId, reports, clock.now())),
      // A log that cannot be unpacked leaves its report where it is.
      ...(unread.length === 0 ? [] : [asIs({ accountId, rule, ids: unread })]),
    ];
    await movingReports(db, accountId, writes);
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
    .select('l.bytes')
    .where('f.rule', '<', given.rule)
    .where('f.accountId', '=', given.accountId)
    .where('f.issueId', 'is not', null)
    .limit(PORTION)
    .$castTo<Omit<Grouped, 'issueId'> & { issueId: string | null; bytes: Uint8Array }>(),
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
