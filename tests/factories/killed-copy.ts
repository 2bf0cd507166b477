// Copies a database and dies when all is written and nothing stands yet.
import path from 'node:path';
import { copyDatabase } from '@/lib/store/copy/move';

const [from = '', to = ''] = process.argv.slice(2);
let looks = 0;
await copyDatabase({
  from,
  to,
  migrationsDir: path.resolve('prisma/migrations'),
  now: Date.now(),
  async inspect() {
    looks += 1;
    if (looks === 2) process.kill(process.pid, 'SIGKILL');
  },
});
