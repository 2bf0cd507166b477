import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppContext } from '@/lib/context';
import { RefusedError } from '@/lib/services/errors';
import { type ExportedProgramme, exportProgramme } from '@/lib/services/programme/export';
import { type Comparison, compareProgramme, type ShownOperation } from '@/lib/services/programme/plan';
import { ask } from './ask';
import { type Remote, RemoteError, tellRemote } from './remote';
import { isApples, shellCtx } from './shell';
import { localShipper, remoteShipper, type Shipper } from './ship';

interface Which {
  readonly appId: string;
  readonly accountId: string | undefined;
}

/** Where a programme is read and changed: here, or at another installation. */
export interface Desk extends Shipper {
  exported(given: { hasPersonalData?: true; over?: string }): Promise<ExportedProgramme>;
  compared(given: { text: string; prune?: true }): Promise<Comparison>;
}

export function remoteDesk(remote: Remote, { appId, accountId }: Which): Desk {
  const path = `/api/programme/apps/${encodeURIComponent(appId)}/file`;
  const query = accountId === undefined ? '' : `?account=${encodeURIComponent(accountId)}`;
  return {
    ...remoteShipper(remote),
    exported: (given) => tellRemote(remote, `${path}${query}`, given),
    compared: (given) => tellRemote(remote, `${path}/comparison${query}`, given),
  };
}

export function localDesk(context: AppContext, which: Which): Desk {
  const shipper = localShipper(context);
  return {
    read: shipper.read,
    start: (order) => said(shipper.start(order)),
    exported: (given) => said(exportProgramme(shellCtx(context), which, given)),
    compared: (given) => said(compareProgramme(shellCtx(context), which, given)),
  };
}

/** What is refused is told as the far side would: each reason in a line of its own. */
async function said<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (isApples(error)) throw new RemoteError(error.message);
    if (!(error instanceof RefusedError)) throw error;
    const words = error.problems.map(({ detail }) => detail).join('\n');
    throw new RemoteError(words, error.problems[0]?.code);
  }
}

/** Writes the programme of an app out, or over a file whose comments stay; gives the exit code. */
export async function exportCommand(
  desk: Desk,
  { to, hasPersonalData }: { readonly to: string | undefined; readonly hasPersonalData: boolean },
): Promise<number> {
  const over = to !== undefined && existsSync(to) ? await textIn(to) : undefined;
  const { text, app } = await desk.exported({
    ...(hasPersonalData ? { hasPersonalData } : {}),
    ...(over === undefined ? {} : { over }),
  });
  if (to === undefined) process.stdout.write(text);
  else {
    await writeFile(to, text);
    process.stdout.write(`The programme of ${app} is in ${to}.\n`);
  }
  return 0;
}

async function textIn(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new RemoteError(`${file} cannot be read.`);
  });
}

/** Says what differs; with `isDriftAnError` the exit code is 1 where anything does. */
export async function diffCommand(
  desk: Desk,
  file: string,
  options: { readonly prune: boolean; readonly isDriftAnError: boolean; readonly isJson: boolean },
): Promise<number> {
  const compared = await desk.compared({
    text: await textIn(file),
    ...(options.prune ? { prune: true } : {}),
  });
  process.stdout.write(options.isJson ? `${JSON.stringify(compared)}\n` : toldOf(compared));
  return options.isDriftAnError && compared.operations.length > 0 ? 1 : 0;
}

export interface ApplyOptions {
  readonly prune: boolean;
  /** How many deletions were confirmed. */
  readonly confirm: number | undefined;
  readonly isDryRun: boolean;
  readonly isSure: boolean;
  readonly isJson: boolean;
  /** Where the pages of jobs are. */
  readonly url: string;
}

const FOLLOW_MS = 1_000;

