import Sqlite from 'better-sqlite3';

/** Texts that differ between engines, encodings or languages when something is done to them on the way. */
const TEXTS = [
  'Müller, Ärzte & Söhne',
  'O\'Brien "the \\ second" {a,b} $1 ?1',
  'line\nbreak\ttab\r\u0001',
  '試験 👩🏽‍🚀 \u202Eright to left',
  'e\u0301 and \u00e9',
  '',
  '\\x41 \\u0041 NULL null',
  '{"a":[1,2,{"b":"\\u00fc"}]}',
  'z'.repeat(3_000),
];
const NUMBERS = [0, 1, 7, 1_764_000_000_000, -5, Number.MAX_SAFE_INTEGER, 2_147_483_647];
const SHARES = [0.1, 1 / 3, 0, 1e-7, 123_456.789];

/** Puts rows of every kind of value into every table of an SQLite database, past the store. */
export function fill(file: string, rows = 25): void {
  const sqlite = new Sqlite(file);
  const tables = sqlite
    .prepare<[], { name: string }>(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
       AND name NOT LIKE 'sqlite%' AND name NOT IN ('_prisma_migrations', 'betaTesterCounts', 'feedbackWords')`,
    )
    .all();
  const columnsOf = sqlite.prepare<[string], { name: string; type: string; notnull: number; pk: number }>(
    'SELECT name, type, "notnull", pk FROM pragma_table_info(?)',
  );
  const uniqueOf = sqlite.prepare<[string], { name: string }>(
    `SELECT DISTINCT i.name FROM pragma_index_list(?) AS l, pragma_index_info(l.name) AS i WHERE l."unique" = 1`,
  );
  sqlite.transaction(() => {
    for (const { name } of tables) {
      const unique = new Set(uniqueOf.all(name).map((column) => column.name));
      const columns = columnsOf
        .all(name)
        .map((column) => ({ ...column, isUnique: column.pk > 0 || unique.has(column.name) }));
      const insert = sqlite.prepare(
        `INSERT INTO "${name}" (${columns.map((column) => `"${column.name}"`).join(', ')})
         VALUES (${columns.map(() => '?').join(', ')})`,
      );
      for (let n = 1; n <= rows; n += 1) {
        insert.run(...columns.map((column, at) => cellOf(column, n, n + at)));
      }
    }
    // Its number was given out and must never be given again.
    sqlite.exec(`DELETE FROM "betaTesters" WHERE "rowKey" = ${rows * 3}`);
    // Nobody looks like a worker.
    sqlite.exec(`UPDATE "leases" SET "expiresAt" = 0`);
  })();
  sqlite.close();
}

function cellOf(
  { type, notnull, pk, isUnique }: { type: string; notnull: number; pk: number; isUnique: boolean },
  n: number,
  mixed: number,
): string | number | Buffer | null {
  if (type === 'INTEGER' && pk > 0) return n * 3;
  if (isUnique) {
    return type === 'TEXT' ? `${TEXTS[n % TEXTS.length]?.slice(0, 40)}·${n}` : n;
  }
  if (!notnull && mixed % 4 === 0) return null;
  if (type === 'BOOLEAN') return mixed % 2;
  if (type === 'REAL') return SHARES[mixed % SHARES.length] ?? 0;
  if (type === 'BLOB') return Buffer.from(Array.from({ length: 300 }, (_, byte) => (byte * mixed) % 256));
  if (type === 'INTEGER') return mixed % 3 === 0 ? 2_147_483_647 : mixed;
  if (type === 'BIGINT') return NUMBERS[mixed % NUMBERS.length] ?? 0;
  return TEXTS[mixed % TEXTS.length] ?? '';
}
