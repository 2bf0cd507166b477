import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { withFile } from './file';
import { inMegabytes, type SymbolLimits } from './limits';
import { isMachO } from './mach-o';
import { SymbolsError } from './words';

/** A Mach-O file that came out of what was sent. */
export interface Unpacked {
  /** As the archive names it. */
  readonly name: string;
  /** Where it lies now. */
  readonly file: string;
}

export interface Unpacking {
  /** A folder of our own: nothing in it is named by what was sent. */
  readonly folder: string;
  readonly limits: SymbolLimits;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes the Mach-O files out of a zip, a tar, a packed tar or a packed file; a file that is none of them is given as it
 * is. Nothing is unpacked to where an archive says. @throws SymbolsError for what is no archive to be trusted
 */
export async function unpack(file: string, name: string, how: Unpacking): Promise<Unpacked[]> {
  const kind = await kindOf(file);
  if (kind === 'mach-o') return [{ name, file }];
  if (kind !== 'zip' && kind !== 'tar' && kind !== 'gzip') throw new SymbolsError(kind);
  const out = new Output(how);
  try {
    if (kind === 'zip') await ofZip(file, out);
    else await ofStream(file, name, kind === 'gzip', out);
  } catch (error) {
    how.signal?.throwIfAborted();
    throw inWords(error);
  }
  return out.found;
}

/** What a file is by its first bytes; else why it is not taken. */
async function kindOf(file: string): Promise<string> {
  const start = await withFile(file, (source) => source.read(0, 512));
  if (start.length === 0) return 'The file is empty.';
  const begins = (...bytes: number[]) => bytes.every((byte, at) => start[at] === byte);
  if (isMachO(start)) return 'mach-o';
  if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6)) return 'zip';
  if (begins(0x1f, 0x8b)) return 'gzip';
  if (isTar(start)) return 'tar';
  if (
    begins(0x42, 0x5a, 0x68) ||
    begins(0xfd, 0x37, 0x7a, 0x58) ||
    begins(0x28, 0xb5, 0x2f, 0xfd) ||
    begins(0x37, 0x7a, 0xbc, 0xaf)
  )
    return 'It is packed in a way that is not read here. Pack the dSYM as .zip or .tar.gz.';
  return 'It is neither a Mach-O file nor a .zip, .tar or .tar.gz with dSYMs in it.';
}

/** Whether a block is the head of a tar: its sum says so, also where an old one has no magic word. */
function isTar(block: Uint8Array): boolean {
  if (block.length < 512) return false;
  const told = Number.parseInt(Buffer.from(block.subarray(148, 156)).toString('latin1'), 8);
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  return told === sum;
}

/** What comes out, and how much of it. */
class Output {
  readonly found: Unpacked[] = [];
  #entries = 0;
  #bytes = 0;

  constructor(readonly how: Unpacking) {}

