import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readJob } from '@/lib/jobs/rows';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { ENGINE } from '@/tests/factories/database';
import { importUnderKills } from '@/tests/factories/kill-import';
import { peopleBench } from '@/tests/factories/people-bench';
import { bundleJobWorker, startJobWorker } from '@/tests/factories/worker-process';

let worker: string;
beforeAll(async () => {
  worker = await bundleJobWorker();
});
afterAll(() => rmSync(worker, { force: true }));

/** As many as take a minute; tests/soak has 2,000 rows and 100 kills. A row asks more of PostgreSQL than of a file. */
const R1 = ENGINE === 'postgres' ? { rows: 300, kills: 6 } : { rows: 1000, kills: 14 };

it(`R1: a ${R1.rows}-row import survives kill -9 at ${R1.kills} random moments`, {
  timeout: 600_000,
}, async () => {
  const bench = await peopleBench();
  try {
    await importUnderKills(bench, worker, { ...R1, seed: 20260203 });
  } finally {
    await bench.close();
  }
});

it('R21: SIGTERM in the middle finishes what is being sent and leaves nothing ambiguous', async () => {
  const bench = await peopleBench({ latencyMs: 20 });
  try {
    const text = `Email\n${Array.from({ length: 200 }, (_, i) => `t${i}@example.com`).join('\n')}`;
    const options = importOptions.parse({ appId: bench.appId, groupIds: [bench.groupId] });
    const { jobId } = await startImport(bench.ctx, new TextEncoder().encode(text), options);
    const process = startJobWorker(worker, bench);
    while (((await readJob(bench.db, jobId))?.done ?? 0) < 20)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const asked = Date.now();
    expect(await process.end('SIGTERM')).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
    const open = await bench.db.query(
      "SELECT status FROM jobItems WHERE jobId = ? AND status IN ('sending', 'ambiguous')",
      [jobId],
    );
    expect(open).toEqual([]);
    expect(await readJob(bench.db, jobId)).toMatchObject({ status: 'queued', crashes: 0 });
    const again = startJobWorker(worker, bench);
    while ((await readJob(bench.db, jobId))?.status !== 'done')
      await new Promise((resolve) => setTimeout(resolve, 50));
    await again.end('SIGTERM');
    expect(Object.values(bench.invitations()).filter((n) => n !== 1)).toEqual([]);
  } finally {
    await bench.close();
  }
});
