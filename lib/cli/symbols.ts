import { lstat, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { AppContext } from '@/lib/context';
import { RefusedError } from '@/lib/services/errors';
import { type SymbolsPage, wholeSymbolsPage } from '@/lib/services/symbols/page';
import { inRoom } from '@/lib/services/symbols/room';
import { isBinary, type SentAnswer, takeInSymbols } from '@/lib/services/symbols/upload';
import { RemoteError, RemoteRefusal } from './remote';
import { shellCtx } from './shell';

/** Sends one file with symbols; `name` is what it is called to people. */
export type SendSymbols = (file: string, name: string) => Promise<SentAnswer>;

/** Files and folders that are looked through. */
const MOST_LOOKED = 200_000;

/** Takes files in on this machine. */
export function localSender(
  context: AppContext,
  { app, account }: { readonly app: string | undefined; readonly account: string | undefined },
): SendSymbols {
  const ctx = shellCtx(context);
  return (file, name) =>
    inRoom(ctx.env, (folder) => takeInSymbols(ctx, { file, name, folder, appId: app, accountId: account }));
}

interface Refusal {
  readonly name: string;
  readonly words: string;
}

/** Sends a file, or every binary of a folder; 0 when all of it is here then, 1 when something was refused. */
export async function uploadCommand(
  send: SendSymbols,
  given: string,
  { isJson }: { readonly isJson: boolean },
): Promise<number> {
  const files = await filesIn(given);
  if (files.length === 0)
    throw new RemoteError(`There is no binary in ${given}. A dSYM is a folder that ends with .dSYM.`);
  const symbols: SentAnswer['symbols'][number][] = [];
  const passed: Refusal[] = [];
  const refused: Refusal[] = [];
  for (const file of files) {
    const name = path.basename(file);
    try {
      const answer = await send(file, name);
      symbols.push(...answer.symbols);
      passed.push(...answer.passed);
    } catch (error) {
      if (!(error instanceof RemoteRefusal || (error instanceof RefusedError && error.status === 422)))
        throw error;
      // In a folder there are binaries beside the symbols.
      (files.length > 1 ? passed : refused).push({ name, words: error.message });
    }
  }
  if (symbols.length === 0 && refused.length === 0) refused.push(...passed.splice(0));
  const all = [...symbols.filter(({ outcome }) => outcome === 'refused'), ...refused];
  if (isJson) process.stdout.write(`${JSON.stringify({ symbols, passed, refused })}\n`);
  else process.stdout.write(inWords(symbols, passed, refused));
  return all.length > 0 ? 1 : 0;
}

const OUTCOMES = { stored: 'stored', known: 'here', refused: 'refused' } as const;

function inWords(
  symbols: SentAnswer['symbols'],
  passed: readonly Refusal[],
  refused: readonly Refusal[],
): string {
  return [
    ...symbols.map(
      ({ name, arch, uuid, outcome, words }) =>
        `${OUTCOMES[outcome].padEnd(8)} ${name} (${arch}) ${uuid}: ${words}`,
    ),
    ...refused.map(({ name, words }) => `refused  ${name}: ${words}`),
    ...passed.map(({ name, words }) => `passed   ${name}: ${words}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** What is to be sent: the file itself, or the binaries in a folder. Links are not followed. */
async function filesIn(given: string): Promise<string[]> {
  const facts = await lstat(given).catch(() => null);
  if (!facts) throw new RemoteError(`There is no ${given}.`);
  if (!facts.isDirectory()) return [given];
  const found: string[] = [];
  const folders = [given];
  let looked = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      looked += 1;
      if (looked > MOST_LOOKED)
        throw new RemoteError(`${given} holds too much. Name the folder of the dSYMs.`);
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(file);
      else if (entry.isFile() && (await begins(file))) found.push(file);
    }
  }
  // Of an archive of Xcode’s only the dSYMs.
  const dsyms = found.filter((file) => file.includes(`.dSYM${path.sep}`));
  return (dsyms.length > 0 ? dsyms : found).sort();
}

async function begins(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const start = Buffer.alloc(4);
    await handle.read(start, 0, 4, 0);
    return isBinary(start);
  } finally {
    await handle.close();
  }
}

/** Says which symbols crashes need that are not here, page after page; 1 when there are some. */
export async function symbolStatusCommand(
  ask: (cursor: string | undefined) => Promise<SymbolsPage>,
  isJson: boolean,
): Promise<number> {
  const page = await wholeSymbolsPage(ask);
  const { missing, stored, tool } = page;
  const lines = missing.flatMap(({ build, images }) => [
    `${build ?? 'A build that is not known here'}:`,
    ...images.map(
      ({ uuid, name, arch, reports }) =>
        `  ${uuid} ${name}${arch ? ` (${arch})` : ''}: ${reports === 1 ? 'one crash report' : `${reports} crash reports`}`,
    ),
  ]);
  const head = missing.length === 0 ? 'No symbols are missing.' : 'Symbols are missing:';
  const reader = tool?.isThere === false ? [`The worker cannot read symbols: ${tool.why}`] : [];
  const words = [head, ...lines, `${stored.length} are here.`, ...reader];
  process.stdout.write(isJson ? `${JSON.stringify(page)}\n` : `${words.join('\n')}\n`);
  return missing.length > 0 ? 1 : 0;
}
