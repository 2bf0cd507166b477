import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

let engine;

/** The engine, which can be loaded once in a process. */
async function load() {
  const module = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = readFileSync(path.join(root, 'node_modules/@prisma/schema-engine-wasm/schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': module });
  module.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  global.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(message) };
  return module;
}

/**
 * The SQL that leads to a schema; '' when there is nothing to do. Works offline through Prisma's schema engine compiled
 * to WebAssembly.
 * @param {object} adapter a migration-aware adapter of Prisma for the engine
 * @param {string} to text of the schema
 * @param {string} [from] text of the schema before; without it the database of the adapter is where it begins
 */
export async function difference(adapter, to, from) {
  engine ??= await load();
  const schemaEngine = await engine.SchemaEngine.new(
    { datamodels: [['schema.prisma', to]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  const files = (content) => [{ path: 'schema.prisma', content }];
  const before = from === '' ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: files(from) };
  const { stdout } = await schemaEngine.diff({
    from: from === undefined ? { tag: 'schemaDatasource', files: files(to), configDir: root } : before,
    to: { tag: 'schemaDatamodel', files: files(to) },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  const sql = stdout?.trim() ?? '';
  return sql.startsWith('-- This is an empty migration') ? '' : sql;
}
