// A worker process of its own that only deals with feedback, to be killed by tests; LANES says which of it.
import { pino } from 'pino';
import { createAlarm, systemClock } from '@/lib/clock';
import { createContext } from '@/lib/context';
import { readEnv } from '@/lib/env';
import { openDatabase } from '@/lib/store/database';
import { keepPictures } from '@/lib/worker/archive-pictures';
import { collectFeedback } from '@/lib/worker/collect';
import { keepHandovers } from '@/lib/worker/hand-over';

const env = readEnv(process.env, 'worker');
const db = await openDatabase({ url: env.DATABASE_URL, migrationsDir: null });
const log = pino({ level: 'warn', base: null }, pino.destination(2));
const encryptionKey = Buffer.from(process.env.TEST_ENCRYPTION_KEY ?? '', 'base64');
const app = await createContext({ env, db, clock: systemClock, log, encryptionKey });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const LANES = { collect: collectFeedback, pictures: keepPictures, handovers: keepHandovers };
process.stdout.write('ready\n');
await LANES[(process.env.LANES ?? 'collect') as keyof typeof LANES](
  app,
  stop.signal,
  createAlarm(systemClock, stop.signal),
);
await app.close();
