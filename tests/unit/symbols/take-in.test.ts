import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SYMBOL_LIMITS, type SymbolLimits } from '@/lib/symbols/limits';
import { type ByteSource, isMachO, readMachO } from '@/lib/symbols/mach-o';
import { takeIn } from '@/lib/symbols/take-in';
import { SymbolsError } from '@/lib/symbols/words';
import { tarOf, zipOf } from '@/tests/factories/packed-files';

const HARBOUR = readFileSync('tests/fixtures/symbols/Harbour');
const STRIPPED = readFileSync('tests/fixtures/symbols/Harbour.stripped');
const TRAMLINE = readFileSync('lib/sandbox/symbols/Tramline.app.dSYM.zip');
const INSIDE = 'Harbour.app.dSYM/Contents/Resources/DWARF/Harbour';

const source = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});
const slices = (bytes: Uint8Array) => readMachO(source(bytes));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-symbols-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const taking = async (bytes: Uint8Array, name = 'Harbour.zip', limits: Partial<SymbolLimits> = {}) => {
  const file = path.join(folder, 'sent');
  writeFileSync(file, bytes);
  return takeIn(file, name, { folder, limits: { ...SYMBOL_LIMITS, ...limits } });
};
const refusal = (bytes: Uint8Array, name?: string, limits?: Partial<SymbolLimits>) =>
  taking(bytes, name, limits).then(
    () => 'taken',
    (error: unknown) => {
      if (error instanceof SymbolsError) return error.message;
      throw error;
    },
  );

describe('a Mach-O file', () => {
  it('tells its architectures, UUIDs, where its code lies, and whether it has symbols', async () => {
    const [arm, intel, ...more] = await slices(HARBOUR);
    expect(more).toEqual([]);
    expect([arm?.arch, intel?.arch].sort()).toEqual(['arm64', 'x86_64']);
    for (const slice of [arm, intel]) {
      expect(slice?.uuid).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
      expect(slice?.text?.address).toBe(0x1_0000_0000n);
      expect(slice?.hasDwarf).toBe(true);
    }
    expect(arm?.uuid).not.toBe(intel?.uuid);
    const [stripped] = await slices(STRIPPED);
    expect(stripped).toMatchObject({ arch: 'arm64', hasDwarf: false });
    expect([arm?.uuid, intel?.uuid]).toContain(stripped?.uuid);
  });

  it('of 32 bits, of the other byte order, and fat with 64-bit places is read too', async () => {
    const thin = (isLittle: boolean) => {
      const view = new DataView(new ArrayBuffer(28 + 24 + 56 + 68));
      const words = [0xfeedface, 12, 9, 10, 2, 24 + 56 + 68, 0];
      for (const [at, word] of words.entries()) view.setUint32(at * 4, word, isLittle);
      view.setUint32(28, 0x1b, isLittle);
      view.setUint32(32, 24, isLittle);
      for (let at = 0; at < 16; at += 1) view.setUint8(36 + at, at + 1);
      view.setUint32(52, 1, isLittle);
      view.setUint32(56, 56 + 68, isLittle);
      for (const [at, letter] of [...'__TEXT'].entries()) view.setUint8(60 + at, letter.charCodeAt(0));
      view.setUint32(76, 0x4000, isLittle);
      view.setUint32(80, 0x1000, isLittle);
      view.setUint32(100, 1, isLittle);
      for (const [at, letter] of [...'__debug_info'].entries()) view.setUint8(108 + at, letter.charCodeAt(0));
      view.setUint32(144, 4, isLittle);
      view.setUint32(148, 100, isLittle);
      return Buffer.from(view.buffer);
    };
    const told = {
      ...{ arch: 'armv7', uuid: '01020304-0506-0708-090A-0B0C0D0E0F10', hasDwarf: true },
      text: { address: 0x4000n, size: 0x1000n },
    };
    expect(await slices(thin(true))).toMatchObject([told]);
    expect(await slices(thin(false))).toMatchObject([told]);
    const fat = Buffer.alloc(64);
    fat.writeUInt32BE(0xcafebabf, 0);
    fat.writeUInt32BE(1, 4);
    fat.writeBigUInt64BE(64n, 16);
    fat.writeBigUInt64BE(BigInt(thin(true).length), 24);
    expect(await slices(Buffer.concat([fat, thin(true)]))).toMatchObject([{ ...told, offset: 64 }]);
  });

  it('that is damaged gives words or what could be read, never anything else', async () => {
    let seed = 20_261_129;
    const next = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed % below;
    };
    for (let round = 0; round < 3_000; round += 1) {
      const bytes = Buffer.from(next(2) === 0 ? HARBOUR : STRIPPED);
      for (let change = next(12); change >= 0; change -= 1)
        bytes.writeUInt8(next(256), next(change % 2 === 0 ? 4096 : bytes.length));
      const cut = next(3) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes;
      await slices(cut).catch((error: unknown) => {
        if (!(error instanceof SymbolsError)) throw error;
      });
    }
    for (const length of [0, 3, 7, 8, 27, 31])
      await expect(slices(HARBOUR.subarray(0, length))).rejects.toBeInstanceOf(SymbolsError);
    // A class of Java begins alike.
    await expect(slices(Buffer.from('cafebabe00000041000000000000', 'hex'))).rejects.toThrow('no Mach-O');
    expect(isMachO(Buffer.from('#!/bin/sh'))).toBe(false);
  });
});

