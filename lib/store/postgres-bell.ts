import { Socket } from 'node:net';
import pg from 'pg';
import { type Clock, createAlarm } from '@/lib/clock';
import { BELL } from './feed';

/** What its connections are called in `pg_stat_activity`. */
export const BELL_CONNECTION = 'flightdeck-bell';

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** How soon a line that is silent is tried, ms. */
const KEEP_ALIVE_MS = 30_000;

interface Server {
  readonly url: string;
  /** How long to wait for a connection, ms. */
  readonly connectMs: number;
}

/**
 * Rings at every NOTIFY of the bell, on a connection of its own that is made anew when it breaks, until `signal` is
 * aborted. Rings also when it has a connection again: what was rung meanwhile is heard by nobody.
 */
export async function hearBell(
  server: Server,
  ring: () => void,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const pausing = createAlarm(clock, signal);
  let pause = SHORTEST_PAUSE_MS;
  while (!signal.aborted) {
    const wasHeard = await hearUntilLost(server, ring, signal);
    pause = wasHeard ? SHORTEST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
    await pausing.sleep(pause);
  }
}

/** Whether a connection was had at all. */
async function hearUntilLost(
  { url, connectMs }: Server,
  ring: () => void,
  signal: AbortSignal,
): Promise<boolean> {
  // Its own, to be cut at once: the driver waits for a server that may not answer any more.
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    application_name: BELL_CONNECTION,
    connectionTimeoutMillis: connectMs,
    query_timeout: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    stream: () => socket,
  });
  const cut = () => void socket.destroy();
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  client.on('notification', ring);
  signal.addEventListener('abort', cut, { once: true });
  try {
    await client.connect();
    await client.query(`LISTEN ${BELL}`);
    ring();
    await lost;
    return true;
  } catch {
    // Whoever listens reads by a poll meanwhile, and says there when the server cannot be reached.
    return false;
  } finally {
    signal.removeEventListener('abort', cut);
    cut();
  }
}
