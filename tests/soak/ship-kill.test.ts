import { rmSync } from 'node:fs';
import { afterAll, beforeAll, it } from 'vitest';
import { shipUnderKills } from '@/tests/factories/kill-ship';
import { peopleBench } from '@/tests/factories/people-bench';
import { bundleJobWorker } from '@/tests/factories/worker-process';

let worker: string;
beforeAll(async () => {
  worker = await bundleJobWorker();
});
afterAll(() => rmSync(worker, { force: true }));

it('R31: a ship survives kill -9 at each of its writes, and nothing is sent or mailed twice', async () => {
  const bench = await peopleBench({ seed: 4 });
  try {
    await shipUnderKills(bench, worker);
  } finally {
    await bench.close();
  }
});
