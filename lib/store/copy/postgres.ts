import pg from 'pg';
import { BackupError } from '../backup-error';
import { codeOf, isLost } from '../errors';
import { shownAddress as shown, whyClosed } from '../postgres-trouble';
import { PARSERS } from '../postgres-types';
import type { Source, Target } from './sides';
import { HISTORY, listed, namesOf, nextChunk, type Row, type Table, withoutNul } from './tables';

/** How many rows to ask for before it is known how long they are. */
const FIRST_CHUNK = 8;
/** How long to wait for somebody who holds a table, ms. */
const LOCK_MS = 10_000;

/** A moment of a PostgreSQL database. @throws BackupError when it cannot be read or is not one of ours */
export function postgresSource(url: string): Promise<Source> {
  return connected(url, 'ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) => {
    const applied = await appliedTo(client);
    if (applied.length === 0) throw new BackupError(`There is no database of Flightdeck at ${shown(url)}.`);
    return { applied, ...reading(client, url), close: () => ended(client) };
  });
}

/** Names of the migrations that a PostgreSQL database has; none when it is not one of ours. @throws BackupError */
export function postgresApplied(url: string): Promise<string[]> {
  return connected(url, 'READ ONLY', async (client) => {
    const applied = await appliedTo(client);
    await ended(client);
    return applied;
  });
}

/** A database with its schema, empty of rows, that is filled. Nobody writes to it meanwhile. @throws BackupError */
export function postgresTarget(url: string, tables: readonly Table[]): Promise<Target> {
  return connected(url, '', async (client) => {
    await client.query(`LOCK TABLE ${listed(tables.map(({ name }) => name))} IN SHARE ROW EXCLUSIVE MODE`);
    // What triggers would write is copied. Switched off in this transaction, so a break leaves them on.
    const triggers = async (word: 'DISABLE' | 'ENABLE') => {
      for (const { name } of tables) await client.query(`ALTER TABLE "${name}" ${word} TRIGGER USER`);
    };
    await triggers('DISABLE');
    return {
      ...filling(client, url),
      ...reading(client, url),
      commit: () =>
        saying(url, async () => {
          await triggers('ENABLE');
          await committed(client, url);
          // The planner knows nothing of these rows yet, and would read whole tables until it did.
          await client.query(`ANALYZE ${listed(tables.map(({ name }) => name))}`).catch(() => undefined);
          await ended(client);
        }),
      close: () => ended(client),
    };
  });
}

async function committed(client: pg.Client, url: string): Promise<void> {
  await client.query('COMMIT').catch((error: unknown) => {
    if (!isLost(error)) throw error;
    throw new BackupError(
      `The connection to ${shown(url)} broke at the last step, so it is not known whether everything is in it. ` +
        'Give the same command again: it says so when nothing is left to do.',
      { cause: error },
    );
  });
}

async function connected<T>(url: string, mode: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'flightdeck copy',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser: (oid, format) => PARSERS[oid] ?? pg.types.getTypeParser(oid, format) },
  });
  // What breaks is told by the next question; unheard, it would end the process.
  client.on('error', () => undefined);
  return saying(url, async () => {
    await client.connect().catch(async (error: unknown) => {
      await ended(client);
      const why = whyNot(error, url);
      throw why === null ? error : new BackupError(why, { cause: error });
    });
    try {
      // The other side may take its time, and so may a long table.
      await client.query(`SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
        SET lock_timeout = ${LOCK_MS}; SET extra_float_digits = 1; BEGIN ${mode}`);
      return await work(client);
    } catch (error) {
      await ended(client);
      throw error;
    }
  });
}

/** A connection that ends takes its transaction back. */
const ended = (client: pg.Client) => client.end().catch(() => undefined);

