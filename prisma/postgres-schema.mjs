/**
 * The schema as PostgreSQL has it: the same models under another provider. There is no second file to keep alike.
 * @param {string} schema text of schema.prisma
 */
export function postgresSchema(schema) {
  const derived = schema.replace('provider = "sqlite"', 'provider = "postgresql"');
  if (derived === schema) throw new Error('schema.prisma names no SQLite provider.');
  return derived;
}

/**
 * Prisma's SQL as this store wants it: text sorts by its code points, as in SQLite, whatever the server's language, and
 * tables go where the connection's search path says.
 * @param {string} sql
 */
export function asWanted(sql) {
  return sql
    .replace(/^-- CreateSchema\nCREATE SCHEMA .*\n\n/, '')
    .replace(/^(\s*(?:ALTER TABLE "\w+" )?(?:ADD COLUMN\s+)?"\w+"\s+TEXT)\b/gm, '$1 COLLATE "C"');
}
