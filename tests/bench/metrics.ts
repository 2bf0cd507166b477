import { upsertStatements } from '@/lib/mirror/upsert';
import { metricsOf } from '@/lib/services/metrics/metrics';
import type { Database } from '@/lib/store/database';
import { askable } from '@/tests/factories/database';
import { aBuild } from '@/tests/factories/resources';
import { type BenchOptions, type Metric, median, worked } from './result';
import { ACCOUNT, freshDatabase } from './store';

const BUILDS = 1_000;
/** Days on which each of them was read. */
const READINGS = 90;
const SAMPLES = 15;
const DAY_MS = 86_400_000;
const APP = 'app';
const TODAY = '2026-11-30';
const day = (ago: number) => new Date(Date.parse(TODAY) - ago * DAY_MS).toISOString().slice(0, 10);

/** Two years of an app's figures by day, beside the plain query that hands over the same readings. */
export async function dailyMetrics({ engine }: BenchOptions): Promise<Metric[]> {
  const db = await freshDatabase(engine);
  await fill(db);
  const plainly = askable(db);
  // As its own housekeeping leaves it a minute after a sync, which nobody waits for here.
  if (engine.name === 'postgres') await plainly.query('VACUUM ANALYZE');
  const ours: number[] = [];
  const plain: number[] = [];
  for (let round = -2; round < SAMPLES; round += 1) {
    const asked = { scope: { accountIds: [ACCOUNT], appId: APP }, range: { from: day(364), to: TODAY } };
    const figures = await worked(engine, () => metricsOf(db, { ...asked, today: TODAY }));
    const least = await worked(engine, () =>
      plainly.query('SELECT * FROM buildDays WHERE accountId = ? AND appId = ? ORDER BY day', [ACCOUNT, APP]),
    );
    if (round < 0) continue;
    ours.push(figures);
    plain.push(least);
  }
  await db.close();
  return [
    {
      name: `figures by day of ${(BUILDS * READINGS).toLocaleString('en')} readings, a year beside the one before ÷ plain query`,
      value: median(ours) / median(plain),
      max: 5,
      how: `processor time, ${median(ours).toFixed(0)} ms against ${median(plain).toFixed(0)} ms for the readings alone, medians of ${SAMPLES} in turn`,
    },
  ];
}

/** Ten builds a week for two years, each read every day until it expires. */
async function fill(db: Database): Promise<void> {
  for (let from = 0; from < BUILDS; from += 100) {
    const ages = Array.from(
      { length: 100 },
      (_, at) => [from + at, Math.floor(((from + at) * 7) / 10)] as const,
    );
    const resources = ages.flatMap(([n, ago]) =>
      aBuild(`b${n}`, APP, {
        train: `1.${Math.floor(n / 50)}`,
        groups: [],
        attributes: {
          ...{ uploadedDate: `${day(ago)}T08:00:00Z`, expired: ago > READINGS, processingState: 'VALID' },
          expirationDate: `${day(ago - READINGS)}T08:00:00Z`,
        },
        detail: { externalBuildState: 'IN_BETA_TESTING' },
      }),
    );
    await db.write(
      upsertStatements({ accountId: ACCOUNT, resources, appId: APP, fetchedAt: 1, source: 'sync' }),
    );
    // Newest first, as no reading of an older day changes what is kept of the newest.
    const readings = ages.flatMap(([n, ago]) =>
      everyReading(ago).map((k) => ({
        ...{ accountId: ACCOUNT, appId: APP, buildId: `b${n}`, day: day(ago - k), readAt: 1 },
        ...{ inviteCount: 200, installCount: k, sessionCount: k * ((n % 9) + 1) },
        ...{ crashCount: Math.floor(k / 9), feedbackCount: Math.floor(k / 30) },
      })),
    );
    for (let some = 0; some < readings.length; some += 2_000)
      await db.write([db.build.insertInto('buildDays').values(readings.slice(some, some + 2_000))]);
  }
}

const everyReading = (ago: number) =>
  Array.from({ length: Math.min(READINGS, ago + 1) }, (_, k) => k).toReversed();