describe('what is sent', () => {
  const taken = async (bytes: Uint8Array, name?: string) =>
    (await taking(bytes, name)).taken.map(({ name: binary, arch }) => `${binary} ${arch}`).sort();
  const both = ['Harbour arm64', 'Harbour x86_64'];

  it('may be a zip, a tar, a packed tar, a packed file or the file itself', async () => {
    expect(
      await taken(
        zipOf([
          { name: 'Harbour.app.dSYM/Contents/Info.plist', bytes: Buffer.from('<plist/>') },
          { name: INSIDE, bytes: HARBOUR },
        ]),
      ),
    ).toEqual(both);
    const tar = tarOf([
      { name: 'a.txt', bytes: Buffer.from('hello') },
      { name: INSIDE, bytes: HARBOUR },
    ]);
    for (const [bytes, name] of [
      [tar, 'x.tar'],
      [gzipSync(tar), 'x.tar.gz'],
      [gzipSync(HARBOUR), 'Harbour.gz'],
      [HARBOUR, 'Harbour'],
    ] as const) {
      rmSync(folder, { recursive: true });
      folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-symbols-'));
      expect([name, await taken(bytes, name)]).toEqual([name, both]);
    }
  });

  it('the sandbox’s own is whole', async () => {
    expect(await taken(TRAMLINE, 'Tramline.app.dSYM.zip')).toEqual(['Tramline arm64']);
  });

  it('names what gives no symbols beside what does', async () => {
    const { taken: all, passed } = await taking(
      zipOf([
        { name: 'App/Harbour', bytes: STRIPPED },
        { name: INSIDE, bytes: HARBOUR },
      ]),
    );
    expect(all.length).toBe(2);
    expect(passed).toMatchObject([
      { name: 'Harbour', words: expect.stringContaining('without debug information') },
    ]);
  });

  it('of which nothing can be taken is refused in words', async () => {
    const bomb = zipOf([{ name: INSIDE, bytes: Buffer.alloc(64 * 1024 * 1024) }]);
    const cases: readonly [string, Uint8Array, RegExp, Partial<SymbolLimits>?][] = [
      ['nothing', new Uint8Array(), /empty/],
      ['text', Buffer.from('not at all'), /neither a Mach-O file nor/],
      ['another packing', Buffer.from('425a68393141592653590000', 'hex'), /packed in a way that is not read/],
      ['no symbols', STRIPPED, /without debug information/],
      ['an empty zip', zipOf([]), /no binary in it/],
      ['a zip of texts', zipOf([{ name: 'a', bytes: Buffer.from('text') }]), /no binary in it/],
      ['a zip bomb', bomb, /grows more than 100 times/],
      ['a packed bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024)), /grows more than 100 times/],
      [
        'a packed tar bomb',
        gzipSync(tarOf([{ name: INSIDE, bytes: Buffer.alloc(64 * 1024 * 1024) }])),
        /grows more than 100 times/,
      ],
      [
        'too much in all',
        zipOf([{ name: INSIDE, bytes: HARBOUR }]),
        /larger than 1 MB/,
        { unpacked: 20_000 },
      ],
      [
        'too much in a tar',
        gzipSync(tarOf([{ name: INSIDE, bytes: HARBOUR }])),
        /larger than 1 MB/,
        { unpacked: 20_000 },
      ],
      [
        'too many files',
        zipOf(Array.from({ length: 40 }, (_, at) => ({ name: `${at}` }))),
        /more than 30 files/,
        { entries: 30 },
      ],
      [
        'too many in a tar',
        tarOf(Array.from({ length: 40 }, (_, at) => ({ name: `${at}` }))),
        /more than 30 files/,
        { entries: 30 },
      ],
      [
        'too many binaries',
        zipOf([
          { name: 'a', bytes: HARBOUR },
          { name: 'b', bytes: HARBOUR },
        ]),
        /more than 1 binaries/,
        { binaries: 1 },
      ],
      ['a path upwards', zipOf([{ name: '../../etc/passwd', bytes: HARBOUR }]), /leads out of the archive/],
      ['an absolute path', zipOf([{ name: '/etc/passwd', bytes: HARBOUR }]), /leads out of the archive/],
      [
        'a path of another system',
        zipOf([{ name: 'C:\\Windows\\x', bytes: HARBOUR }]),
        /leads out of the archive/,
      ],
      ['a link out', zipOf([{ name: 'a', link: '/etc/passwd' }]), /leads out of the archive/],
      ['a link upwards', zipOf([{ name: 'a/b', link: '../../x' }]), /leads out of the archive/],
      ['a path upwards in a tar', tarOf([{ name: 'a/../../b', bytes: HARBOUR }]), /leads out of the archive/],
      ['an absolute path in a tar', tarOf([{ name: '/b', bytes: HARBOUR }]), /leads out of the archive/],
      ['a link out in a tar', tarOf([{ name: 'a', link: '/etc' }]), /leads out of the archive/],
      ['a hard link out', tarOf([{ name: 'a', link: '../etc', kind: '1' }]), /leads out of the archive/],
      ['a device', tarOf([{ name: 'a', kind: '3' }]), /no file/],
      ['a locked zip', zipOf([{ name: INSIDE, bytes: HARBOUR, isLocked: true }]), /password/],
      ['a torn zip', zipOf([{ name: INSIDE, bytes: HARBOUR }]).subarray(0, -100), /damaged/],
      ['a torn tar', gzipSync(tarOf([{ name: INSIDE, bytes: HARBOUR }])).subarray(0, -2_000), /damaged/],
      ['a zip that lies about a size', zipOf([{ name: INSIDE, bytes: HARBOUR, told: 100 }]), /damaged/],
      ['a torn binary', HARBOUR.subarray(0, 30_000), /damaged|ends before/],
    ];
    for (const [what, bytes, words, limits] of cases) {
      rmSync(folder, { recursive: true });
      folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-symbols-'));
      expect([what, await refusal(bytes, 'sent', limits)]).toEqual([what, expect.stringMatching(words)]);
    }
  });

  it('never writes where an archive says, and follows no link', async () => {
    const inner = zipOf([
      { name: 'a/link', link: 'b' },
      { name: 'a/\u202Eevil', bytes: HARBOUR },
    ]);
    const { taken: all } = await taking(inner);
    expect(all.map(({ name }) => name)).toEqual(['evil', 'evil']);
    expect(readdirSync(folder).sort()).toEqual(['sent', 'taken-0', 'taken-1', 'unpacked-0']);
  });
});
