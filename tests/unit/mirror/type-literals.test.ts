import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { RESOURCE_TYPES } from '@/lib/asc/catalogue/types';

/** Code that treats all types alike: what a type is like, it asks of the catalogue or of the mirror's own tables. */
const GENERIC = [
  'lib/services/history',
  'lib/services/search.ts',
  'lib/services/place.ts',
  'lib/services/look-again.ts',
  'lib/services/undo.ts',
  'lib/services/lists.ts',
  'lib/services/resources',
  'lib/sync',
  'lib/mirror',
  'lib/jobs',
  'lib/http/core',
];

/** Files that are about types one by one, each with its reason. */
const OWN: Readonly<Record<string, string>> = {
  'lib/services/history/parts.ts': 'the phrase book: what each type is called in a sentence',
  'lib/services/history/sentence.ts': 'the phrase book: one sentence for each act on each type',
  'lib/services/history/targets.ts':
    'the phrase book: whom the sentences about testers, groups and builds name',
  'lib/sync/completion.ts':
    'the requests that read each relationship to its end: Apple offers each another way',
  'lib/sync/placed.ts': 'the requests that ask for the app of a group and of a build',
  'lib/mirror/query/testers.ts': 'lists of testers; `apps` is a filter there',
};

const TYPES = new Set<string>(RESOURCE_TYPES);
const EQUALS = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
]);

function isType(node: ts.Node): boolean {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return isType(node.expression);
  return ts.isStringLiteralLike(node) && TYPES.has(node.text);
}

function decides(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node))
    return EQUALS.has(node.operatorToken.kind) && (isType(node.left) || isType(node.right));
  if (ts.isCaseClause(node)) return isType(node.expression);
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { name, expression: list } = node.expression;
  // ['betaGroups', 'builds'].includes(type)
  return name.text === 'includes' && ts.isArrayLiteralExpression(list) && list.elements.some(isType);
}

/** Where a source decides by a type's literal: `line: text`. */
function decisionsIn(source: string): string[] {
  const file = ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (decides(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      found.push(`${line + 1}: ${node.getText(file).slice(0, 60)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function filesOf(room: string): string[] {
  if (statSync(room).isFile()) return [room];
  return readdirSync(room, { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(room, file))
    .filter((file) => file.endsWith('.ts'));
}

describe('a literal of a resource type', () => {
  it('decides nothing in generic code', () => {
    const found = GENERIC.flatMap(filesOf)
      .filter((file) => !Object.hasOwn(OWN, file))
      .flatMap((file) => decisionsIn(readFileSync(file, 'utf8')).map((text) => `${file}:${text}`));
    expect(found).toEqual([]);
  });

  it.each(Object.keys(OWN))('decides in %s, or the file is listed for nothing', (file) => {
    expect(decisionsIn(readFileSync(file, 'utf8'))).not.toEqual([]);
  });

  it.each([
    "if (type === 'betaTesters') f();",
    "const x = 'builds' !== resource.type ? 1 : 2;",
    "switch (type) { case 'betaGroups': f(); }",
    "if (['betaGroups', 'builds'].includes(type)) f();",
    'if (type === `apps`) f();',
    "if (type == ('users' as string)) f();",
  ])('is seen in %s', (source) => {
    expect(decisionsIn(source)).toHaveLength(1);
  });

  it.each([
    "const FACTS = { betaTesters: { table: 'betaTesters' } };",
    "build.selectFrom('builds')",
    "if (entryOf(type).calledBy === 'person') f();",
    'if (type === BUILD) f();',
    "expect(type, 'betaTesters')",
    "names.includes('builds')",
  ])('is not seen in %s', (source) => {
    expect(decisionsIn(source)).toEqual([]);
  });
});
