import { readFileSync } from 'node:fs';

/** A comparison with 1 or 0 of a column that holds yes or no, as the schema of all engines names them. Read when asked. */
let compared: RegExp | undefined;
function comparedFlags(): RegExp {
  const schema = readFileSync('prisma/schema.prisma', 'utf8');
  const flags = new Set([...schema.matchAll(/^ +(\w+) +Boolean\b/gm)].map(([, name]) => name));
  return new RegExp(`(\\b(?:${[...flags].join('|')})\\b\\s*(?:=|<>|IS NOT|IS)\\s*)([01])\\b`, 'g');
}

const PATCHED = /json_set\(("?\w+"?), ([^()]*)\)/g;

/**
 * SQL text of a test, written for SQLite, as PostgreSQL takes it: its places for values have numbers, its names keep
 * their capitals, what is yes or no is not compared with 1 or 0, and texts are set in JSON by another function. What is
 * quoted stays as it is.
 */
export function forPostgres(sql: string): string {
  let place = 0;
  compared ??= comparedFlags();
  const told = sql
    .replace(compared, (_all, before: string, flag) => `${before}${flag === '1'}`)
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
