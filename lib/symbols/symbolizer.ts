import { spawn } from 'node:child_process';
import type { NamedCall } from '@/lib/crash/own-names';

/** What reads symbols, as it was found on this machine. */
export interface Symbolizer {
  readonly path: string;
  /** "14.0.6"; null where it does not say. */
  readonly version: string | null;
  /** What stands before it so that it has no network; empty where that is not allowed here. */
  readonly without: readonly string[];
}

/** The symbolizer failed; the message is for people. */
export class SymbolizerError extends Error {
  override readonly name = 'SymbolizerError';
}

export interface SymbolizerLimits {
  /** For one run, ms. */
  readonly patienceMs: number;
  /** Of address space beside the file itself, MB. */
  readonly memoryMb: number;
  /** What it may say in one run, bytes. */
  readonly answer: number;
  /** Addresses of one run. */
  readonly addresses: number;
}

export const SYMBOLIZER_LIMITS: SymbolizerLimits = {
  patienceMs: 180_000,
  memoryMb: 4096,
  answer: 64 * 1024 * 1024,
  addresses: 5_000,
};

/** Debian's, the newest first; Homebrew's and others come without a number. */
const NAMES = [
  'llvm-symbolizer',
  ...['22', '21', '20', '19', '18', '17', '16', '15', '14'].map((version) => `llvm-symbolizer-${version}`),
];

const WAYS_OUT = [
  ['unshare', '--net', '--'],
  ['unshare', '-rn', '--'],
] as const;

/** How long a question about the tool itself may take, ms. */
const FEATURE_MS = 20_000;

/**
 * Finds what can read symbols: it must understand what it will be asked, whatever its version says.
 * @param named the only one to try
 */
export async function findSymbolizer(
  named?: string,
): Promise<{ readonly found: Symbolizer } | { readonly why: string }> {
  const tried: string[] = [];
  for (const path of named ? [named] : NAMES) {
    const help = await ran([path, '--version'], { patienceMs: FEATURE_MS });
    if (help.trouble === 'absent') continue;
    if (await understands(path)) {
      const version = /LLVM version (\d+(?:\.\d+)*)/.exec(help.output)?.[1] ?? null;
      return { found: { path, version, without: await wayOut() } };
    }
    tried.push(path);
  }
  if (named) {
    const what = tried.length > 0 ? 'does not answer as an llvm-symbolizer from 13 on does' : 'is not there';
    return { why: `FLIGHTDECK_SYMBOLIZER names ${named}, which ${what}.` };
  }
  return {
    why:
      tried.length > 0
        ? `${tried.join(', ')} cannot give JSON; llvm-symbolizer 13 or newer is needed.`
        : 'There is no llvm-symbolizer on this machine.',
  };
}

/** Whether it gives JSON for what will be asked; of a file that is not there it says so in JSON, too. */
async function understands(path: string): Promise<boolean> {
  const { output } = await ran([path, ...asked('/nonexistent', 'arm64', 'short')], {
    patienceMs: FEATURE_MS,
    input: '0x0\n',
  });
  return answersIn(output)?.length === 1;
}

/** How a programme is started without a network. */
async function wayOut(): Promise<readonly string[]> {
  for (const way of WAYS_OUT) {
    const { code } = await ran([...way, 'true'], { patienceMs: FEATURE_MS });
    if (code === 0) return way;
  }
  return [];
}

const asked = (file: string, arch: string, functions: 'linkage' | 'short') => [
  `--obj=${file}`,
  `--default-arch=${arch}`,
  '--output-style=JSON',
  '--inlines',
  `--functions=${functions}`,
];

/** The symbols of one binary, as they are asked. */
export interface Asked {
  readonly file: string;
  readonly size: number;
  readonly arch: string;
  readonly text: { readonly address: bigint; readonly size: bigint };
}

/**
 * What stands at these places, in bytes from the start of the binary; places without a name are left out.
 * @throws SymbolizerError when it does not answer as it should: nothing of its answer is used then
 */
export async function symbolize(
  tool: Symbolizer,
  { file, size, arch, text }: Asked,
  offsets: readonly number[],
  { limits = SYMBOLIZER_LIMITS, signal }: { limits?: SymbolizerLimits; signal?: AbortSignal } = {},
): Promise<Map<number, NamedCall[]>> {
  const found = new Map<number, NamedCall[]>();
  const inside = offsets.filter((offset) => BigInt(offset) < text.size);
  for (let from = 0; from < inside.length; from += limits.addresses) {
    const chunk = inside.slice(from, from + limits.addresses);
    const addresses = chunk.map((offset) => text.address + BigInt(offset));
    const ask = async (functions: 'linkage' | 'short') => {
      const told = await ran([...tool.without, tool.path, ...asked(file, arch, functions)], {
        ...limits,
        memoryMb: limits.memoryMb + Math.ceil((2 * size) / 1024 / 1024),
        input: `${addresses.map((address) => `0x${address.toString(16)}`).join('\n')}\n`,
        signal,
      });
      return callsIn(told, addresses, limits);
    };
    const linkage = await ask('linkage');
    const short = await ask('short');
    for (const [at, offset] of chunk.entries()) {
      const calls = merged(linkage[at] ?? [], short[at] ?? []);
      if (calls.length > 0) found.set(offset, calls);
    }
  }
  return found;
}

