import { describe, expect, it } from 'vitest';
import { isSameTyped, wordToType } from '@/lib/format/typed';

describe('what is typed to confirm', () => {
  it.each([
    ['Café Beta', 'Cafe\u0301 Beta'],
    ['Team\u00a0A', 'Team A'],
    ['Team   A', 'Team A'],
    ['Team\tA\u2003', ' Team A'],
    ['Beta\u200b Testers', 'Beta Testers'],
    ['\u2068שלום\u2069', 'שלום'],
    ['Beta\u00adTesters', 'BetaTesters'],
    ['\ufeffBeta', 'Beta'],
    ['A\u200b \u200bB', 'A B'],
    ['Ｆｕｌｌ width', 'Full width'],
    ['ﬁnal', 'final'],
    ["Mara's crew", 'Mara’s crew'],
    ['"Early" birds', '“Early” birds'],
    ['Alpha – Beta', 'Alpha - Beta'],
    ['❤️ fans', '❤ fans'],
    ['Wait…', 'Wait...'],
  ])('%j is confirmed by %j and the other way round', (name, typed) => {
    expect([isSameTyped(name, typed), isSameTyped(typed, name)]).toEqual([true, true]);
  });

  it.each([
    ['Sandbox', 'sandbox'],
    ['Sandbox', 'Sandbox 2'],
    ['Sandbox', ''],
    ['Sandbox', undefined],
    ['Team A', 'TeamA'],
    ['Café', 'Cafe'],
    ['', ''],
    ['\u200b\u2060', '\u200b\u2060'],
  ])('%j is not confirmed by %j', (name, typed) => {
    expect(isSameTyped(name, typed)).toBe(false);
  });

  it.each(['', ' ', '\u200b', '\u3164', '\u2800', '\u202e\u202c', '\u00ad\ufeff'])(
    'a name that shows nothing (%j) is confirmed by a word',
    (name) => {
      expect([wordToType(name), isSameTyped(name, 'unnamed'), isSameTyped(name, name)]).toEqual([
        'unnamed',
        true,
        false,
      ]);
    },
  );

  it.each<[number, string | number, boolean]>([
    [1234, '1234', true],
    [1234, 1234, true],
    [1234, '1,234', true],
    [1234, '1 234', true],
    [1234, '1\u202f234', true],
    [1234, '1’234', true],
    [1234, '１２３４', true],
    [1234, '١٢٣٤', true],
    [1234, '१२३४', true],
    [1234, 'all 1234', false],
    [1234, '12345', false],
    [1234, '', false],
    [0, '', false],
  ])('the number %d by %j: %s', (number, typed, expected) => {
    expect(isSameTyped(number, typed)).toBe(expected);
  });
});
