import { crc32, deflateSync } from 'node:zlib';

export type Colour = readonly [red: number, green: number, blue: number];

/** A picture of at most 256 colours, one byte per pixel; drawing outside its edges is ignored. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly #palette: Colour[] = [];

  constructor(width: number, height: number, background: Colour) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height);
    this.#palette.push(background);
  }

  get palette(): readonly Colour[] {
    return this.#palette;
  }

  #ink(colour: Colour): number {
    const known = this.#palette.findIndex((other) => other.every((part, i) => part === colour[i]));
    if (known >= 0) return known;
    if (this.#palette.length === 256) throw new RangeError('a picture has at most 256 colours');
    return this.#palette.push(colour) - 1;
  }

  /** Fills a rectangle, in pixels. */
  fill(x: number, y: number, width: number, height: number, colour: Colour): void {
    const ink = this.#ink(colour);
    const left = Math.max(0, Math.round(x));
    const right = Math.min(this.width, Math.round(x + width));
    const bottom = Math.min(this.height, Math.round(y + height));
    if (right <= left) return;
    for (let row = Math.max(0, Math.round(y)); row < bottom; row++) {
      this.pixels.fill(ink, row * this.width + left, row * this.width + right);
    }
  }
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** Packs pixels into rows of `bits` per pixel, each led by its filter byte: 2 (same as above) or 0. */
function scanlines(canvas: Canvas, bits: 4 | 8): Buffer {
  const stride = Math.ceil((canvas.width * bits) / 8);
  const rows = Buffer.alloc((stride + 1) * canvas.height);
  for (let y = 0; y < canvas.height; y++) {
    const from = y * canvas.width;
    const row = canvas.pixels.subarray(from, from + canvas.width);
    const at = y * (stride + 1) + 1;
    if (y > 0 && Buffer.compare(row, canvas.pixels.subarray(from - canvas.width, from)) === 0) {
      rows[at - 1] = 2;
    } else if (bits === 8) {
      rows.set(row, at);
    } else {
      for (let x = 0; x < canvas.width; x += 2)
        rows[at + (x >> 1)] = ((row[x] ?? 0) << 4) | (row[x + 1] ?? 0);
    }
  }
  return rows;
}

/** Encodes a picture as an indexed PNG (https://www.w3.org/TR/png-3/), small because rows repeat. */
export function encodePng(canvas: Canvas): Uint8Array {
  const bits = canvas.palette.length <= 16 ? 4 : 8;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(canvas.width, 0);
  header.writeUInt32BE(canvas.height, 4);
  header.set([bits, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(canvas.palette.flat())),
    chunk('IDAT', deflateSync(scanlines(canvas, bits), { level: 1 })),
    chunk('IEND', new Uint8Array()),
  ]);
}
