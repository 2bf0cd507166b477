/** What a picture is, by its bytes. */
export interface Judged {
  readonly type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/heic';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

type Size = Pick<Judged, 'width' | 'height'>;

/** The kinds of pictures that are kept, by how their bytes begin and where their size stands. */
const KINDS: readonly {
  type: Judged['type'];
  is(bytes: Buffer): boolean;
  size(bytes: Buffer): Size | null;
}[] = [
  {
    type: 'image/png',
    is: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')),
    size: (bytes) =>
      text(bytes, 12, 4) === 'IHDR' && bytes.length >= 24
        ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
        : null,
  },
  {
    type: 'image/jpeg',
    is: (bytes) => bytes.length > 3 && bytes.readUIntBE(0, 3) === 0xffd8ff,
    size: sizeOfJpeg,
  },
  {
    type: 'image/gif',
    is: (bytes) => /^GIF8[79]a$/.test(text(bytes, 0, 6)),
    size: (bytes) =>
      bytes.length >= 10 ? { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) } : null,
  },
  {
    type: 'image/webp',
    is: (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP',
    size: sizeOfWebp,
  },
  {
    type: 'image/heic',
    is: (bytes) =>
      text(bytes, 4, 4) === 'ftyp' && /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(text(bytes, 8, 4)),
    size: sizeOfHeic,
  },
];

/** What picture the bytes are, whatever anybody says of them; null when they are none that is kept. */
export function judgePicture(given: Uint8Array): Judged | null {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const kind = KINDS.find(({ is }) => is(bytes));
  const size = kind?.size(bytes) ?? null;
  if (!kind || !size || size.width < 1 || size.height < 1) return null;
  return { type: kind.type, ...size };
}

const text = (bytes: Buffer, from: number, length: number) => bytes.toString('latin1', from, from + length);

/** Segments until the one that begins a frame. */
function sizeOfJpeg(bytes: Buffer): Size | null {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // All frames but what shares their numbers: tables of Huffman, extensions, arithmetic conditioning.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    if (marker === 0xd9 || marker === 0xda) return null;
    const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += isBare ? 2 : 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  return null;
}

function sizeOfWebp(bytes: Buffer): Size | null {
  if (bytes.length < 30) return null;
  switch (text(bytes, 12, 4)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

/** How far into a file its properties may stand. */
const HEIC_HEAD = 512 * 1024;

/** The largest of the sizes that it names: tiles and thumbnails have their own. */
function sizeOfHeic(bytes: Buffer): Size | null {
  let largest: Size | null = null;
  const head = bytes.subarray(0, HEIC_HEAD);
  for (let at = head.indexOf('ispe'); at >= 0 && at + 16 <= head.length; at = head.indexOf('ispe', at + 4)) {
    const size = { width: head.readUInt32BE(at + 8), height: head.readUInt32BE(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}
