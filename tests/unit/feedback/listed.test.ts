import { expect, it } from 'vitest';
import { type Listed, listedPictures, matched } from '@/lib/feedback/archive/listed';

const listed = (path: string | null, width = 10, height = 20): Listed => ({
  ...{ path, width, height, expiresAt: null },
  url: `https://host${path ?? ''}`,
});
const paths = (known: readonly Listed[], now: readonly Listed[]) =>
  [
    ...matched(
      known.map((one, position) => ({ ...one, position })),
      now,
    ),
  ]
    .sort(([one], [other]) => one - other)
    .map(([position, { path }]) => `${position}${path}`);

it('pictures are known by their address, whatever their place', () => {
  const [a, b, c] = [listed('/a'), listed('/b'), listed('/c')];
  expect(paths([a, b], [b, a])).toEqual(['0/a', '1/b']);
  expect(paths([a, b], [c, b])).toEqual(['0/c', '1/b']);
  expect(paths([a, b], [b])).toEqual(['1/b']);
  expect(paths([a], [listed('/b', 1), a])).toEqual(['0/a']);
});

it('where addresses change, by size and place, and never by guessing', () => {
  expect(paths([listed('/a', 1), listed('/b', 2)], [listed('/x', 2), listed('/y', 1)])).toEqual([
    '0/y',
    '1/x',
  ]);
  expect(paths([listed('/a'), listed('/b')], [listed('/x'), listed('/y')])).toEqual(['0/x', '1/y']);
  expect(paths([listed('/a'), listed('/b')], [listed('/x')])).toEqual([]);
  expect(paths([listed('/a', 1), listed('/b', 2)], [listed('/x', 2)])).toEqual(['1/x']);
});

it('whatever Apple says of pictures is read without a throw', () => {
  for (const document of [
    '{}',
    'null',
    '[]',
    '{"screenshots":null}',
    '{"screenshots":{"a":1}}',
    '{"screenshots":"x"}',
  ])
    expect(listedPictures(document)).toEqual([]);
  const odd = [null, 3, 'x', {}, { url: 4, width: '5', height: -1, expirationDate: 'soon' }];
  expect(listedPictures(JSON.stringify({ screenshots: odd }))).toEqual(
    odd.map(() => ({ url: '', path: null, width: null, height: null, expiresAt: null })),
  );
  expect(listedPictures(JSON.stringify({ screenshots: Array.from({ length: 99 }, () => ({})) })).length).toBe(
    50,
  );
});
