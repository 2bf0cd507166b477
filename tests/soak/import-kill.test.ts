import { rmSync } from 'node:fs';
import { afterAll, beforeAll, it } from 'vitest';
import { importUnderKills } from '@/tests/factories/kill-import';
import { peopleBench } from '@/tests/factories/people-bench';
import { bundleJobWorker } from '@/tests/factories/worker-process';

let worker: string;
beforeAll(async () => {
  worker = await bundleJobWorker();
});
afterAll(() => rmSync(worker, { force: true }));

it('R1: a 2,000-row import survives kill -9 at 100 random moments', async () => {
  const bench = await peopleBench();
  try {
    const seed = Math.floor(Math.random() * 1e9);
    await importUnderKills(bench, worker, { rows: 2000, kills: 100, seed });
  } finally {
    await bench.close();
  }
});
