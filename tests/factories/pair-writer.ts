// Writes rows that belong together, each two in one transaction, until it is killed.
import { setImmediate as turn } from 'node:timers/promises';
import { openDatabase } from '@/lib/store/database';

const url = process.argv[2] ?? '';
const store = await openDatabase({ url, migrationsDir: null });
for (let n = 0; ; n += 1) {
  await store.write(
    ['x', 'y'].map((userId) =>
      store.build.insertInto('drafts').values({ userId, key: `${n}`, value: 'z'.repeat(300), updatedAt: n }),
    ),
  );
  if (n === 50) process.stdout.write('writing\n');
  await turn();
}
