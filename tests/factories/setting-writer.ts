import { createInterface } from 'node:readline';
import { openDatabase } from '@/lib/store/database';

/** A process that writes each line it is given as a setting of the database of its address, and then says it. */
const db = await openDatabase({ url: process.argv[2] ?? '', migrationsDir: null });
for await (const value of createInterface({ input: process.stdin })) {
  const row = { key: 'elsewhere', value, updatedAt: 1 };
  await db.write([
    db.build
      .insertInto('settings')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
  ]);
  process.stdout.write(`${value}\n`);
}
