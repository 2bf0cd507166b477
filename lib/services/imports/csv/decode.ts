import { decodeAs, type Encoding, guessEncoding } from './encodings';
import { FileRefusal, MAX_FILE_BYTES } from './refusal';

export interface DecodedFile {
  readonly text: string;
  readonly encoding: Encoding;
  readonly hasByteOrderMark: boolean;
  /** How the encoding is known: said by the file or its form, chosen by a person, or guessed. */
  readonly how: 'told' | 'chosen' | 'sure' | 'unsure';
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
 * Turns the bytes of a file into text: as a person chose, else UTF-8 and UTF-16 with or without byte order mark, else
 * the older encoding that gives the likeliest words.
 * @throws FileRefusal when it is empty, larger than 10 MB or no text
 */
export function decodeFile(bytes: Uint8Array, chosen?: Encoding): DecodedFile {
  if (bytes.length > MAX_FILE_BYTES) {
    throw new FileRefusal('TOO_LARGE', 'The file is larger than 10 MB. Split it into several files.');
  }
  const foreign = FOREIGN.find((kind) => kind.bytes.every((byte, index) => bytes[index] === byte));
  if (foreign) throw new FileRefusal('WORKBOOK', foreign.message);
  const decoded = decode(bytes, chosen);
  if (decoded.text.trim() === '') throw new FileRefusal('EMPTY', 'The file is empty.');
  const zero = decoded.text.indexOf('\0');
  if (zero >= 0) {
    const line = decoded.text.slice(0, zero).split('\n').length;
    throw new FileRefusal('NOT_TEXT', `This is not a text file: line ${line} holds a NUL character.`, line);
  }
  return decoded;
}

function decode(bytes: Uint8Array, chosen?: Encoding): DecodedFile {
  const marked = MARKS.find(({ mark }) => startsWith(bytes, mark));
  const rest = marked && bytes.subarray(marked.mark.length);
  if (chosen !== undefined) {
    const isSame = marked?.encoding === chosen;
    const text = decodeAs(isSame && rest ? rest : bytes, chosen);
    return { text, encoding: chosen, hasByteOrderMark: isSame, how: 'chosen' };
  }
  if (marked && rest) {
    const { encoding } = marked;
    return { text: decodeAs(rest, encoding), encoding, hasByteOrderMark: true, how: 'told' };
  }
  const unmarked = { hasByteOrderMark: false };
  const wide = unmarkedUtf16(bytes);
  if (wide) return { text: decodeAs(bytes, wide), encoding: wide, how: 'sure', ...unmarked };
  if (isUtf8(bytes)) return { text: decodeAs(bytes, 'utf-8'), encoding: 'utf-8', how: 'told', ...unmarked };
  const { encoding, isSure } = guessEncoding(bytes);
  return { text: decodeAs(bytes, encoding), encoding, how: isSure ? 'sure' : 'unsure', ...unmarked };
}

const MARKS: readonly { mark: readonly number[]; encoding: Encoding }[] = [
  { mark: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
];

/** UTF-8 throughout, but for a few bytes of one damaged line in a file that has many right ones. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    const text = decodeAs(bytes, 'utf-8');
    const broken = text.match(/\ufffd/g)?.length ?? 0;
    const right = text.match(/[\u0080-\ufffc]/g)?.length ?? 0;
    return right >= 4 && broken * 4 <= right;
  }
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

/** UTF-16 without a mark shows itself by a zero in one half of its separators, line ends and addresses. */
function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const sample = bytes.subarray(0, 4096);
  if (sample.length < 4) return null;
  let even = 0;
  let odd = 0;
  for (let index = 0; index < sample.length; index += 1) {
    if (sample[index] !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  const half = sample.length / 2;
  if (odd > half * 0.3 && even <= odd * 0.02) return 'utf-16le';
  if (even > half * 0.3 && odd <= even * 0.02) return 'utf-16be';
  return null;
}
