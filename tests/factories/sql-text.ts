import { readFileSync } from 'node:fs';

/** Columns that hold yes or no, as the schema of all engines names them. */
const FLAGS = [
  ...new Set(
    [...readFileSync('prisma/schema.prisma', 'utf8').matchAll(/^ +(\w+) +Boolean\b/gm)].map(
      ([, name]) => name,
    ),
  ),
];
const COMPARED = new RegExp(`(\\b(?:${FLAGS.join('|')})\\b\\s*(?:=|<>|IS NOT|IS)\\s*)([01])\\b`, 'g');

const PATCHED = /json_set\(("?\w+"?), ([^()]*)\)/g;

/**
 * SQL text of a test, written for SQLite, as PostgreSQL takes it: its places for values have numbers, its names keep
 * their capitals, what is yes or no is not compared with 1 or 0, and texts are set in JSON by another function. What is
 * quoted stays as it is.
 */
export function forPostgres(sql: string): string {
  let place = 0;
  const told = sql
    .replace(COMPARED, (_all, before: string, flag) => `${before}${flag === '1'}`)
    .replace(PATCHED, (_all, json: string, members: string) => {
      const texts = members.replaceAll(/'\$\.(\w+)', ([^,]+)/g, "'$1', $2::text");
      return `(${json}::jsonb || jsonb_build_object(${texts}))::text`;
    });
  return told.replace(/'(?:[^']|'')*'|"[^"]*"|\?|\b(?:[a-z]+[A-Z]\w*|Account)\b/g, (part) => {
    if (part === '?') {
      place += 1;
      return `$${place}`;
    }
    return /^['"]/.test(part) ? part : `"${part}"`;
  });
}
