import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionOf } from '@/lib/crash/normalise';
import { neededImages, wantedOffsets, withOwnNames } from '@/lib/crash/own-names';
import { readCrashReport } from '@/lib/crash/read';
import { signatureOf } from '@/lib/crash/signature';
import { shownReport } from '@/lib/feedback/shown-report';
import { TRAMLINE_OFFSETS, TRAMLINE_UUID } from '@/lib/sandbox/symbols/tramline';
import { SYMBOL_LIMITS } from '@/lib/symbols/limits';
import { findSymbolizer, SYMBOLIZER_LIMITS, type Symbolizer, symbolize } from '@/lib/symbols/symbolizer';
import { type TakenIn, takeIn } from '@/lib/symbols/take-in';
import { ipsFile } from '@/tests/factories/crash-files';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-symbolizer-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sent = async (file: string, arch = 'arm64'): Promise<TakenIn> => {
  const { taken } = await takeIn(file, path.basename(file), { folder, limits: SYMBOL_LIMITS });
  const one = taken.find((each) => each.arch === arch);
  if (!one) throw new Error('There are no such symbols.');
  return one;
};
/** The real one; where there is none these tests fail and say so. */
const real = async (): Promise<Symbolizer> => {
  const looked = await findSymbolizer(process.env.FLIGHTDECK_SYMBOLIZER);
  if ('why' in looked) throw new Error(`${looked.why} Install it: apt-get install llvm`);
  return looked.found;
};

/** A programme of ours that stands for another version, or a bad day. */
const fake = (script: string): string => {
  const file = path.join(folder, 'fake');
  writeFileSync(file, `#!/usr/bin/env node\nconst [, , ...args] = process.argv;\n${script}`);
  chmodSync(file, 0o755);
  return file;
};
const PREAMBLE = `
if (args[0] === '--version') { console.log('Somebody LLVM version 21.1.3'); process.exit(0); }
const lines = require('node:fs').readFileSync(0, 'utf8').trim().split('\\n');
const answer = (line, name = 'f') => ({ Address: line, ModuleName: 'm', Symbol: [{ FunctionName: name, FileName: '/a/b.c', Line: 3 }] });
if (args[0] === '--obj=/nonexistent') { console.log(JSON.stringify(answer('0x0'))); process.exit(0); }
`;
const ASKED = { file: '/x', size: 10, arch: 'arm64', text: { address: 0x1_0000_0000n, size: 0x10000n } };

describe('llvm-symbolizer', () => {
  it('tells functions, files, lines and what was inlined, of what called one byte before', async () => {
    const tool = await real();
    const one = await sent('tests/fixtures/symbols/Harbour');
    const found = await symbolize(tool, one, [0x4010, 0x4033, 0x405f, 0x407f, 0x9_0000, 0x3]);
    expect(found.get(0x4010)).toMatchObject([
      { plain: 'unwrapped', file: 'Optional+Berth.swift', line: 31 },
      { symbol: '$s7Harbour10BerthStoreC7persistyyF', plain: 'persist', file: 'BerthStore.swift', line: 119 },
    ]);
    expect(found.get(0x4033)).toMatchObject([{ symbol: '$s7Harbour10BerthStoreC7enqueueyyF', line: 141 }]);
    expect(found.get(0x405f)).toMatchObject([
      { symbol: 'harbour::Tide::level(int)', file: 'Tide.cpp', line: 52 },
    ]);
    expect(found.get(0x407f)).toMatchObject([{ symbol: '-[BerthCache itemAtPosition:]', line: 85 }]);
    // Beyond the code there is nothing, and what stands before it is no function.
    expect([found.has(0x9_0000), found.has(0x3)]).toEqual([false, false]);
  });

  it('reads the other architecture of the same file', async () => {
    const one = await sent('tests/fixtures/symbols/Harbour', 'x86_64');
    const found = await symbolize(
      await real(),
      one,
      Array.from({ length: 0x800 }, (_, at) => at * 4),
    );
    expect([...found.values()].flat().map(({ plain }) => plain)).toContain('persist');
  });

  it('reads every function of the sandbox’s own as its named logs have it', async () => {
    const one = await sent('lib/sandbox/symbols/Tramline.app.dSYM.zip');
    expect(one.uuid.toLowerCase()).toBe(TRAMLINE_UUID);
    const offsets = Object.values(TRAMLINE_OFFSETS).map((offset) => offset - 1);
    const found = await symbolize(await real(), one, offsets);
    for (const [symbol, offset] of Object.entries(TRAMLINE_OFFSETS)) {
      const told = found.get(offset - 1)?.at(-1)?.symbol ?? '';
      expect([symbol, functionOf(told, 'Tramline')]).toEqual([symbol, functionOf(symbol, 'Tramline')]);
    }
  });
});

