/**
 * SQL text of a test, written for SQLite, as PostgreSQL takes it: its places for values have numbers, and its names
 * keep their capitals. What is quoted stays as it is.
 */
export function forPostgres(sql: string): string {
  let place = 0;
  return sql.replace(/'(?:[^']|'')*'|"[^"]*"|\?|\b[a-z]+[A-Z]\w*\b/g, (part) => {
    if (part === '?') {
      place += 1;
      return `$${place}`;
    }
    return /^['"]/.test(part) ? part : `"${part}"`;
  });
}
