import { upsertStatements } from '@/lib/mirror/upsert';
import { readCoverage } from '@/lib/services/adoption/coverage';
import type { Database } from '@/lib/store/database';
import { askable } from '@/tests/factories/database';
import { type BenchOptions, type Metric, median, worked } from './result';
import { ACCOUNT, freshDatabase } from './store';

const TESTERS = 10_000;
const SAMPLES = 40;

/** On which devices and systems an app of many testers is tested, against the plainest query that counts them. */
export async function adoptionMetrics({ engine }: BenchOptions): Promise<Metric[]> {
  const db = await freshDatabase(engine);
  await fill(db);
  const plainly = askable(db);
  // As its own housekeeping leaves it a minute after a sync, which nobody waits for here.
  if (engine.name === 'postgres') await plainly.query('VACUUM ANALYZE');
  const ours: number[] = [];
  const plain: number[] = [];
  for (let round = -5; round < SAMPLES; round += 1) {
    const matrix = await worked(engine, () => readCoverage(db, { accountId: ACCOUNT, appId: 'app' }));
    const least = await worked(engine, () =>
      plainly.query(
        'SELECT deviceModel, osVersion, COUNT(*) AS n FROM betaTesters WHERE accountId = ? AND appId = ? GROUP BY deviceModel, osVersion',
        [ACCOUNT, 'app'],
      ),
    );
    if (round < 0) continue;
    ours.push(matrix);
    plain.push(least);
  }
  await db.close();
  return [
    {
      name: `coverage matrix of ${TESTERS.toLocaleString('en')} testers ÷ plain query`,
      value: median(ours) / median(plain),
      max: 5,
      how: `processor time, ${median(ours).toFixed(1)} ms against ${median(plain).toFixed(1)} ms for counting one device of each by model and system, medians of ${SAMPLES} in turn`,
    },
  ];
}

/** Sixty models, twelve systems and thirty builds in all mixtures; every fifth has two devices. */
async function fill(db: Database): Promise<void> {
  for (let from = 0; from < TESTERS; from += 200) {
    const resources = Array.from({ length: 200 }, (_, at) => {
      const n = from + at;
      const device = (k: number) => ({
        model: `${k % 4 === 0 ? 'iPad' : 'iPhone'}${12 + (k % 6)},${1 + (k % 10)}`,
        platform: 'IOS',
        osVersion: `${k % 3 === 0 ? 18 : 26}.${k % 4}`,
        appBuildVersion: String(100 + ((k * 7) % 30)),
      });
      return {
        type: 'betaTesters',
        id: `tester-${n}`,
        attributes: {
          ...{ firstName: 'T', lastName: String(n), email: `t${n}@example.com` },
          ...{ inviteType: 'EMAIL', state: 'INSTALLED' },
          appDevices: n % 5 === 0 ? [device(n), device(n * 13 + 1)] : [device(n * 11)],
        },
      };
    });
    await db.write(
      upsertStatements({ accountId: ACCOUNT, resources, appId: 'app', fetchedAt: 1, source: 'sync' }),
    );
  }
}
