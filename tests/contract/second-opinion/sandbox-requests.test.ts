import { expect, it } from 'vitest';
import { testDatabase } from '@/tests/factories/database';
import { problemsOf } from '@/tests/factories/lenient-apple-judge';
import { addAccount, quietSandbox, sandboxClient, syncOnce } from '@/tests/factories/synced';

it('a sync of the medium programme asks only what Apple publishes', async () => {
  const sandbox = await quietSandbox({ size: 'medium' });
  const db = await testDatabase();
  await addAccount(db);
  for (const mode of ['full', 'incremental'] as const) {
    expect(await syncOnce(db, sandboxClient(sandbox), { mode })).toMatchObject({ status: 'succeeded', mode });
  }
  const entries = sandbox.parts().requests.entries();
  const problems = entries.flatMap(({ method, url }) =>
    problemsOf({ method, url }).map((problem) => `${url}: ${problem}`),
  );
  expect(problems).toEqual([]);
  expect(entries.length).toBeGreaterThan(50);
  await db.close();
  await sandbox.close();
}, 120_000);