/** Brings a programme to what a file says and waits for it; gives the exit code. */
export async function applyCommand(
  desk: Desk,
  { appId, accountId }: Which,
  file: string,
  { prune, confirm, isDryRun, isSure, isJson, url }: ApplyOptions,
): Promise<number> {
  const say = (words: string) => void (isJson ? process.stderr : process.stdout).write(words);
  const text = await textIn(file);
  const input = { text, ...(prune ? { prune: true as const } : {}) };
  const compared = await desk.compared(input);
  say(toldOf(compared));
  const isStuck = compared.operations.some(({ kind }) => kind === 'recreate' || kind === 'blocked');
  if (compared.sent === 0 && (!isDryRun || compared.operations.length === 0)) {
    if (isJson) process.stdout.write(`${JSON.stringify(compared)}\n`);
    return isStuck ? 1 : 0;
  }
  if (!isDryRun) await confirmed(compared, { confirm, isSure });
  const { id } = await desk.start({
    kind: 'apply-programme',
    appId,
    ...(accountId === undefined ? {} : { accountId }),
    ...(isDryRun ? { dryRun: true } : {}),
    input: { ...input, plan: compared.plan, ...(confirm === undefined ? {} : { confirm }) },
  });
  say(`${url}/jobs/${encodeURIComponent(id)}\n`);
  const job = await followed(desk, id, say);
  if (isJson) process.stdout.write(`${JSON.stringify(job)}\n`);
  if (isDryRun) return isStuck ? 1 : 0;
  const isDone = job.status === 'done' && job.counts.failed === 0;
  if (job.error) say(`${job.error}\n`);
  say(isDone ? 'Applied.\n' : 'Not all of it was applied.\n');
  return isDone && !isStuck ? 0 : 1;
}

/** @throws RemoteError unless somebody says that it is to be done */
async function confirmed(
  { sent, deletions }: Comparison,
  { confirm, isSure }: { readonly confirm: number | undefined; readonly isSure: boolean },
): Promise<void> {
  if (deletions > 0 && confirm !== deletions)
    throw new RemoteError(
      `Nothing was applied: this deletes ${deletions}. Add --confirm ${deletions} to do it.`,
    );
  if (isSure) return;
  const typed = await ask(
    `Type yes to send ${sent} ${sent === 1 ? 'change' : 'changes'} to App Store Connect: `,
  );
  if (typed.trim().toLowerCase() !== 'yes')
    throw new RemoteError('Nothing was applied. Where nobody can be asked, add --yes.');
}

/** Tells each step as it is over, until the job ends. */
async function followed(desk: Desk, id: string, say: (words: string) => void) {
  for (let told = 0; ; ) {
    const job = await desk.read(id);
    const isOver = !['queued', 'running'].includes(job.status);
    for (const { label, status, code, detail } of (job.steps ?? []).slice(told)) {
      const word = (status === 'skipped' && LEFT[code ?? '']) || WORDS[status];
      if (word === undefined) break;
      say(`${word.padEnd(9)}${label}${detail ? `: ${detail}` : ''}\n`);
      told += 1;
    }
    if (isOver) return job;
    await delay(FOLLOW_MS);
  }
}

const WORDS: Readonly<Partial<Record<string, string>>> = {
  done: 'done',
  failed: 'refused',
  skipped: 'left out',
};
/** What was not sent, by why. */
const LEFT: Readonly<Partial<Record<string, string>>> = {
  'FLIGHTDECK.PLANNED': 'planned',
  'FLIGHTDECK.LATER': 'not yet',
  'FLIGHTDECK.RECREATE': 'cannot',
  'FLIGHTDECK.BLOCKED': 'cannot',
  'FLIGHTDECK.KEPT': 'kept',
};
const SIGNS: Readonly<Record<ShownOperation['kind'], string>> = {
  create: '+',
  change: '~',
  delete: '-',
  recreate: '!',
  blocked: '!',
  later: '…',
};

/** A comparison as lines. */
function toldOf({ app, operations }: Comparison): string {
  if (operations.length === 0) return `The programme of ${app} is as the file says.\n`;
  return operations
    .flatMap(({ kind, says, changes, reason }) => [
      `${reason !== null && kind === 'delete' ? ' ' : SIGNS[kind]} ${says}${reason === null ? '' : `. ${reason}`}`,
      ...changes.map(({ label, from, to }) =>
        from === null && to === null
          ? `    ${label}`
          : `    ${label}: ${kind === 'create' ? '' : `${short(from)} → `}${short(to)}`,
      ),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

const MOST = 100;

function short(value: string | null): string {
  if (value === null) return 'nothing';
  const line = value.replace(/\s+/g, ' ');
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
}