  /** Another entry of an archive. */
  entry(): void {
    this.how.signal?.throwIfAborted();
    this.#entries += 1;
    if (this.#entries > this.how.limits.entries)
      throw new SymbolsError(
        `It holds more than ${this.how.limits.entries.toLocaleString('en')} files. Send only the dSYMs.`,
      );
  }

  /** More bytes, and how many packed ones they came from, as far as that is known. */
  count(bytes: number, packed?: number): void {
    const { unpacked, ratio, innocent } = this.how.limits;
    this.how.signal?.throwIfAborted();
    this.#bytes += bytes;
    if (this.#bytes > unpacked)
      throw new SymbolsError(
        `Unpacked it is larger than ${inMegabytes(unpacked)}. Send the dSYMs one by one.`,
      );
    if (packed !== undefined) this.judge(this.#bytes, packed, ratio, innocent);
  }

  judge(bytes: number, packed: number, ratio = this.how.limits.ratio, innocent = this.how.limits.innocent) {
    if (bytes > innocent && bytes > packed * ratio)
      throw new SymbolsError(`Unpacked it grows more than ${ratio} times, as no dSYM does. It is not taken.`);
  }

  /** Keeps a file where its first bytes say that it is Mach-O; the rest is passed over. */
  async take(name: string, content: AsyncIterable<Uint8Array>, isCounted: boolean): Promise<void> {
    const start: Uint8Array[] = [];
    let known = 0;
    let target: Awaited<ReturnType<typeof open>> | null = null;
    let isOther = false;
    try {
      for await (const piece of content) {
        if (!isCounted) this.count(piece.length);
        if (isOther) continue;
        if (target) {
          await target.writeFile(piece);
          continue;
        }
        start.push(piece);
        known += piece.length;
        if (known < 4) continue;
        const first = Buffer.concat(start);
        isOther = !isMachO(first);
        if (isOther && !isCounted) return;
        if (isOther) continue;
        if (this.found.length >= this.how.limits.binaries)
          throw new SymbolsError(
            `It holds more than ${this.how.limits.binaries} binaries. Send fewer at once.`,
          );
        const file = path.join(this.how.folder, `unpacked-${this.found.length}`);
        target = await open(/* turbopackIgnore: true */ file, 'wx', 0o600);
        this.found.push({ name, file });
        await target.writeFile(first);
      }
    } finally {
      await target?.close();
    }
  }
}

const UNIX_KIND = 0o170_000;
const UNIX_LINK = 0o120_000;
/** A path is no longer. */
const LONGEST_LINK = 4096;

async function ofZip(file: string, out: Output): Promise<void> {
  const zip = await openPromise(file, { autoClose: false });
  try {
    if (zip.entryCount > out.how.limits.entries)
      for (let n = 0; n <= out.how.limits.entries; n += 1) out.entry();
    for await (const entry of zip.eachEntry()) {
      out.entry();
      if (entry.fileName.endsWith('/')) continue;
      await entryOf(zip, entry, out);
    }
  } finally {
    zip.close();
  }
}

async function entryOf(zip: ZipFile, entry: Entry, out: Output): Promise<void> {
  const { fileName, compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) throw new SymbolsError('It is locked with a password.');
  if (!entry.canDecodeFileData())
    throw new SymbolsError('It is packed in a way that is not read here. Pack the dSYM as an ordinary .zip.');
  out.judge(uncompressedSize, compressedSize);
  const isLink = ((entry.externalFileAttributes >>> 16) & UNIX_KIND) === UNIX_LINK;
  if (isLink && uncompressedSize > LONGEST_LINK) throw new SymbolsError(leadsOut(fileName));
  const content: Readable = await zip.openReadStreamPromise(entry);
  try {
    if (isLink) checkLink(fileName, Buffer.concat(await content.toArray()).toString('utf8'));
    else await out.take(fileName, content, false);
  } finally {
    content.destroy();
  }
}

/** A tar, perhaps packed, or one packed file. */
async function ofStream(file: string, name: string, isPacked: boolean, out: Output): Promise<void> {
  const source = createReadStream(/* turbopackIgnore: true */ file);
  let failure: unknown = null;
  const ended = pipeline(
    source,
    isPacked ? createGunzip() : new PassThrough(),
    async (pieces: AsyncIterable<Buffer>) => {
      try {
        const counted = counting(pieces, out, isPacked ? () => source.bytesRead : undefined);
        const { first, all } = await beginning(counted);
        if (isTar(first)) await ofTar(all, out);
        else await out.take(name.replace(/\.gz$/i, ''), all, true);
      } catch (error) {
        failure = error;
        throw error;
      }
    },
    out.how.signal ? { signal: out.how.signal } : {},
  );
  // What ends the stream is told of as if it had been aborted.
  await ended.catch((error: unknown) => {
    throw failure instanceof SymbolsError ? failure : error;
  });
}

async function* counting(
  pieces: AsyncIterable<Buffer>,
  out: Output,
  packed: (() => number) | undefined,
): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    out.count(piece.length, packed?.());
    yield piece;
  }
}

/** The first block of a stream, and all of it. */
async function beginning(
  pieces: AsyncGenerator<Buffer>,
): Promise<{ first: Buffer; all: AsyncGenerator<Buffer> }> {
  const read: Buffer[] = [];
  let length = 0;
  while (length < 512) {
    const { value, done } = await pieces.next();
    if (done) break;
    read.push(value);
    length += value.length;
  }
  const start = Buffer.concat(read);
  return {
    first: start.subarray(0, 512),
    all: (async function* () {
      yield start;
      yield* pieces;
    })(),
  };
}

async function ofTar(pieces: AsyncIterable<Buffer>, out: Output): Promise<void> {
  let failure: unknown = null;
  const open = new Set<ReadEntry>();
  const work: Promise<void>[] = [];
  // The content of entries comes one after the other; each waits until it is taken.
  const parser = new Parser({ strict: true });
  parser.on('entry', (entry: ReadEntry) => {
    open.add(entry);
    const taken = tarEntry(entry, out)
      .catch((error: unknown) => {
        failure ??= error;
        entry.resume();
      })
      .finally(() => open.delete(entry));
    work.push(taken);
  });
  const ended = new Promise<void>((resolve, reject) => {
    parser.once('end', resolve);
    parser.once('error', reject);
  });
  ended.catch(() => undefined);
  try {
    for await (const piece of pieces) {
      if (failure !== null) throw failure;
      if (!parser.write(piece))
        await Promise.race([new Promise((resolve) => parser.once('drain', resolve)), ended]);
    }
    parser.end();
    await ended;
  } catch (error) {
    failure ??= error;
  }
  // What waits for more of its content waits no longer.
  if (failure !== null) for (const entry of open) entry.destroy(new Error('The archive ends here.'));
  await Promise.all(work);
  if (failure !== null) throw failure;
}

async function tarEntry(entry: ReadEntry, out: Output): Promise<void> {
  out.entry();
  const name = entry.path;
  if (isOutside(name)) throw new SymbolsError(leadsOut(name));
  if (entry.type === 'SymbolicLink' || entry.type === 'Link') {
    // What a hard link means is told from the archive's root, a symbolic one's from where it stands.
    checkLink(entry.type === 'Link' ? '' : name, entry.linkpath ?? '');
    return void entry.resume();
  }
  if (['CharacterDevice', 'BlockDevice', 'FIFO'].includes(entry.type))
    throw new SymbolsError('It holds something that is no file. It is not taken.');
  if (!['File', 'OldFile', 'ContiguousFile'].includes(entry.type)) return void entry.resume();
  await out.take(name, entry as AsyncIterable<Uint8Array>, true);
}

/** Whether a path leads out of the archive, wherever that is unpacked. */
function isOutside(name: string): boolean {
  const plain = name.replaceAll('\\', '/');
  return (
    plain.startsWith('/') || /^[a-z]:/i.test(plain) || path.posix.normalize(plain).split('/')[0] === '..'
  );
}

/** Links are never followed; one that leads out shows that the archive is not to be trusted. */
function checkLink(name: string, target: string): void {
  if (target.startsWith('/') || isOutside(path.posix.join(path.posix.dirname(name), target)))
    throw new SymbolsError(leadsOut(name));
}

const leadsOut = (name: string) =>
  `It holds ${name === '' ? 'a link' : `“${shortened(name)}”`}, which leads out of the archive. It is not taken.`;

/** A name from outside as it may stand in a sentence. */
export function shortened(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}]/gu, '');
  return plain.length > 120 ? `…${plain.slice(-119)}` : plain;
}

/** What unpacking fails with, in words; a full disk and the like go on as they are. */
function inWords(error: unknown): unknown {
  if (error instanceof SymbolsError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (/^E[A-Z]+$/.test(code)) return error;
  if (/absolute path|relative path|invalid characters/.test(error.message))
    return new SymbolsError(leadsOut(/: (.*)$/s.exec(error.message)?.[1] ?? ''));
  return new SymbolsError('It is damaged, or ends before it is whole.');
}
