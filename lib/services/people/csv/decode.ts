import { FileRefusal, MAX_FILE_BYTES } from './refusal';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface DecodedFile {
  readonly text: string;
  readonly encoding: Encoding;
  readonly hasByteOrderMark: boolean;
}

/** First bytes of files that people rename to .csv, with what to tell them. */
const FOREIGN: readonly { bytes: readonly number[]; message: string }[] = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    message: 'This is an Excel workbook or a zip archive. Save the sheet as CSV and choose that file.',
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    message: 'This is an old Excel workbook. Save the sheet as CSV and choose that file.',
  },
  { bytes: [0x25, 0x50, 0x44, 0x46], message: 'This is a PDF. Choose a CSV file.' },
  { bytes: [0x1f, 0x8b], message: 'This is a compressed file. Unpack it and choose the CSV file.' },
];

/**
 * Turns the bytes of a file into text: UTF-8 and UTF-16 with or without byte order mark, else Windows-1252 as
 * Excel writes it.
 * @throws FileRefusal when it is empty, larger than 10 MB or no text
 */
export function decodeFile(bytes: Uint8Array): DecodedFile {
  if (bytes.length > MAX_FILE_BYTES) {
    throw new FileRefusal('TOO_LARGE', 'The file is larger than 10 MB. Split it into several files.');
  }
  const foreign = FOREIGN.find((kind) => kind.bytes.every((byte, index) => bytes[index] === byte));
  if (foreign) throw new FileRefusal('WORKBOOK', foreign.message);
  const decoded = decode(bytes);
  if (decoded.text.trim() === '') throw new FileRefusal('EMPTY', 'The file is empty.');
  const zero = decoded.text.indexOf('\0');
  if (zero >= 0) {
    const line = decoded.text.slice(0, zero).split('\n').length;
    throw new FileRefusal('NOT_TEXT', `This is not a text file: line ${line} holds a NUL character.`, line);
  }
  return decoded;
}

function decode(bytes: Uint8Array): DecodedFile {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return withMark(bytes.subarray(3), 'utf-8');
  if (startsWith(bytes, [0xff, 0xfe])) return withMark(bytes.subarray(2), 'utf-16le');
  if (startsWith(bytes, [0xfe, 0xff])) return withMark(bytes.subarray(2), 'utf-16be');
  const wide = unmarkedUtf16(bytes);
  if (wide) return { text: read(bytes, wide), encoding: wide, hasByteOrderMark: false };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, encoding: 'utf-8', hasByteOrderMark: false };
  } catch {
    return { text: read(bytes, 'windows-1252'), encoding: 'windows-1252', hasByteOrderMark: false };
  }
}

function withMark(bytes: Uint8Array, encoding: Encoding): DecodedFile {
  return { text: read(bytes, encoding), encoding, hasByteOrderMark: true };
}

function read(bytes: Uint8Array, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(bytes);
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

/** UTF-16 without a mark shows itself by a zero in every other byte of its separators and line ends. */
function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const sample = bytes.subarray(0, 4096);
  if (bytes.length % 2 !== 0 || sample.length < 4) return null;
  let even = 0;
  let odd = 0;
  for (let index = 0; index < sample.length; index += 1) {
    if (sample[index] !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  const half = sample.length / 2;
  if (odd > half * 0.3 && even === 0) return 'utf-16le';
  if (even > half * 0.3 && odd === 0) return 'utf-16be';
  return null;
}
