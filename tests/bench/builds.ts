import { facetOf } from '@/lib/mirror/query/facets';
import { queryMirror } from '@/lib/mirror/query/list';
import type { MirrorQuery } from '@/lib/mirror/query/types';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Database } from '@/lib/store/database';
import { askable } from '@/tests/factories/database';
import { aBuild } from '@/tests/factories/resources';
import { type BenchOptions, type Metric, median, worked } from './result';
import { ACCOUNT, freshDatabase } from './store';

const BUILDS = 5_000;
const PER_TRAIN = 50;
const READINGS = 60;
const SAMPLES = 25;
const APP = 'app';

type Ask = (db: Database) => Promise<unknown>;

const page =
  (more: Partial<MirrorQuery>): Ask =>
  (db) =>
    queryMirror(db, 'builds', {
      ...{ accountId: ACCOUNT, sort: ['-uploadedDate'], limit: 50, now: NOW },
      ...more,
      filter: { app: [APP], ...more.filter },
    });

/** What people do in the list of an app's builds, each with rows, figures of use, curves and true totals. */
const ASKED: Readonly<Record<string, Ask>> = {
  'newest first': page({}),
  superseded: page({ filter: { isSuperseded: ['true'] } }),
  'not superseded': page({ filter: { isSuperseded: ['false'] } }),
  'how many are superseded': (db) =>
    facetOf(db, 'builds', 'isSuperseded', { accountId: ACCOUNT, filter: { app: [APP] }, now: NOW }),
  'in no group': page({ filter: { isInGroup: ['false'] } }),
  'grouped by version': page({ group: 'preReleaseVersion' }),
  'all versions closed': page({ group: 'preReleaseVersion', closed: ['all'] }),
  'by sessions': page({ sort: ['-sessions'] }),
  'by crash-free sessions': page({ sort: ['crashFree'] }),
  'by groups': page({ sort: ['-groups'] }),
  searched: page({ search: '12' }),
};

/** The builds of an app of many, with all columns, against the plainest query that reads their names. */
export async function buildMetrics({ engine }: BenchOptions): Promise<Metric[]> {
  const db = await freshDatabase(engine);
  await fill(db);
  const plainly = askable(db);
  // As its own housekeeping leaves it a minute after a sync, which nobody waits for here.
  if (engine.name === 'postgres') await plainly.query('VACUUM ANALYZE');
  const times = new Map<string, number[]>(Object.keys(ASKED).map((name) => [name, []]));
  const plain: number[] = [];
  for (let round = -3; round < SAMPLES; round += 1) {
    for (const [name, ask] of Object.entries(ASKED)) {
      const took = await worked(engine, () => ask(db));
      if (round >= 0) times.get(name)?.push(took);
    }
    const least = await worked(engine, () =>
      plainly.query(
        'SELECT id, trainVersion, version, platform, uploadedDate FROM builds WHERE accountId = ? AND appId = ? ORDER BY uploadedDate DESC',
        [ACCOUNT, APP],
      ),
    );
    if (round >= 0) plain.push(least);
  }
  await db.close();
  const floor = median(plain);
  return [...times].map(([name, took]) => ({
    name: `builds of an app of ${BUILDS.toLocaleString('en')}, ${name} ÷ plain query`,
    value: median(took) / floor,
    max: 5,
    how: `processor time, ${median(took).toFixed(1)} ms against ${floor.toFixed(1)} ms for the names of all by date, medians of ${SAMPLES} in turn`,
  }));
}

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-30T00:00:00Z');

/**
 * Fifty builds of each of fifty versions on two platforms, a build every four hours. Of all but the newest versions every
 * build has expired; each sixth was never processed to the end, each fourth is in no group.
 */
async function fill(db: Database): Promise<void> {
  for (let from = 0; from < BUILDS; from += 100) {
    const resources = Array.from({ length: 100 }, (_, at) => {
      const n = from + at;
      const train = Math.floor(n / PER_TRAIN);
      const uploaded = NOW - (BUILDS - n) * (DAY_MS / 6);
      const isExpired = uploaded + 90 * DAY_MS < NOW;
      return aBuild(`b${n}`, APP, {
        train: `${1 + Math.floor(train / 20)}.${train % 20}`,
        groups: n % 4 === 0 ? [] : ['group-1', `group-${n % 7}`],
        attributes: {
          ...{ uploadedDate: new Date(uploaded).toISOString(), expired: isExpired },
          expirationDate: new Date(uploaded + 90 * DAY_MS).toISOString(),
          processingState: n % 6 === 0 ? 'INVALID' : 'VALID',
        },
        detail: { externalBuildState: isExpired ? 'EXPIRED' : 'IN_BETA_TESTING' },
      });
    }).flat();
    await db.write(
      upsertStatements({ accountId: ACCOUNT, resources, appId: APP, fetchedAt: 1, source: 'sync' }),
    );
    // Newest first, as no reading of an older day changes what is kept of the newest.
    const readings = Array.from({ length: 100 * READINGS }, (_, k) => {
      const n = from + Math.floor(k / READINGS);
      const day = new Date(NOW - (1 + (k % READINGS)) * DAY_MS).toISOString().slice(0, 10);
      return {
        ...{ accountId: ACCOUNT, appId: APP, buildId: `b${n}`, day, readAt: 1 },
        ...{ inviteCount: 200, installCount: n % 180, sessionCount: (n * 7 + k) % 1_000 },
        ...{ crashCount: n % 13, feedbackCount: n % 5 },
      };
    });
    for (let some = 0; some < readings.length; some += 2_000)
      await db.write([db.build.insertInto('buildDays').values(readings.slice(some, some + 2_000))]);
  }
}
