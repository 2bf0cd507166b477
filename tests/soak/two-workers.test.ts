import { rmSync } from 'node:fs';
import { afterAll, beforeAll, it } from 'vitest';
import { peopleBench } from '@/tests/factories/people-bench';
import { takeOver } from '@/tests/factories/two-workers';
import { bundleJobWorker } from '@/tests/factories/worker-process';

let worker: string;
beforeAll(async () => {
  worker = await bundleJobWorker();
});
afterAll(() => rmSync(worker, { force: true }));

it('R20: a worker that falls silent is replaced when its lease has really run out', async () => {
  const bench = await peopleBench({ latencyMs: 20 });
  try {
    await takeOver(bench, worker, { rows: 400, how: 'SIGSTOP', isPatient: true });
  } finally {
    await bench.close();
  }
});