describe('another version, and bad days', () => {
  it('is known by what it can do, whatever it is called', async () => {
    const looked = await findSymbolizer(fake(`${PREAMBLE}`));
    expect(looked).toMatchObject({ found: { version: '21.1.3' } });
    expect(await findSymbolizer(path.join(folder, 'nothing'))).toMatchObject({
      why: expect.stringContaining('not there'),
    });
    const old = fake(`console.log(args[0] === '--version' ? 'LLVM version 11.0.1' : '??'); `);
    expect(await findSymbolizer(old)).toMatchObject({ why: expect.stringContaining('does not answer') });
  });

  const cases: readonly [string, string, RegExp][] = [
    ['hangs', 'setInterval(() => 0, 1000);', /did not end within/],
    [
      'starts others that hang',
      `require('node:child_process').spawn('sleep', ['1000'], { stdio: 'inherit' }); setInterval(() => 0, 1000);`,
      /did not end within/,
    ],
    ['dies', 'process.kill(process.pid, "SIGKILL");', /ended by the system/],
    ['ends with an error', 'process.exit(3);', /ended with 3/],
    ['says nothing', '', /0 answers to 2/],
    ['says rubbish', 'console.log("{{{");', /no JSON/],
    ['answers too little', 'console.log(JSON.stringify(answer(lines[0])));', /1 answers to 2/],
    [
      'answers too much',
      'for (const line of [...lines, "0x1"]) console.log(JSON.stringify(answer(line)));',
      /3 answers to 2/,
    ],
    [
      'answers to something else',
      'for (const line of lines) console.log(JSON.stringify(answer("0x1")));',
      /not asked/,
    ],
    [
      'answers with errors',
      'for (const line of lines) console.log(JSON.stringify({ Address: line, Error: { Message: "no" } }));',
      /cannot read this file/,
    ],
    [
      'says 100 MB',
      'const piece = Buffer.alloc(1024 * 1024, 120); for (let n = 0; n < 100; n += 1) require("node:fs").writeSync(1, piece);',
      /said more than/,
    ],
  ];
  it.each(cases)('one that %s gives words and no names', async (_, script, words) => {
    const tool: Symbolizer = { path: fake(PREAMBLE + script), version: null, without: [] };
    const limits = { ...SYMBOLIZER_LIMITS, patienceMs: /hang/.test(_) ? 4_000 : 60_000 };
    await expect(symbolize(tool, ASKED, [1, 2], { limits })).rejects.toThrow(words);
  });

  it('may answer line by line or in one list, and is asked in portions', async () => {
    const asked = path.join(folder, 'asked');
    const tool = (say: string): Symbolizer => ({
      path: fake(
        `${PREAMBLE} require('node:fs').appendFileSync(${JSON.stringify(asked)}, args.join(' ') + ' ' + lines.length + '\\n'); ${say}`,
      ),
      version: null,
      without: [],
    });
    const limits = { ...SYMBOLIZER_LIMITS, addresses: 2 };
    const list = tool('console.log(JSON.stringify(lines.map((line) => answer(line, args[4]))));');
    const found = await symbolize(list, ASKED, [1, 2, 3], { limits });
    expect(found.get(3)).toEqual([
      { symbol: '--functions=linkage', plain: '--functions=short', file: 'b.c', line: 3 },
    ]);
    expect(readFileSync(asked, 'utf8').trim().split('\n')).toEqual(
      [2, 1].flatMap((count) =>
        ['linkage', 'short'].map(
          (way) => `--obj=/x --default-arch=arm64 --output-style=JSON --inlines --functions=${way} ${count}`,
        ),
      ),
    );
  });

  it('what it reads is without a network where that is allowed', async () => {
    const looked = await findSymbolizer(fake(PREAMBLE));
    if (!('found' in looked)) throw new Error(looked.why);
    const script = `for (const line of lines) console.log(JSON.stringify(answer(line, Object.keys(require('node:os').networkInterfaces()).join(' ') || 'none')));`;
    const tool = { ...looked.found, path: fake(PREAMBLE + script) };
    const found = await symbolize(tool, ASKED, [1]);
    const names = found.get(1)?.[0]?.symbol;
    if (tool.without.length > 0) expect(names).toBe('none');
    else expect(names).not.toBe('');
  });
});

