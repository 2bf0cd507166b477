import { expect } from 'vitest';
import { countItems, readItems, readJob } from '@/lib/jobs/rows';
import { seededRandom } from '@/lib/sandbox/http/faults';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import type { PeopleBench } from './people-bench';
import { startJobWorker } from './worker-process';

export interface KillPlan {
  readonly rows: number;
  readonly kills: number;
  readonly seed: number;
}

/**
 * R1: imports `rows` people and kills the worker with SIGKILL at `kills` random moments, starting it again each time.
 * Then each address must be invited exactly once, none lost, and everything uncertain settled.
 */
export async function importUnderKills(bench: PeopleBench, worker: string, plan: KillPlan): Promise<void> {
  const addresses = Array.from(
    { length: plan.rows },
    (_, i) => `r1-${String(i).padStart(5, '0')}@example.com`,
  );
  const text = `First,Last,Email\n${addresses.map((email, i) => `F${i},L${i},${email}`).join('\n')}`;
  const options = importOptions.parse({ appId: bench.appId, groupIds: [bench.groupId] });
  const { jobId } = await startImport(bench.ctx, new TextEncoder().encode(text), options);
  const random = seededRandom(plan.seed);
  console.log(`R1: ${plan.rows} rows, ${plan.kills} kills, seed ${plan.seed}`);

  const finished = async () => {
    const { done, failed } = await countItems(bench.db, jobId);
    return done + failed;
  };
  let slowestResumeMs = 0;
  let inFlight = 0;
  for (let kill = 0; kill < plan.kills; kill += 1) {
    const process = startJobWorker(worker, bench);
    await process.ready;
    const readyAt = Date.now();
    const before = await finished();
    // The kills are spread over the whole import, each a random bit after a random number of rows.
    const goal = Math.min(plan.rows - 1, Math.floor(((kill + random()) * plan.rows) / (plan.kills + 1)));
    while ((await finished()) <= before && Date.now() - readyAt < 20_000) await pause(20);
    slowestResumeMs = Math.max(slowestResumeMs, Date.now() - readyAt);
    while ((await finished()) < goal && Date.now() - readyAt < 60_000) await pause(20);
    await pause(random() * 25);
    await process.end('SIGKILL');
    inFlight += (await countItems(bench.db, jobId)).sending + (await countItems(bench.db, jobId)).ambiguous;
  }
  const last = startJobWorker(worker, bench);
  const deadline = Date.now() + 120_000;
  while ((await readJob(bench.db, jobId))?.status !== 'done' && Date.now() < deadline) await pause(50);
  expect(await last.end('SIGTERM')).toBe(0);

  expect(await readJob(bench.db, jobId)).toMatchObject({
    status: 'done',
    done: plan.rows,
    failed: 0,
    total: plan.rows,
  });
  const invitations = bench.invitations();
  expect(addresses.filter((address) => invitations[address] !== 1)).toEqual([]);
  expect([...bench.testers()].filter(([email]) => email.startsWith('r1-'))).toHaveLength(plan.rows);
  expect(await countItems(bench.db, jobId)).toMatchObject({ sending: 0, ambiguous: 0, pending: 0 });
  expect(await openAudit(bench, jobId)).toEqual([]);
  const reconciled = (await readItems(bench.db, jobId, { limit: plan.rows })).filter(
    (item) => item.reconciledAt !== null,
  );
  console.log(
    `R1: ${inFlight} rows were in the air at a kill, ${reconciled.length} found done, slowest resume ${slowestResumeMs} ms`,
  );
  expect(slowestResumeMs).toBeLessThan(10_000);
}

/** Every audit row of the job has its outcome. */
async function openAudit(bench: PeopleBench, jobId: string): Promise<unknown[]> {
  return bench.db.query(
    "SELECT label, status FROM auditEntries WHERE jobId = ? AND status IN ('pending', 'unknown')",
    [jobId],
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
