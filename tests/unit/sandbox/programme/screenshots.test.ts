import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createProgramme } from '@/lib/sandbox/programme';
import { Canvas, encodePng } from '@/lib/sandbox/programme/pictures/png';

const programme = createProgramme({
  size: 'medium',
  seed: 6,
  epochMs: Date.parse('2026-03-04T05:06:07.000Z'),
});
const appIds = programme
  .team()
  .filter(({ type }) => type === 'apps')
  .map(({ id }) => id);

interface Png {
  width: number;
  height: number;
  bits: number;
  palette: number[][];
  rows: number[][];
}

/** Decodes an indexed PNG with filters none and up, so that the encoder is not judged by itself. */
function decode(bytes: Uint8Array): Png {
  const buffer = Buffer.from(bytes);
  expect(buffer.subarray(1, 4).toString()).toBe('PNG');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < buffer.length; ) {
    const length = buffer.readUInt32BE(at);
    chunks.set(buffer.toString('latin1', at + 4, at + 8), buffer.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const header = chunks.get('IHDR') ?? Buffer.alloc(13);
  const [width, height, bits] = [header.readUInt32BE(0), header.readUInt32BE(4), header.readUInt8(8)];
  const colours = [...(chunks.get('PLTE') ?? [])];
  const palette = Array.from({ length: colours.length / 3 }, (_, i) => colours.slice(i * 3, i * 3 + 3));
  const data = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  const stride = Math.ceil((width * bits) / 8);
  let above = new Array<number>(stride).fill(0);
  const rows = Array.from({ length: height }, (_, y) => {
    const line = data.subarray(y * (stride + 1), (y + 1) * (stride + 1));
    const filter = line[0];
    above = Array.from(line.subarray(1), (byte, i) => (filter === 2 ? (byte + (above[i] ?? 0)) & 255 : byte));
    return bits === 8 ? above : above.flatMap((byte) => [byte >> 4, byte & 15]).slice(0, width);
  });
  expect(data).toHaveLength((stride + 1) * height);
  return { width, height, bits, palette, rows };
}

test('what is drawn is what is decoded, at odd widths and beyond the edges', () => {
  const canvas = new Canvas(7, 4, [1, 2, 3]);
  canvas.fill(-2, 1, 5, 2, [9, 9, 9]);
  canvas.fill(6, 3, 40, 40, [200, 100, 50]);
  const { width, height, palette, rows } = decode(encodePng(canvas));
  expect([width, height]).toEqual([7, 4]);
  expect(rows.map((row) => row.join(''))).toEqual(['0000000', '1110000', '1110000', '0000002']);
  expect(palette).toEqual([
    [1, 2, 3],
    [9, 9, 9],
    [200, 100, 50],
  ]);
});

test('screenshots have the named sizes, differ by device, and stay below 60 KB', () => {
  const sizes = new Set<string>();
  const pictures = new Set<string>();
  const submissions = appIds
    .flatMap((id) => programme.feedback(id))
    .filter(({ attributes }) => attributes.screenshots);
  for (const submission of submissions.filter((_, i) => i % 25 === 0)) {
    const named = submission.attributes.screenshots as { width: number; height: number }[];
    for (const [index, { width, height }] of named.entries()) {
      const bytes = programme.screenshot(submission, index);
      expect(bytes.length).toBeLessThan(60_000);
      expect([Buffer.from(bytes).readUInt32BE(16), Buffer.from(bytes).readUInt32BE(20)]).toEqual([
        width,
        height,
      ]);
      sizes.add(`${width}×${height}`);
      pictures.add(Buffer.from(bytes).toString('base64'));
    }
  }
  expect(sizes.size).toBeGreaterThan(8);
  expect(pictures.size).toBeGreaterThan(30);
});

test('a screenshot that is not listed is refused', () => {
  const submission = programme.feedback(appIds[0] ?? '').find(({ attributes }) => attributes.screenshots);
  if (!submission) throw new Error('no screenshots');
  expect(() => programme.screenshot(submission, 9)).toThrow(RangeError);
});
