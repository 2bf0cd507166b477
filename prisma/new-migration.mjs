/**
 * Writes prisma/migrations/<stamp>_<name>/migration.sql: the SQL that leads from the migrations to schema.prisma.
 * Works offline through Prisma's schema engine compiled to WebAssembly.
 *   node prisma/new-migration.mjs add-saved-views
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import Sqlite from 'better-sqlite3';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'prisma/migrations');
const name = process.argv[2];
if (!name || !/^[a-z0-9-]+$/.test(name)) {
  console.error('usage: node prisma/new-migration.mjs <name-in-kebab-case>');
  process.exit(1);
}

const sql = await difference(
  scratchDatabase(),
  readFileSync(path.join(root, 'prisma/schema.prisma'), 'utf8'),
);
if (!sql || sql.startsWith('-- This is an empty migration')) {
  console.log('The migrations already lead to schema.prisma.');
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const target = path.join(folder, `${stamp}_${name.replaceAll('-', '_')}`);
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, 'migration.sql'), `${sql}\n`);
  console.log(`prisma/migrations/${path.basename(target)}/migration.sql`);
}

/** A database in the state the migrations lead to, without the full-text tables that Prisma cannot describe. */
function scratchDatabase() {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'flightdeck-migration-')), 'scratch.db');
  const scratch = new Sqlite(file);
  for (const entry of existsSync(folder) ? readdirSync(folder).sort() : []) {
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
  return file;
}

async function difference(databaseFile, schema) {
  const engine = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = readFileSync(path.join(root, 'node_modules/@prisma/schema-engine-wasm/schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': engine });
  engine.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const adapter = bindMigrationAwareSqlAdapterFactory(
    new PrismaBetterSqlite3({ url: `file:${databaseFile}` }),
  );
  const files = [{ path: 'schema.prisma', content: schema }];
  const schemaEngine = await engine.SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => {},
    adapter,
  );
  const { stdout } = await schemaEngine.diff({
    from: { tag: 'schemaDatasource', files, configDir: root },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout?.trim();
}
