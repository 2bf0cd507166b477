import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '@/tests/factories/database';
import { asAdmin, MIGRATIONS, testPostgres } from '@/tests/factories/stores';

/** The models without what makes no difference to a database. */
const models = (schema: string) =>
  schema
    .replace(/^generator [^}]*\}/gm, '')
    .replace(/\/\/.*$/gm, '')
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '');

describe('the schema of both engines', () => {
  it('is the one the migrations were last written for', () => {
    const wanted = models(readFileSync('prisma/schema.prisma', 'utf8'));
    const reached = models(readFileSync(path.join(MIGRATIONS, 'reached-schema.txt'), 'utf8'));
    // When they differ: node prisma/new-migration.mjs add-<thing>
    expect(reached).toEqual(wanted);
  });

  it('has the same tables, columns, keys and indexes after all migrations', async () => {
    const sqlite = await testDatabase();
    const postgres = await testPostgres();
    const ofSqlite = await sqlite.query<{ what: string }>(`
      SELECT t.name || '.' || c.name || CASE WHEN c."notnull" OR c.pk THEN '' ELSE '?' END
        || CASE WHEN c.pk THEN ' key ' || c.pk ELSE '' END || ' ' || CASE c.type
          WHEN 'BIGINT' THEN 'bigint' WHEN 'INTEGER' THEN 'integer' WHEN 'TEXT' THEN 'text' WHEN 'REAL' THEN 'double precision'
          WHEN 'BOOLEAN' THEN 'boolean' WHEN 'BLOB' THEN 'bytea' ELSE c.type END AS what
      FROM sqlite_master t JOIN pragma_table_info(t.name) c
      WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND t.name NOT LIKE 'sqlite_%'
        AND t.name NOT LIKE 'testerSearch%' AND t.name NOT LIKE 'feedbackSearch%' AND t.name <> '_prisma_migrations'
      UNION ALL
      SELECT 'index ' || name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`);
    const ofPostgres = await asAdmin(
      (admin) =>
        admin.query<{ what: string }>(`
      SELECT c.table_name || '.' || c.column_name || CASE c.is_nullable WHEN 'YES' THEN '?' ELSE '' END
        || coalesce(' key ' || k.ordinal_position, '') || ' ' || c.data_type AS what
      FROM information_schema.columns c
      LEFT JOIN (information_schema.key_column_usage k JOIN information_schema.table_constraints t
          ON t.constraint_name = k.constraint_name AND t.constraint_type = 'PRIMARY KEY')
        ON k.table_name = c.table_name AND k.column_name = c.column_name
      WHERE c.table_schema = 'public' AND c.table_name <> '_prisma_migrations'
      UNION ALL
      SELECT 'index ' || indexname FROM pg_indexes
      WHERE schemaname = 'public' AND indexname !~ '_pkey$' AND indexname NOT IN ('betaTesters_search', 'feedbackWords_search')`),
      postgres.url,
    );
    await postgres.close();
    await sqlite.close();
    const sorted = (rows: { what: string }[]) => rows.map(({ what }) => what).sort();
    expect(sorted(ofPostgres.rows)).toEqual(sorted(ofSqlite));
    expect(ofSqlite.length).toBeGreaterThan(200);
  });
});
