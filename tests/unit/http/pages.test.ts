import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isPage, PAGES } from '@/lib/http/core/pages';
import { misspelling } from '@/lib/http/core/well-formed';

describe('which paths are pages', () => {
  it('is what the file system has', () => {
    const found = readdirSync('app', { recursive: true, encoding: 'utf8' })
      .filter((file) => path.basename(file) === 'page.tsx' && !file.includes('[...'))
      .map(
        (file) =>
          `/${path.dirname(file)}`
            .replace(/\/\([^)]+\)/g, '')
            .replace(/\[[^\]]+\]/g, '*')
            .replace(/\/\.$/, '') || '/',
      );
    expect([...PAGES].sort()).toEqual(found.sort());
  });

  it.each(['/', '/apps/1', '/apps/1/', '/apps/1/groups/a%2Fb', '/settings/keys'])('%s is one', (one) =>
    expect(isPage(one)).toBe(true),
  );
  it.each([
    '/nothing',
    '/apps',
    '/apps//groups',
    '/apps/1/nothing',
    '/apps/1/groups/2/3',
    '/settings/keys/x',
    '//testers',
  ])('%s is none', (one) => expect(isPage(one)).toBe(false));
});

it.each([
  ['/a%ff', 'path'],
  ['/a%', 'path'],
  ['/%C0%AF', 'path'],
  ['/a%00', 'path'],
  ['/a?b=%ff', 'query'],
  ['/a?%zz', 'query'],
  ['/a?b=%00', 'query'],
  [`/a?b=${'x'.repeat(9_000)}`, 'query'],
  ['/a%20b/%C3%BC?c=%F0%9F%92%A5&d=50%25', undefined],
])('%.30s is misspelt in its %s', (address, part) => expect(misspelling(address)?.part).toBe(part));
