// A web process of its own beside the one of the tests: what is told live, and what changes it.
import { pino } from 'pino';
import { POST as triage } from '@/app/api/feedback/triage/route';
import { POST as handOver } from '@/app/api/hand-over/route';
import { GET as stream } from '@/app/api/stream/route';
import { systemClock } from '@/lib/clock';
import { createContext, setAppContext } from '@/lib/context';
import { readEnv } from '@/lib/env';
import { openDatabase } from '@/lib/store/database';
import { served } from './served';

const HANDLERS = { '/api/stream': stream, '/api/feedback/triage': triage, '/api/hand-over': handOver };

const env = readEnv(process.env, 'web');
const db = await openDatabase({ url: env.DATABASE_URL, migrationsDir: null });
const log = pino({ level: 'warn', base: null }, pino.destination(2));
const encryptionKey = Buffer.from(process.env.TEST_ENCRYPTION_KEY ?? '', 'base64');
setAppContext(await createContext({ env, db, clock: systemClock, log, encryptionKey }));
const { url } = await served(async (request) => {
  const handler = HANDLERS[new URL(request.url).pathname as keyof typeof HANDLERS];
  return handler ? handler(request, { params: Promise.resolve({}) }) : new Response(null, { status: 404 });
});
process.stdout.write(`${url}\n`);