interface Call {
  readonly name: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

/** What the linker calls each function, and what its language does. */
function merged(linkage: readonly Call[], short: readonly Call[]): NamedCall[] {
  const isAlike = linkage.length === short.length;
  return linkage.flatMap(({ name, file, line }, at) => {
    const plain = isAlike ? (short[at]?.name ?? null) : null;
    const symbol = name ?? plain;
    return symbol === null ? [] : [{ symbol, plain, file, line }];
  });
}

const LONGEST_NAME = 4_000;
const MOST_INLINED = 64;

function callsIn(
  told: Told,
  addresses: readonly bigint[],
  { answer, patienceMs }: SymbolizerLimits,
): Call[][] {
  if (told.trouble === 'absent') throw new SymbolizerError('llvm-symbolizer is not there any more.');
  if (told.trouble === 'late')
    throw new SymbolizerError(`llvm-symbolizer did not end within ${Math.round(patienceMs / 1000)} seconds.`);
  if (told.trouble === 'long')
    throw new SymbolizerError(`llvm-symbolizer said more than ${Math.round(answer / 1024 / 1024)} MB.`);
  if (told.code !== 0)
    throw new SymbolizerError(
      told.code === null
        ? 'llvm-symbolizer was ended by the system, perhaps because it needed too much memory.'
        : `llvm-symbolizer ended with ${told.code}.`,
    );
  const answers = answersIn(told.output);
  if (answers === null) throw new SymbolizerError('llvm-symbolizer answered with something that is no JSON.');
  if (answers.length !== addresses.length)
    throw new SymbolizerError(
      `llvm-symbolizer gave ${answers.length} answers to ${addresses.length} questions.`,
    );
  return answers.map((one, at) => {
    const { Address, Error: failure, Symbol: symbols } = one;
    if (failure !== undefined) throw new SymbolizerError('llvm-symbolizer cannot read this file.');
    if (!isAddress(Address, addresses[at]) || !Array.isArray(symbols))
      throw new SymbolizerError('llvm-symbolizer answered to something that it was not asked.');
    return symbols.slice(0, MOST_INLINED).map(callOf);
  });
}

function isAddress(told: unknown, wanted: bigint | undefined): boolean {
  return typeof told === 'string' && /^0x[0-9a-f]{1,16}$/i.test(told) && BigInt(told) === wanted;
}

function callOf(symbol: unknown): Call {
  const { FunctionName, FileName, Line } = (symbol ?? {}) as Readonly<Record<string, unknown>>;
  const file = known(FileName)?.split(/[\\/]/).at(-1);
  return {
    // What stands before everything is no function.
    name: /^_*(?:mh|dso)_\w+_header$/.test(known(FunctionName) ?? '') ? null : known(FunctionName),
    file: file || null,
    line: file && typeof Line === 'number' && Number.isSafeInteger(Line) && Line > 0 ? Line : null,
  };
}

function known(text: unknown): string | null {
  if (typeof text !== 'string' || text === '' || text === '??' || text === '<invalid>') return null;
  return text.slice(0, LONGEST_NAME);
}

type Answer = Readonly<Record<string, unknown>>;

/** One object to a line, or all in one list; null when it is neither. */
function answersIn(output: string): Answer[] | null {
  const text = output.trim();
  try {
    const all: unknown = text.startsWith('[')
      ? JSON.parse(text)
      : text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => JSON.parse(line) as unknown);
    const isAll = Array.isArray(all) && all.every((one) => typeof one === 'object' && one !== null);
    return isAll ? (all as Answer[]) : null;
  } catch {
    return null;
  }
}

interface Told {
  /** Null when it was ended by a signal. */
  readonly code: number | null;
  readonly output: string;
  readonly trouble: 'absent' | 'late' | 'long' | null;
}

/** Runs a programme with an end to everything, and all that it started with it. */
function ran(
  [command = '', ...args]: readonly string[],
  how: {
    readonly patienceMs: number;
    readonly memoryMb?: number;
    readonly answer?: number;
    readonly input?: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Told> {
  const { patienceMs, memoryMb, answer = 1024 * 1024, input = '', signal } = how;
  const limits = `ulimit -c 0; ${memoryMb ? `ulimit -v ${memoryMb * 1024} 2>/dev/null;` : ''} ulimit -t ${Math.ceil(patienceMs / 1000)} 2>/dev/null; exec "$@"`;
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', limits, 'sh', command, ...args], {
      // Of a group of its own, so that nothing of it is left.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        NODE_ENV: 'production',
        LC_ALL: 'C',
        DEBUGINFOD_URLS: '',
      },
    });
    let trouble: Told['trouble'] = null;
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const timer = setTimeout(() => {
      trouble = 'late';
      end();
    }, patienceMs);
    signal?.addEventListener('abort', end, { once: true });
    const pieces: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= answer) pieces.push(piece);
      else if (trouble === null) {
        trouble = 'long';
        end();
      }
    });
    // Whoever does not read to the end is told by what it answers.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const settled = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    };
    child.once('error', (error) => {
      settled();
      reject(error);
    });
    child.once('close', (code) => {
      settled();
      end();
      if (signal?.aborted) return reject(signal.reason);
      const isAbsent = code === 127 || code === 126;
      resolve({
        code,
        output: Buffer.concat(pieces).toString('utf8'),
        trouble: trouble ?? (isAbsent ? 'absent' : null),
      });
    });
  });
}
