/**
 * Makes the small dSYMs that the sandbox and the tests are tried with; run by hand, what it makes is committed.
 * It needs clang, ld64.lld, dsymutil, llvm-nm, llvm-lipo and llvm-symbolizer (Debian: clang-14 lld-14 llvm-14) and zip.
 *   node scripts/make-symbols.mjs
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { inRoot } from './lib/place.mjs';

const VERSION = process.env.LLVM_VERSION ?? '14';
const work = mkdtempSync(path.join(tmpdir(), 'flightdeck-symbols-'));
const run = (tool, args, more = {}) =>
  execFileSync(tool.startsWith('/') || tool === 'zip' ? tool : `${tool}-${VERSION}`, args, {
    cwd: work,
    encoding: 'utf8',
    ...more,
  });

/** Compiles, links and takes the symbols of one architecture. */
function dsymOf(source, name, arch, flags = []) {
  const object = `${name}-${arch}.o`;
  const binary = `${name}-${arch}`;
  run('clang', ['-target', `${arch}-apple-ios16.0`, '-g', ...flags, '-c', source, '-o', object]);
  const linked = ['-arch', arch, '-platform_version', 'ios', '16.0', '16.0', '-e', '_main'];
  run('ld64.lld', [...linked, '-undefined', 'dynamic_lookup', object, '-o', binary]);
  run('dsymutil', [binary, '-o', `${binary}.dSYM`]);
  return { binary, dwarf: path.join(work, `${binary}.dSYM/Contents/Resources/DWARF/${binary}`) };
}

harbour();
await tramline();
rmSync(work, { recursive: true });

/** For the tests: two architectures, names of several languages, inlined calls, and a binary without symbols. */
function harbour() {
  const into = (name) => inRoot(`tests/fixtures/symbols/${name}`);
  copyFileSync(into('harbour.cpp'), path.join(work, 'harbour.cpp'));
  const both = ['arm64', 'x86_64'].map((arch) =>
    dsymOf('harbour.cpp', 'Harbour', arch, ['-O1', '-fno-exceptions']),
  );
  run('llvm-lipo', ['-create', ...both.map(({ dwarf }) => dwarf), '-output', into('Harbour')]);
  run('llvm-strip', ['-S', both[0].binary, '-o', into('Harbour.stripped')]);
  const addresses = run('llvm-nm', ['-n', '--arch=arm64', into('Harbour')]);
  process.stdout.write(addresses);
}

/** For the sandbox: every function in which an app about transit crashes, where its logs say that it is. */
async function tramline() {
  const symbols = await transitSymbols();
  const names = symbols.map(({ symbol }) => mangled(symbol, 'Tramline'));
  const source = [
    'volatile int sink;',
    '__attribute__((noinline, used)) void called(void) { sink += 7; }',
    '#line 9 "/Users/builder/Tramline/Sources/Unwrap.swift"',
    'static inline __attribute__((always_inline)) void unwrapped(void) { sink += 1; called(); }',
    ...symbols.flatMap(({ file, line }, at) => {
      const place = `#line ${Math.max(1, line)} "/Users/builder/Tramline/Sources/${file}"`;
      const head = `__attribute__((noinline, used)) void f${at}(void)`;
      const name = JSON.stringify(`_${names[at]}`);
      // The first one shows an inlined call.
      const body = `{ ${at === 0 ? 'unwrapped' : 'called'}(); sink += ${at}; }`;
      return [place, `${head} __asm__(${name});`, place, `${head} ${body}`];
    }),
    `int main(void) { ${symbols.map((_, at) => `f${at}();`).join(' ')} return 0; }`,
  ];
  writeFileSync(path.join(work, 'tramline.c'), source.join('\n'));
  const { binary, dwarf } = dsymOf('tramline.c', 'Tramline', 'arm64', ['-O1']);
  const bundle = path.join(work, 'Tramline.app.dSYM');
  mkdirSync(path.join(bundle, 'Contents/Resources/DWARF'), { recursive: true });
  copyFileSync(dwarf, path.join(bundle, 'Contents/Resources/DWARF/Tramline'));
  copyFileSync(
    path.join(work, `${binary}.dSYM/Contents/Info.plist`),
    path.join(bundle, 'Contents/Info.plist'),
  );
  const zip = inRoot('lib/sandbox/symbols/Tramline.app.dSYM.zip');
  rmSync(zip, { force: true });
  run('zip', ['-q', '-X', '-r', zip, 'Tramline.app.dSYM']);
  const sites = new Map(sitesIn(run('llvm-objdump', ['--macho', '-d', '--no-show-raw-insn', binary])));
  const uuid = /uuid\s+([0-9A-F-]{36})/i.exec(
    run('llvm-objdump', ['--macho', '--private-headers', dwarf]),
  )[1];
  const table = symbols.map(({ symbol }, at) => {
    const site = sites.get(`_${names[at]}`);
    if (site === undefined) throw new Error(`${names[at]} is not in the binary.`);
    return `  '${symbol}': 0x${site.toString(16)},`;
  });
  writeFileSync(
    inRoot('lib/sandbox/symbols/tramline.ts'),
    `// Made by scripts/make-symbols.mjs together with the dSYM beside it.

/** Of the binary whose dSYM it is. */
export const TRAMLINE_UUID = '${uuid.toLowerCase()}';

/** Where calls return to inside each function, in bytes from the start of the binary. */
export const TRAMLINE_OFFSETS: Readonly<Record<string, number>> = {
${table.join('\n')}
};
`,
  );
}

