// Asks for a lease until it has it, says when it is refused and at last its token, and keeps it while it lives.
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '@/lib/store/database';
import { acquireLease, ownerName } from '@/lib/store/lease';

const url = process.argv[2] ?? '';
const store = await openDatabase({ url, migrationsDir: null });
const me = ownerName();
for (;;) {
  const lease = await acquireLease(store, 'shared', me, Date.now());
  if (lease) {
    process.stdout.write(`token ${lease.token}\n`);
    break;
  }
  process.stdout.write('refused\n');
  await delay(20);
}
setInterval(() => {}, 1000);
