import { afterAll, beforeAll, expect, it } from 'vitest';
import { appContext } from '@/lib/context';
import { readiness } from '@/lib/services/readiness';
import { type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;

beforeAll(async () => {
  bench = await apiBench();
});
afterAll(() => bench.close());

it('writes its probe once in ten seconds, however often anybody asks', async () => {
  const app = await appContext();
  let now = 1_000_000;
  const ctx = { ...app, clock: { ...app.clock, now: () => now } };
  const probedAt = async () =>
    (await bench.db.query<{ at: number }>("SELECT updatedAt AS at FROM settings WHERE key = 'writeProbe'"))[0]
      ?.at;
  await Promise.all(Array.from({ length: 20 }, () => readiness(ctx)));
  expect(await probedAt()).toBe(1_000_000);
  now += 9_999;
  expect((await readiness(ctx)).checks.database.ok).toBe(true);
  expect(await probedAt()).toBe(1_000_000);
  now += 1;
  await readiness(ctx);
  expect(await probedAt()).toBe(1_010_000);
});
