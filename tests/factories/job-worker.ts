// A worker process of its own that does nothing but jobs, to be killed by tests.
import { pino } from 'pino';
import { systemClock } from '@/lib/clock';
import { createContext } from '@/lib/context';
import { readEnv } from '@/lib/env';
import { runJobs } from '@/lib/jobs/loop';
import { jobRunner } from '@/lib/services/jobs/runner';
import { openDatabase } from '@/lib/store/database';

const env = readEnv(process.env, 'worker');
const db = await openDatabase({ url: env.DATABASE_URL, migrationsDir: null });
const log = pino({ level: 'warn', base: null }, pino.destination(2));
const encryptionKey = Buffer.from(process.env.TEST_ENCRYPTION_KEY ?? '', 'base64');
const app = await createContext({ env, db, clock: systemClock, log, encryptionKey });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.stdout.write('ready\n');
await runJobs(jobRunner(app, { callLimitMs: 1_000 }), stop.signal, { pollMs: 50 });
await app.close();
