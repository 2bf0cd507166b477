/**
 * Writes prisma/migrations/<stamp>_<name>/{migration,postgres}.sql: the SQL that leads from the migrations to
 * schema.prisma, for SQLite and for PostgreSQL. Works offline; the PostgreSQL is one of its own.
 *   node prisma/new-migration.mjs add-saved-views
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaPg } from '@prisma/adapter-pg';
import Sqlite from 'better-sqlite3';
import { startPostgres } from '../scripts/lib/postgres.mjs';
import { difference } from './difference.mjs';
import { asWanted, postgresSchema } from './postgres-schema.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'prisma/migrations');
/** The schema that the migrations lead to. */
const reached = path.join(folder, 'reached-schema.txt');
const name = process.argv[2];
if (!name || !/^[a-z0-9-]+$/.test(name)) {
  console.error('usage: node prisma/new-migration.mjs <name-in-kebab-case>');
  process.exit(1);
}

const schema = readFileSync(path.join(root, 'prisma/schema.prisma'), 'utf8');
const written = { 'migration.sql': await forSqlite(), 'postgres.sql': await forPostgres() };
const unfinished = withoutPostgres();
if (Object.values(written).every((sql) => sql === '')) {
  console.log('The migrations already lead to schema.prisma.');
} else if (written['migration.sql'] === '' && unfinished !== undefined) {
  write(`prisma/migrations/${unfinished}`, 'postgres.sql');
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const target = `prisma/migrations/${stamp}_${name.replaceAll('-', '_')}`;
  mkdirSync(path.join(root, target), { recursive: true });
  for (const file of Object.keys(written)) write(target, file);
}

function write(target, file) {
  // By its name, so that no two files are the same: SQLite's are known by their hashes.
  writeFileSync(
    path.join(root, target, file),
    `${written[file] || `-- ${path.basename(target)}: nothing to do for this engine.`}\n`,
  );
  writeFileSync(reached, schema);
  console.log(`${target}/${file}`);
}

/** The newest migration when it is written for SQLite only. */
function withoutPostgres() {
  const newest = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .at(-1);
  return newest && !existsSync(path.join(folder, newest, 'postgres.sql')) ? newest : undefined;
}

/** From a database in the state the migrations lead to, without the full-text tables that Prisma cannot describe. */
function forSqlite() {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'flightdeck-migration-')), 'scratch.db');
  const scratch = new Sqlite(file);
  for (const entry of readdirSync(folder).sort()) {
    const migration = path.join(folder, entry, 'migration.sql');
    if (existsSync(migration)) scratch.exec(readFileSync(migration, 'utf8'));
  }
  const ours = scratch
    .prepare(
      "SELECT type, name FROM sqlite_master WHERE type = 'trigger' OR sql LIKE 'CREATE VIRTUAL TABLE%'",
    )
    .all();
  for (const { type, name: object } of ours.sort((a, b) => a.type.localeCompare(b.type))) {
    scratch.exec(type === 'trigger' ? `DROP TRIGGER "${object}"` : `DROP TABLE "${object}"`);
  }
  scratch.close();
  return difference(new PrismaBetterSqlite3({ url: `file:${file}` }), schema);
}

/** From the schema that stood at the last migration: Prisma's engine must see a server, but cannot describe one. */
async function forPostgres() {
  const before = existsSync(reached) ? postgresSchema(readFileSync(reached, 'utf8')) : '';
  const server = await startPostgres();
  try {
    const adapter = new PrismaPg({ connectionString: server.url });
    return asWanted(await difference(adapter, postgresSchema(schema), before));
  } finally {
    await server.stop();
  }
}
