import { deflateRawSync } from 'node:zlib';

export interface PackedEntry {
  readonly name: string;
  readonly bytes?: Uint8Array;
  /** Where a link leads; then there are no bytes. */
  readonly link?: string;
  /** What the archive says of the size, where that is not true. */
  readonly told?: number;
  readonly isLocked?: boolean;
}

/** A zip as people make them, or as nobody should. */
export function zipOf(entries: readonly PackedEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes = new Uint8Array(), link, told, isLocked } of entries) {
    const content = link === undefined ? Buffer.from(bytes) : Buffer.from(link);
    const packed = deflateRawSync(content);
    const named = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE((isLocked ? 1 : 0) | 0x800, 2);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(told ?? content.length, 18);
    facts.writeUInt16LE(named.length, 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), facts, named, packed]);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(((link === undefined ? 0o100_644 : 0o120_777) << 16) >>> 0, 6);
    central.writeUInt32LE(at, 10);
    directory.push(
      Buffer.concat([Buffer.from('504b0102', 'hex'), Buffer.from([20, 3]), facts, central, named]),
    );
    parts.push(local);
    at += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, index, end]);
}

/** A tar; `kind` is the letter of an entry that is neither file nor link. */
export function tarOf(entries: readonly (PackedEntry & { readonly kind?: string })[]): Buffer {
  const parts = entries.flatMap(({ name, bytes = new Uint8Array(), link, kind, told }) => {
    const head = Buffer.alloc(512);
    head.write(name, 0, 100);
    head.write('0000644\0', 100);
    head.write('0000000\0', 108);
    head.write('0000000\0', 116);
    head.write(`${(told ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124);
    head.write('00000000000\0', 136);
    head.write('        ', 148);
    head.write(kind ?? (link === undefined ? '0' : '2'), 156);
    if (link !== undefined) head.write(link, 157, 100);
    head.write('ustar\x0000', 257);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
    return [head, Buffer.from(bytes), padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
