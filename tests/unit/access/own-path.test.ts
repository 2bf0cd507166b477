import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownAddress, ownPath } from '@/lib/access/own-path';
import { FOREIGN_TARGETS } from '@/tests/factories/foreign-targets';

const ORIGIN = 'https://beta.example.com';
const ORIGINS = [ORIGIN, 'http://127.0.0.1:3000', 'https://evil.example'];

describe('where to go when the target comes from outside', () => {
  it.each(FOREIGN_TARGETS.map((target) => [JSON.stringify(target).slice(0, 80), target]))(
    '%s is no page of ours',
    (_, target) => {
      expect(ownPath(target)).toBe('/');
      expect(ownAddress(target, ORIGIN)).toBe(ORIGIN);
    },
  );

  it.each([
    '/',
    '/testers',
    '/apps/6448311069/groups/7d0c0000-1111/?tab=testers#row',
    '/testers?search=%2F%2Fevil.example&filter[state]=INSTALLED,ACCEPTED',
    '/apps/1?x=2#y',
    '/apps/Z%C3%BCrich',
    '/apps/a:b@c',
    '/settings-of-mine',
  ])('%s is', (target) => {
    expect(ownPath(target)).toBe(target);
    expect(ownAddress(target, ORIGIN)).toBe(target === '/' ? ORIGIN : ORIGIN + target);
    expect(ownAddress(ORIGIN + target, ORIGIN)).toBe(target === '/' ? ORIGIN : ORIGIN + target);
  });

  it.each([undefined, null, 1, {}, [], ['/testers'], ['//evil.example', '/testers']])(
    '%j leads home',
    (target) => {
      expect(ownPath(target)).toBe('/');
      expect(ownAddress(target, ORIGIN)).toBe(ORIGIN);
    },
  );

  it.each([
    `${ORIGIN}.evil.example/x`,
    `${ORIGIN}@evil.example/x`,
    `${ORIGIN}:8443/x`,
    `${ORIGIN}//evil.example`,
  ])('%s only begins like ours', (target) => expect(ownAddress(target, ORIGIN)).toBe(ORIGIN));

  it('stays here, whatever is typed', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2f',
      '%5c',
      '%09',
      '\t',
      '\n',
      '@',
      ':',
      '?',
      '#',
      'evil.example',
      '//',
      '\u2215',
      '%',
      'a',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 8 }),
        (pieces) => {
          const path = ownPath(pieces.join(''));
          expect(path).toMatch(/^\/(?![/\\])[^\s\\]*$/);
          for (const origin of ORIGINS) {
            expect(new URL(path, origin).origin).toBe(origin);
            // Decoded once more by something on the way, it still leads nowhere else.
            expect(new URL(decodeURIComponent(new URL(path, origin).pathname), origin).origin).toBe(origin);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
