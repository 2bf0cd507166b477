import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { judgePicture } from '@/lib/feedback/archive/judge';

const picture = sharp({ create: { width: 33, height: 44, channels: 4, background: '#123456' } });

describe('what a picture is by its bytes', () => {
  it.each([
    ['image/png', () => picture.clone().png().toBuffer()],
    ['image/jpeg', () => picture.clone().jpeg().toBuffer()],
    [
      'image/jpeg',
      () =>
        picture
          .clone()
          .jpeg({ progressive: true })
          .withExif({ IFD0: { Copyright: 'x' } })
          .toBuffer(),
    ],
    ['image/gif', () => picture.clone().gif().toBuffer()],
    ['image/webp', () => picture.clone().webp().toBuffer()],
    ['image/webp', () => picture.clone().webp({ lossless: true }).toBuffer()],
    [
      'image/webp',
      () =>
        picture
          .clone()
          .webp()
          .withExif({ IFD0: { Copyright: 'x' } })
          .toBuffer(),
    ],
  ])('%s', async (type, make) => {
    const bytes = await make();
    expect(judgePicture(bytes)).toEqual({ type, width: 33, height: 44 });
    // Of whatever is cut off or turned, it says what it can and never throws.
    for (let end = 0; end < Math.min(bytes.length, 300); end++) judgePicture(bytes.subarray(0, end));
    for (let at = 0; at < Math.min(bytes.length, 300); at++) {
      const turned = Buffer.from(bytes);
      turned[at] = (turned[at] ?? 0) ^ 0xff;
      judgePicture(turned);
    }
  });

  it('image/heic by its largest picture', () => {
    const size = (width: number, height: number) => {
      const box = Buffer.alloc(20);
      box.writeUInt32BE(20, 0);
      box.write('ispe', 4);
      box.writeUInt32BE(width, 12);
      box.writeUInt32BE(height, 16);
      return box;
    };
    const start = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
    const bytes = Buffer.concat([start, size(512, 512), size(3024, 4032), size(240, 320)]);
    expect(judgePicture(bytes)).toEqual({ type: 'image/heic', width: 3024, height: 4032 });
    expect(judgePicture(start)).toBe(null);
  });

  it.each([
    ['nothing', ''],
    ['a page', '<!doctype html>'],
    ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'],
    ['a PDF', '%PDF-1.7'],
    ['only the beginning of a PNG', '\x89PNG\r\n\x1a\n'],
    ['a GIF without size', 'GIF89a\0\0\0\0'],
  ])('%s is none', (_, text) => expect(judgePicture(Buffer.from(text, 'latin1'))).toBe(null));
});
