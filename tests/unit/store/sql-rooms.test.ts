import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** Where SQL may stand; elsewhere the builder of the store makes it. */
const ROOMS = ['lib/store/', 'lib/mirror/'];

/** SQL as it is written in a text: a statement's beginning, or a clause in capitals. */
const BEGINS =
  /^\s*(select\s+\S[\s\S]*\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\S+\s+set\s|delete\s+from\s|(create|drop|alter)\s+(unique\s+)?(table|index|trigger|view)\s|with\s+\S+\s+as\s*\(|pragma\s+\w)/;
const CAPITALS =
  /\b(SELECT\s+\S[\s\S]*\sFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|(INNER|LEFT|CROSS)\s+JOIN|ORDER\s+BY|GROUP\s+BY|WHERE\s+\S+\s*(=|<|>|IN|IS|LIKE|EXISTS)|ON\s+CONFLICT|PRAGMA\s+\w)\b/;
const isSql = (text: string) =>
  CAPITALS.test(text) || (BEGINS.test(text.toLowerCase()) && !/^\s*[A-Z][a-z]/.test(text));

/** Whether a file is worth being parsed. */
const MAY_HOLD =
  /\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA|JOIN|ORDER BY|GROUP BY|WHERE|CONFLICT)\b|['"`]\s*(select|insert|update|delete|create|drop|alter|with|pragma)\s/;

/** The SQL texts of a file: `line: text`. */
function sqlIn(source: string): string[] {
  if (!MAY_HOLD.test(source)) return [];
  const file = ts.createSourceFile('x.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
    if (isText) {
      const text = node.getText(file).slice(1, -1);
      if (isSql(text)) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
        found.push(`${line + 1}: ${text.slice(0, 60)}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe('SQL', () => {
  it('stands in the store and the mirror alone', () => {
    const found = ['lib', 'app', 'components'].flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' })
        .map((file) => path.posix.join(room, file))
        .filter((file) => /\.tsx?$/.test(file) && !ROOMS.some((other) => file.startsWith(other)))
        .flatMap((file) => sqlIn(readFileSync(file, 'utf8')).map((text) => `${file}:${text}`)),
    );
    expect(found).toEqual([]);
  });

  it.each([
    "db.query('SELECT id FROM users WHERE id = ?')",
    'const sql = `select id from "apps" where id = 1`;',
    "['DELETE FROM jobs']",
    'const part = ` ORDER BY name`;',
    'f(`INSERT INTO a VALUES (?)`)',
    "run('update users set name = 1')",
  ])('is seen in %s', (source) => {
    expect(sqlIn(source)).toHaveLength(1);
  });

  it.each([
    "const label = 'Select testers from the list';",
    '// SELECT id FROM users',
    "const words = ['select', 'from', 'where'];",
    "const detail = 'Update the groups and set a limit.';",
  ])('is not seen in %s', (source) => {
    expect(sqlIn(source)).toEqual([]);
  });
});
