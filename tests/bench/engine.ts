import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { scratchFolder } from './processes';

/** Where databases of a run are made, and what their server costs. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  /** The address of a database that is empty or not there yet. */
  newDatabase(): Promise<string>;
  sizeMb(url: string): Promise<number>;
  /** Processor time the server of databases has used so far, ms; nothing where there is none or it is not known. */
  workedMs(): number;
  stop(): Promise<void>;
}

/** SQLite: a file in a folder of its own, and no server. */
export function sqliteEngine(): Engine {
  return {
    name: 'sqlite',
    newDatabase: async () => `file:${path.join(scratchFolder(), 'flightdeck.db')}`,
    sizeMb: async (url) => statSync(url.slice('file:'.length)).size / 1e6,
    workedMs: () => 0,
    stop: async () => undefined,
  };
}

/** A PostgreSQL that runs already. */
export function postgresEngine(server: string, pid: number | undefined): Engine {
  const made: string[] = [];
  const asked = async <Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    name: 'postgres',
    async newDatabase() {
      const name = `bench_${process.pid}_${made.length}`;
      await asked(server, `CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'UTF8'`);
      made.push(name);
      const url = new URL(server);
      url.pathname = `/${name}`;
      return url.href;
    },
    async sizeMb(url) {
      const [row] = await asked<{ bytes: string }>(
        url,
        'SELECT pg_database_size(current_database()) AS bytes',
      );
      return Number(row?.bytes) / 1e6;
    },
    workedMs: () => (pid === undefined ? 0 : familyMs(pid)),
    async stop() {
      for (const name of made) await asked(server, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    },
  };
}

/** Processor time of a process, of its children and of those it has buried, ms. */
function familyMs(pid: number): number {
  let sum = ticksMs(pid, 4);
  for (const child of readdirSync('/proc')) {
    if (!/^\d+$/.test(child)) continue;
    try {
      if (Number(fieldsOf(child)[1]) !== pid) continue;
      // Of a process with one thread: to the nanosecond, where a tick is ten milliseconds.
      sum += Number(readFileSync(`/proc/${child}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
    } catch {
      // It has ended since.
    }
  }
  return sum;
}

/** Processor time of a process with all its threads so far, ms; not known outside Linux. */
export function processorMs(pid: number): number | undefined {
  try {
    return ticksMs(pid, 2);
  } catch {
    return undefined;
  }
}

const TICK_MS = 10;

/** `utime`, `stime`, and with four those of its buried children. */
function ticksMs(pid: number, fields: 2 | 4): number {
  const times = fieldsOf(pid).slice(11, 11 + fields);
  return times.reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
}

/** What stands behind the name of a program, which may hold anything: its state, its parent, … */
const fieldsOf = (pid: number | string): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