/** Functions of the app's own that appear in its crashes, each once. */
async function transitSymbols() {
  const { outputFiles } = await build({
    entryPoints: [inRoot('lib/sandbox/programme/crashes/crash-causes.ts')],
    bundle: true,
    write: false,
    format: 'esm',
  });
  const code = Buffer.from(outputFiles[0].text).toString('base64');
  const { causesFor } = await import(`data:text/javascript;base64,${code}`);
  const found = new Map();
  for (const { frames, lastException = [] } of causesFor('transit')) {
    for (const { image, symbol, file, line = 0 } of [...frames, ...lastException]) {
      if (image === '@' && !found.has(symbol))
        found.set(symbol, { symbol, line, file: file ?? 'main.swift' });
    }
  }
  found.delete('main');
  return [...found.values()];
}

/** A function of Swift by the name that the linker knows. */
function mangled(symbol, module) {
  const id = (name) => `${name.length}${name}`;
  const start = `$s${id(module)}`;
  if (/^[-+]\[/.test(symbol)) return symbol;
  if (symbol.startsWith('specialized Array.subscript.getter')) return '$sSayxSicigSi_Tg5';
  if (symbol.startsWith('thunk for')) return '$sIeg_IeyB_TR';
  const objc = /^@objc (.*)$/.exec(symbol);
  if (objc) return `${mangled(objc[1], module)}To`;
  const closure = /^closure #(\d+) in (.*)$/.exec(symbol);
  if (closure)
    return `${mangled(closure[2], module)}yycfU${closure[1] === '1' ? '' : Number(closure[1]) - 2}_`;
  const getter = /^(\w+)\.(\w+)\.getter$/.exec(symbol);
  if (getter) return `${start}${id(getter[1])}V${id(getter[2])}Sivg`;
  const [, type, name, labels] = /^(\w+)\.(\w+)\(([^)]*)\)$/.exec(symbol) ?? [];
  if (!type) throw new Error(`There is no name for ${symbol}.`);
  const list = labels.split(':').filter((label) => label !== '');
  const isNamed = list.some((label) => label !== '_');
  const words = isNamed
    ? list.map((label) => (label === '_' ? '_' : id(label))).join('')
    : list.length > 0
      ? 'y'
      : '';
  const several = list.length > 1 || isNamed ? `Si_${'Si'.repeat(list.length - 1)}t` : 'Si';
  const given = list.length === 0 ? 'y' : several;
  if (name === 'init') return `${start}${id(type)}V${words}AC${given}cfC`;
  return `${start}${id(type)}C${id(name)}${words}y${given}F`;
}

/** Where the first call of each function returns to. */
function* sitesIn(listing) {
  let name = null;
  let isCall = false;
  for (const line of listing.split('\n')) {
    const label = /^(_.*):$/.exec(line);
    if (label) {
      name = label[1];
      continue;
    }
    const [, address, word] = /^\s*([0-9a-f]+):\s+(\w+)/.exec(line) ?? [];
    if (address === undefined || name === null) continue;
    if (isCall) {
      yield [name, Number.parseInt(address, 16) - 0x1_0000_0000];
      name = null;
    }
    isCall = word === 'bl';
  }
}