describe('names over a report', () => {
  const uuid = '11111111-2222-3333-4444-555555555555';
  const raw = (stack: Parameters<typeof ipsFile>[0]['stack']) =>
    readCrashReport(ipsFile({ stack, uuids: { Harbour: uuid } }));
  const call = (symbol: string, line = 1) => ({ symbol, plain: null, file: 'a.swift', line });

  it('are looked for at the instruction on top, one before a return, and at what a signal interrupted', () => {
    const report = raw([
      ['Harbour', null, 100],
      ['Harbour', null, 200],
      ['libsystem_c.dylib', '_sigtramp', 4],
      ['Harbour', null, 300],
      ['Harbour', 'known()', 400],
      ['libobjc.A.dylib', null, 500],
    ]);
    expect(wantedOffsets(report, uuid)).toEqual([100, 199, 300]);
    expect(neededImages(report)).toEqual([{ uuid, name: 'Harbour', arch: 'arm64' }]);
  });

  it('stand where the log has none, with what was inlined, and group as a named log does', () => {
    const report = raw([
      ['Harbour', null, 100],
      ['Harbour', null, 200],
      ['UIKitCore', 'UIApplicationMain', 5],
    ]);
    const names = {
      [uuid]: {
        '64': [call('inner'), call('$s7Harbour10BerthStoreC7persistyyF', 118)],
        c7: [call('$s7Harbour10BerthStoreC7enqueueyyF', 140)],
      },
    };
    const named = withOwnNames(report, names);
    expect(
      named.threads[0]?.frames.map(({ symbol, isInlined, line, index }) => [index, symbol, isInlined, line]),
    ).toEqual([
      [0, 'inner', true, 1],
      [0, '$s7Harbour10BerthStoreC7persistyyF', false, 118],
      [1, '$s7Harbour10BerthStoreC7enqueueyyF', false, 140],
      [2, 'UIApplicationMain', false, null],
    ]);
    const other = raw([
      ['Harbour', 'BerthStore.persist()', 900],
      ['Harbour', 'BerthStore.enqueue()', 901],
      ['UIKitCore', 'UIApplicationMain', 5],
    ]);
    expect(signatureOf(named)?.issue).toBe(signatureOf(other)?.issue);
    expect(signatureOf(report)?.issue).not.toBe(signatureOf(other)?.issue);
  });

  it('that nobody can read are shown as the language calls them', () => {
    const text = ipsFile({ stack: [['Harbour', null, 100]], uuids: { Harbour: uuid } });
    const told = {
      [uuid]: { '64': [{ symbol: '$s7HarbourXXunreadable', plain: 'merge', file: null, line: null }] },
    };
    expect(shownReport(text, {}, told).stack.map(({ name }) => name)).toEqual(['merge']);
    expect(shownReport(text).needed).toEqual([{ uuid, name: 'Harbour', arch: 'arm64' }]);
  });
});
