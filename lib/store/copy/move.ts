import { existsSync } from 'node:fs';
import { BackupError } from '../backup-error';
import { isHeld, ownerName } from '../lease';
import { readMigrations } from '../migrate';
import { type Copied, copyRows, sumsOf } from './copy';
import {
  fileOf,
  isPostgres,
  missingAt,
  openSource,
  openTarget,
  placeOf,
  type ReadTable,
  readingOf,
} from './places';
import type { Source } from './sides';
import { type Blueprint, blueprintOf, differing, type TableSum } from './tables';

export interface Move {
  readonly from: string;
  /** `postgresql://…` of an empty database, or `file:…` of a file that is not there. */
  readonly to: string;
  readonly migrationsDir: string;
  readonly now: number;
  /** Looks into what is copied, first where it comes from and then where it went; what it throws ends the copy. */
  readonly inspect: (read: ReadTable) => Promise<void>;
}

export interface Moved extends Copied {
  /** What was written at the source while it was copied and is not in the copy: tables, none of which says what was done. */
  readonly since: readonly string[];
}

/** Who looks at what, and how often somebody tried to sign in: written also while nobody does anything. */
const OF_LOOKING = ['sessions', 'loginLimits'];

/**
 * Copies an installation that is stopped, or that people only look at, to another place on either engine. Everything
 * comes from one moment and stands at once or not at all.
 * @throws BackupError when somebody works in it, or the target is not empty; nothing was copied then
 */
export async function copyDatabase({ from, to, migrationsDir, now, inspect }: Move): Promise<Moved> {
  if (placeOf(from) === placeOf(to))
    throw new BackupError('That is the place it is in already. Name another.');
  const source = await openSource(from);
  try {
    const migrations = readMigrations(migrationsDir);
    refuseOtherVersion(missingAt(source.applied, migrations), from);
    const blueprint = blueprintOf(migrations);
    const { tables } = blueprint;
    await refuseAtWork(readingOf(source, tables), from, now);
    await inspect(readingOf(source, tables));
    if (!isPostgres(to) && existsSync(fileOf(to))) {
      return { tables: await refuseUnlessCopy(source, to, blueprint), wasThere: true, since: [] };
    }
    const target = await openTarget(to, migrationsDir, blueprint, now);
    try {
      let since: string[] = [];
      const copied = await copyRows(source, target, blueprint, async (sums) => {
        await inspect(readingOf(target, tables));
        since = await writtenSince(from, blueprint, sums);
      });
      return { ...copied, since };
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function refuseOtherVersion(missing: readonly string[], from: string): void {
  if (missing.length === 0) return;
  throw new BackupError(
    `${placeOf(from)} was written by an older Flightdeck. Start this version on it once, stop it, and copy it then.`,
  );
}

async function refuseAtWork(read: ReadTable, from: string, now: number): Promise<void> {
  const me = ownerName();
  const holders = (await read('leases'))
    .map(({ owner, expiresAt }) => ({ owner: String(owner), expiresAt: Number(expiresAt) }))
    .filter((lease) => isHeld(lease, me, now));
  const processes = new Set(
    holders.map(({ owner }) => {
      const [host, pid] = owner.split('/');
      return `process ${pid} on ${host}`;
    }),
  );
  if (processes.size === 0) return;
  throw new BackupError(
    `Flightdeck is at work in ${placeOf(from)}: ${[...processes].join(', ')}. ` +
      'Stop it and give the same command again; if it was killed on another machine, wait half a minute.',
  );
}

/** @throws BackupError when what was done there meanwhile would be missing in the copy */
async function writtenSince(
  from: string,
  { tables }: Blueprint,
  copied: readonly TableSum[],
): Promise<string[]> {
  const source = await openSource(from);
  try {
    const since = differing(copied, await sumsOf(source, tables));
    const lost = since.filter((table) => !OF_LOOKING.includes(table));
    if (lost.length === 0) return since;
    throw new BackupError(
      `Flightdeck wrote to ${placeOf(from)} while it was copied (${lost.join(', ')}): nothing was copied. ` +
        'Stop it and give the same command again.',
    );
  } finally {
    await source.close();
  }
}

/** A run that was killed at its very end leaves a whole copy behind. */
async function refuseUnlessCopy(
  source: Source,
  to: string,
  { tables }: Blueprint,
): Promise<readonly TableSum[]> {
  const there = await openSource(to);
  try {
    const sums = await sumsOf(source, tables);
    const isFit = there.applied.join() === source.applied.join();
    if (isFit && differing(sums, await sumsOf(there, tables)).length === 0) return sums;
  } finally {
    await there.close();
  }
  throw new BackupError(
    `${placeOf(to)} is there already and holds something else. Name a file that is not there.`,
  );
}
