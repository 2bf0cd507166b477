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

it.each([
  ['killed with -9, the other takes over', 'SIGKILL'],
  ['stopped until its lease is over, the other takes over and the late one is fenced off', 'SIGSTOP'],
] as const)('R20: of two workers one is %s', async (_, how) => {
  const bench = await peopleBench({ latencyMs: 20 });
  try {
    await takeOver(bench, worker, { rows: 150, how, isPatient: false });
  } finally {
    await bench.close();
  }
});
