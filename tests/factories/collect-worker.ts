// A worker process of its own that only collects feedback, to be killed by tests.
import { pino } from 'pino';
import { createAlarm, systemClock } from '@/lib/clock';
import { createContext } from '@/lib/context';
import { readEnv } from '@/lib/env';
import { openDatabase } from '@/lib/store/database';
import { collectFeedback } from '@/lib/worker/collect';

const env = readEnv(process.env, 'worker');
const db = await openDatabase({ url: env.DATABASE_URL, migrationsDir: null });
const log = pino({ level: 'warn', base: null }, pino.destination(2));
const encryptionKey = Buffer.from(process.env.TEST_ENCRYPTION_KEY ?? '', 'base64');
const app = await createContext({ env, db, clock: systemClock, log, encryptionKey });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.stdout.write('ready\n');
await collectFeedback(app, stop.signal, createAlarm(systemClock, stop.signal));
await app.close();
