import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const FOLDERS = [
  'app',
  'components',
  'lib',
  'prisma',
  'public',
  'tests',
  'scripts',
  'docs',
  '.ci',
  '.github',
];
const documents = ['.', 'docs', 'docs/decisions', '.github'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name)),
);

const text = (file) => readFileSync(file, 'utf8');
/** What stands in a document outside its blocks of code. */
const prose = (file) => text(file).replace(/^```[\s\S]*?^```/gm, '');

it('leads to files and headings that are there', () => {
  const dead = documents.flatMap((file) =>
    [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [target = '', heading] = link.split('#');
      const at = target === '' ? file : path.join(path.dirname(file), target);
      if (!existsSync(at)) return [`${file}: ${link}`];
      return heading === undefined || headings(at).includes(heading) ? [] : [`${file}: ${link}`];
    }),
  );
  expect(dead).toEqual([]);
});

/** The anchors of a document, as GitHub makes them. */
function headings(file) {
  return [...prose(file).matchAll(/^#+ (.+)$/gm)].map(([, words = '']) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

it('names paths of the project that are there', () => {
  const named = new RegExp(`^(?:${FOLDERS.map((name) => name.replace('.', '\\.')).join('|')})/`);
  const dead = documents.flatMap((file) =>
    [...prose(file).matchAll(/`([^`\n]+)`/g)]
      .map(([, code = '']) => code.split(/[\s,:#]/)[0] ?? '')
      .filter((code) => named.test(code) && !/[<>{}…]/.test(code))
      .filter((code) => !isThere(code))
      .map((code) => `${file}: ${code}`),
  );
  expect(dead).toEqual([]);
});

/** A path, a pattern with stars, or a file without its ending. */
function isThere(code) {
  if (existsSync(code)) return true;
  const folder = path.dirname(code);
  const parts = path.basename(code).split('*');
  const named = new RegExp(
    `^${parts.map((part) => part.replace(/[.+?^()|[\]\\]/g, '\\$&')).join('.*')}(\\..*)?$`,
  );
  return existsSync(folder) && readdirSync(folder).some((name) => named.test(name));
}

it('names tests of the promises on security that are there', () => {
  const files = readdirSync('tests', { recursive: true }).map(String);
  const named = [...prose('docs/security.md').matchAll(/\[([^\]]*?(?:unit|api|e2e|contract|store)[^\]]*)\]/g)]
    .flatMap(([, list = '']) => list.split(/[:,]/))
    .map((name) => name.trim())
    .filter((name) => /^(unit|api|e2e|contract|store)(\/|$)/.test(name));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !files.some((file) => file.startsWith(name)))).toEqual([]);
});

it('names every migration since the first version', () => {
  const named = text('CHANGELOG.md');
  const after = '20261121135803';
  const names = readdirSync('prisma/migrations')
    .filter((name) => /^\d{14}_/.test(name) && name.slice(0, 14) > after)
    .map((name) => name.slice(15));
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(named))).toEqual([]);
});
