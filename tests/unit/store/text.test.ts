import { expect, it } from 'vitest';
import { keyText, storedText, storedTexts } from '@/lib/store/text';

const WHOLE = '\u{1F98A}';

it.each([
  ['plain', 'plain'],
  [`${WHOLE} \u0001\n`, `${WHOLE} \u0001\n`],
  ['a\0b', 'a\uFFFDb'],
  [`${WHOLE[0]}x${WHOLE[1]}`, '\uFFFDx\uFFFD'],
  [`${WHOLE[1]}${WHOLE}`, `\uFFFD${WHOLE}`],
  // What only looks like an escape is somebody's text.
  ['\\u0000 and \\ud800', '\\u0000 and \\ud800'],
  ['{ \\u0000', '{ \\u0000'],
])('holds %j as %j', (text, held) => {
  expect(storedText(text)).toBe(held);
});

it('holds JSON that every engine can read, with the same text in it', () => {
  const value = { 'k\0': ['\0', WHOLE, WHOLE[0], '\\u0000', '\\', '\\\\\0', '"\0'], n: 1 };
  const held = JSON.parse(storedText(JSON.stringify(value)));
  expect(held).toEqual({
    'k\uFFFD': ['\uFFFD', WHOLE, '\uFFFD', '\\u0000', '\\', '\\\\\uFFFD', '"\uFFFD'],
    n: 1,
  });
  expect(storedText('["\\uD83E\\uDD8A \\uDd8A \\U0000"]')).toBe('["\\uD83E\\uDD8A \\uDd8A \\U0000"]');
  expect(storedText('["\\uD83E\\uDD8A \\uDd8A"]')).toBe('["\\uD83E\\uDD8A \\ufffd"]');
});

it('reaches every text of what is given, and nothing else', () => {
  const bytes = Buffer.from([0]);
  const given = { where: { name: 'a\0', in: ['\0', 1, null] }, bytes, at: 5 };
  expect(storedTexts(given)).toEqual({ where: { name: 'a\uFFFD', in: ['\uFFFD', 1, null] }, bytes, at: 5 });
});

it('cuts what stands in an index between letters', () => {
  expect(keyText('a'.repeat(400))).toHaveLength(400);
  expect(keyText('a'.repeat(10_000))).toHaveLength(400);
  expect(keyText('a'.repeat(399) + WHOLE.repeat(9))).toBe('a'.repeat(399));
});
