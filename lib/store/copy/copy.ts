import { BackupError } from '../backup-error';
import type { Source, Target } from './sides';
import { type Blueprint, differing, type Row, summing, type Table, type TableSum } from './tables';

export interface Copied {
  readonly tables: readonly TableSum[];
  /** Whether all of it was there before, from an earlier run. */
  readonly wasThere: boolean;
}

/**
 * Copies every row, reads it back, and makes it stand only when both sides hold the same and `mayStand` does not throw.
 * The target is left empty otherwise, so the same may be tried again after any break.
 * @throws BackupError when the target holds something else already
 */
export async function copyRows(
  source: Source,
  target: Target,
  { tables, sums }: Blueprint,
  mayStand: (copied: readonly TableSum[]) => Promise<void> = async () => undefined,
): Promise<Copied> {
  const filled = await firstDiffering(target, tables, sums);
  if (filled) return { tables: await refuseUnlessSame(source, target, tables, filled), wasThere: true };
  for (const table of tables) {
    if (sums.some((sum) => sum.table === table.name && sum.rows > 0)) await target.clear(table);
  }
  const copied: TableSum[] = [];
  for (const table of tables) {
    copied.push(await sumOfChunks(source, table, (rows) => target.put(table, rows)));
  }
  await target.setCounters(tables, await source.counters(tables));
  const [wrong] = differing(copied, await sumsOf(target, tables));
  if (wrong !== undefined) {
    throw new BackupError(`What was read back of ${wrong} is not what was written: nothing was copied.`);
  }
  await mayStand(copied);
  await target.commit();
  return { tables: copied, wasThere: false };
}

/** What each table of one side holds. */
export async function sumsOf(side: Pick<Source, 'chunks'>, tables: readonly Table[]): Promise<TableSum[]> {
  const sums: TableSum[] = [];
  for (const table of tables) sums.push(await sumOfChunks(side, table));
  return sums;
}

async function sumOfChunks(
  side: Pick<Source, 'chunks'>,
  table: Table,
  each: (rows: readonly Row[]) => Promise<void> = async () => undefined,
): Promise<TableSum> {
  const sum = summing(table);
  for await (const rows of side.chunks(table)) {
    for (const row of rows) sum.add(row);
    await each(rows);
  }
  return sum.result();
}

/** Stops at the first table with other rows than migrations put there: a full database is not read to its end. */
async function firstDiffering(
  target: Target,
  tables: readonly Table[],
  empty: readonly TableSum[],
): Promise<string | null> {
  for (const table of tables) {
    const [differs] = differing(
      [await sumOfChunks(target, table)],
      empty.filter((sum) => sum.table === table.name),
    );
    if (differs !== undefined) return differs;
  }
  return null;
}

async function refuseUnlessSame(
  source: Source,
  target: Target,
  tables: readonly Table[],
  filled: string,
): Promise<TableSum[]> {
  const sums = await sumsOf(source, tables);
  // A run whose last answer was lost leaves a whole copy behind.
  for (const table of tables) {
    const [differs] = differing(
      [await sumOfChunks(target, table)],
      sums.filter((sum) => sum.table === table.name),
    );
    if (differs === undefined) continue;
    throw new BackupError(
      `The target is not empty: there are rows in ${filled} already. Name an empty one; nothing was copied.`,
    );
  }
  return sums;
}