async function appliedTo(client: pg.Client): Promise<string[]> {
  const there = await client.query('SELECT to_regclass($1) AS name', [`"${HISTORY}"`]);
  if (there.rows[0]?.name === null) return [];
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM "${HISTORY}" ORDER BY migration_name COLLATE "C"`,
  );
  return rows.map(({ name }) => name);
}

const reading = (client: pg.Client, url: string): Pick<Source, 'chunks' | 'counters'> => ({
  async *chunks(table) {
    const columns = listed(namesOf(table));
    const ask = (text: string) =>
      saying(url, () =>
        client.query<Row[]>({ text, rowMode: 'array' }).then(({ rows }) => rows as unknown as Row[]),
      );
    await ask(
      `DECLARE copied NO SCROLL CURSOR FOR SELECT ${columns} FROM "${table.name}" ORDER BY ${listed(table.key)}`,
    );
    let size = FIRST_CHUNK;
    for (;;) {
      const rows = await ask(`FETCH ${size} FROM copied`);
      if (rows.length === 0) break;
      yield rows;
      size = nextChunk(rows);
    }
    await ask('CLOSE copied');
  },
  async counters(tables) {
    const counters = new Map<string, number>();
    for (const { name, counter } of tables) {
      if (counter === null) continue;
      const { rows } = await saying(url, () =>
        client.query<{ last: number | null }>(
          'SELECT pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass) AS last',
          [`"${name}"`, counter],
        ),
      );
      const last = rows[0]?.last ?? null;
      if (last !== null) counters.set(name, last);
    }
    return counters;
  },
});

const filling = (client: pg.Client, url: string): Pick<Target, 'clear' | 'put' | 'setCounters'> => ({
  async clear({ name }) {
    await saying(url, () => client.query(`DELETE FROM "${name}"`));
  },
  async put(table, rows) {
    const columns = listed(namesOf(table));
    const text = `INSERT INTO "${table.name}" (${columns}) SELECT ${columns}
      FROM json_populate_recordset(NULL::"${table.name}", $1::json)`;
    await saying(url, () => client.query({ name: `put ${table.name}`, text, values: [asJson(table, rows)] }));
  },
  async setCounters(tables, counters) {
    for (const { name, counter } of tables) {
      const last = counters.get(name) ?? 0;
      if (counter === null || last < 1) continue;
      await saying(url, () =>
        client.query('SELECT setval(pg_get_serial_sequence($1, $2)::regclass, $3)', [
          `"${name}"`,
          counter,
          last,
        ]),
      );
    }
  },
});

/** Rows as one value: a statement may have 65,535 parameters, which a few thousand rows go beyond. */
function asJson(table: Table, rows: readonly Row[]): string {
  const names = namesOf(table);
  return JSON.stringify(
    rows.map((row) => Object.fromEntries(row.map((cell, at) => [names[at], jsonCell(cell)]))),
  );
}

function jsonCell(cell: Row[number]): string | number | null {
  if (typeof cell === 'string') return withoutNul(cell);
  return cell instanceof Uint8Array ? `\\x${Buffer.from(cell).toString('hex')}` : cell;
}

/** What the server or the network refuses is said with the place it is about, and never with a password. */
export async function saying<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof BackupError ? null : refusalOf(error, url);
    throw reason === null ? error : new BackupError(reason, { cause: error });
  }
}

function refusalOf(error: unknown, url: string): string | null {
  const code = codeOf(error);
  const where = shown(url);
  if (isLost(error)) {
    return `The connection to ${where} broke: nothing was changed. Give the same command again.`;
  }
  if (code === '42P07' || code === '42710') {
    return `${where} holds tables of the same names that are not Flightdeck's. Name an empty database.`;
  }
  if (code === '55P03' || code === '40P01') {
    return `Somebody else is working in ${where}. Stop what uses it and give the same command again.`;
  }
  return whyNot(error, url);
}

/** Why the database cannot be used at all, in the words of opening one. */
function whyNot(error: unknown, url: string): string | null {
  const why = whyClosed(error, url);
  return why && `${shown(url)} ${why.message}`;
}
