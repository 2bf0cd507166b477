import { SymbolsError } from './words';

/** Where bytes are read from, piece by piece: files with symbols may be larger than memory. */
export interface ByteSource {
  readonly size: number;
  /** Fewer bytes than asked for where it ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** One architecture of a file. */
export interface Slice {
  readonly offset: number;
  readonly size: number;
  /** As crash logs and `--default-arch` call it: `arm64`. */
  readonly arch: string;
  /** Upper case, with hyphens; null where the file has none. */
  readonly uuid: string | null;
  /** Of `__TEXT`: where it was linked to, and how long it is. */
  readonly text: { readonly address: bigint; readonly size: bigint } | null;
  /** Whether it holds functions, files and lines (DWARF). */
  readonly hasDwarf: boolean;
}

const FAT = 0xcafebabe;
const FAT_64 = 0xcafebabf;
const THIN = 0xfeedface;
const THIN_64 = 0xfeedfacf;

const LC_SEGMENT = 0x1;
const LC_UUID = 0x1b;
const LC_SEGMENT_64 = 0x19;

/** Java's classes begin like a fat file; no file has so many architectures. */
const MOST_SLICES = 24;
const MOST_COMMANDS = 10_000;
const MOST_COMMAND_BYTES = 8 * 1024 * 1024;
const MOST_SECTIONS = 10_000;

/** Whether a file begins as a Mach-O file does; four bytes are enough. */
export function isMachO(start: Uint8Array): boolean {
  if (start.length < 4) return false;
  const view = viewOf(start);
  const magic = view.getUint32(0);
  return [FAT, FAT_64, THIN, THIN_64].includes(magic) || [THIN, THIN_64].includes(view.getUint32(0, true));
}

/** The architectures of a Mach-O file. @throws SymbolsError when it is none, or not whole */
export async function readMachO(source: ByteSource): Promise<Slice[]> {
  const start = viewOf(await source.read(0, 8));
  if (start.byteLength < 8) throw new SymbolsError('It is too short to be a Mach-O file.');
  const magic = start.getUint32(0);
  if (magic !== FAT && magic !== FAT_64) return [await readSlice(source, 0, source.size)];
  const count = start.getUint32(4);
  if (count === 0 || count > MOST_SLICES) throw new SymbolsError('It is no Mach-O file.');
  const entry = magic === FAT ? 20 : 32;
  const table = viewOf(await source.read(8, count * entry));
  if (table.byteLength < count * entry) throw new SymbolsError(CUT);
  const spans = Array.from({ length: count }, (_, at) => {
    const from = at * entry + 8;
    return magic === FAT
      ? { offset: table.getUint32(from), size: table.getUint32(from + 4) }
      : { offset: whole(table.getBigUint64(from)), size: whole(table.getBigUint64(from + 8)) };
  }).sort((one, other) => one.offset - other.offset);
  let end = 8 + count * entry;
  const slices: Slice[] = [];
  for (const { offset, size } of spans) {
    // What lies in each other would be stored several times.
    if (offset < end || offset + size > source.size) throw new SymbolsError(CUT);
    end = offset + size;
    slices.push(await readSlice(source, offset, size));
  }
  return slices;
}

const CUT = 'It is damaged, or ends before it is whole.';

async function readSlice(source: ByteSource, offset: number, size: number): Promise<Slice> {
  const head = viewOf(await source.read(offset, Math.min(32, size)));
  if (head.byteLength < 28) throw new SymbolsError('It is too short to be a Mach-O file.');
  const isLittle = [THIN, THIN_64].includes(head.getUint32(0, true));
  const magic = head.getUint32(0, isLittle);
  if (magic !== THIN && magic !== THIN_64) throw new SymbolsError('It is no Mach-O file.');
  const is64 = magic === THIN_64;
  const arch = archOf(head.getUint32(4, isLittle), head.getUint32(8, isLittle) & 0xffffff);
  const count = head.getUint32(16, isLittle);
  const length = head.getUint32(20, isLittle);
  const start = is64 ? 32 : 28;
  if (count > MOST_COMMANDS || length > MOST_COMMAND_BYTES || start + length > size)
    throw new SymbolsError(CUT);
  const commands = viewOf(await source.read(offset + start, length));
  if (commands.byteLength < length) throw new SymbolsError(CUT);
  let uuid: string | null = null;
  let text: Slice['text'] = null;
  let hasDwarf = false;
  let at = 0;
  for (let n = 0; n < count; n += 1) {
    if (at + 8 > length) throw new SymbolsError(CUT);
    const command = commands.getUint32(at, isLittle);
    const bytes = commands.getUint32(at + 4, isLittle);
    if (bytes < 8 || at + bytes > length) throw new SymbolsError(CUT);
    const body = new DataView(commands.buffer, commands.byteOffset + at, bytes);
    if (command === LC_UUID && bytes >= 24) uuid = uuidIn(body);
    if (command === LC_SEGMENT || command === LC_SEGMENT_64) {
      const segment = segmentIn(body, command === LC_SEGMENT_64, isLittle);
      if (segment.name === '__TEXT') text ??= { address: segment.address, size: segment.size };
      for (const { name, end, isEmpty } of segment.sections) {
        if (!/^__z?debug_info$/.test(name) || isEmpty) continue;
        if (end > size) throw new SymbolsError(CUT);
        hasDwarf = true;
      }
    }
    at += bytes;
  }
  return { offset, size, arch, uuid, text, hasDwarf };
}

interface Segment {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
  readonly sections: readonly { readonly name: string; readonly end: number; readonly isEmpty: boolean }[];
}

/** A segment with its sections; what does not fit into the command is not read. */
function segmentIn(view: DataView, is64: boolean, isLittle: boolean): Segment {
  const [head, each] = is64 ? [72, 80] : [56, 68];
  if (view.byteLength < head) throw new SymbolsError(CUT);
  const address = is64 ? view.getBigUint64(24, isLittle) : BigInt(view.getUint32(24, isLittle));
  const size = is64 ? view.getBigUint64(32, isLittle) : BigInt(view.getUint32(28, isLittle));
  const count = view.getUint32(is64 ? 64 : 48, isLittle);
  if (count > MOST_SECTIONS || head + count * each > view.byteLength) throw new SymbolsError(CUT);
  const sections = Array.from({ length: count }, (_, n) => {
    const at = head + n * each;
    const bytes = is64 ? whole(view.getBigUint64(at + 40, isLittle)) : view.getUint32(at + 36, isLittle);
    const offset = view.getUint32(at + (is64 ? 48 : 40), isLittle);
    return { name: nameIn(view, at), end: offset + bytes, isEmpty: bytes === 0 || offset === 0 };
  });
  return { name: nameIn(view, 8), address, size, sections };
}

/** A name of at most sixteen bytes. */
function nameIn(view: DataView, at: number): string {
  let name = '';
  for (let n = 0; n < 16; n += 1) {
    const code = view.getUint8(at + n);
    if (code === 0) break;
    name += String.fromCharCode(code);
  }
  return name;
}

function uuidIn(view: DataView): string | null {
  const digits = Array.from({ length: 16 }, (_, n) =>
    view
      .getUint8(8 + n)
      .toString(16)
      .padStart(2, '0'),
  )
    .join('')
    .toUpperCase();
  if (/^0+$/.test(digits)) return null;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Number of a processor, then its kinds by number; the first is that of all others. */
const PROCESSORS: Readonly<Record<number, readonly [any: string, kinds: Readonly<Record<number, string>>]>> =
  {
    16777228: ['arm64', { 2: 'arm64e' }],
    33554444: ['arm64_32', {}],
    16777223: ['x86_64', { 8: 'x86_64h' }],
    7: ['i386', {}],
    12: ['arm', { 6: 'armv6', 9: 'armv7', 10: 'armv7f', 11: 'armv7s', 12: 'armv7k' }],
  };

function archOf(type: number, kind: number): string {
  const known = PROCESSORS[type];
  if (known === undefined)
    throw new SymbolsError('It is for a processor that no device of Apple’s has today.');
  return known[1][kind] ?? known[0];
}

/** What is beyond every file's size stays so. */
const whole = (value: bigint) => Number(value > 0xffff_ffff_ffffn ? 0xffff_ffff_ffffn : value);

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
