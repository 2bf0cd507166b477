import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppContext } from '@/lib/context';
import { RefusedError } from '@/lib/services/errors';
import { newJobBody, startJob } from '@/lib/services/jobs/start';
import { getJob, type OneJobView } from '@/lib/services/jobs/views';
import { NO_BUILD } from '@/lib/services/ship/find-build';
import { SHIPPING } from '@/lib/services/ship/open-ship';
import { UPLOAD_FAILED } from '@/lib/services/ship/upload-failure';
import { askRemote, isPassing, type Remote, RemoteError, tellRemote } from './remote';
import { isApples, shellCtx } from './shell';

/** Where jobs are started and followed: here, or at another installation. */
export interface Shipper {
  start(order: unknown): Promise<{ id: string }>;
  read(id: string): Promise<OneJobView>;
}

export function remoteShipper(remote: Remote): Shipper {
  return {
    start: (order) => tellRemote(remote, '/api/jobs', order),
    read: (id) => askRemote(remote, `/api/jobs/${encodeURIComponent(id)}`, {}),
  };
}

export function localShipper(context: AppContext): Shipper {
  return {
    async start(order) {
      try {
        return await startJob(shellCtx(context), checked(order));
      } catch (error) {
        // What App Store Connect refuses is told as the far side would.
        if (isApples(error)) throw new RemoteError(error.message);
        throw error;
      }
    },
    read: (id) => getJob(shellCtx(context), id),
  };
}

/** @throws RemoteError with what is wrong, as the far side says it */
function checked(order: unknown) {
  const parsed = newJobBody.safeParse(order);
  if (parsed.success) return parsed.data;
  throw new RemoteError(parsed.error.issues.map(({ message }) => message).join(' '));
}

interface Given {
  readonly app: string;
  readonly build: string;
  readonly account?: string | undefined;
  readonly group: readonly string[];
  /** A file of plain text for the primary language, or of JSON by language. */
  readonly notes?: string | undefined;
  readonly submit: boolean;
  readonly notify?: string | undefined;
  readonly timeout?: string | undefined;
  /** The groups of a second stage, and when it begins. */
  readonly then: readonly string[];
  readonly 'crash-free'?: string | undefined;
  readonly for?: string | undefined;
  readonly sessions?: string | undefined;
  readonly 'then-mail'?: string | undefined;
  readonly isDryRun: boolean;
}

/** What the words of the command line ask for. @throws RemoteError when the file of texts cannot be read */
export async function shipOrder(given: Given): Promise<unknown> {
  const { app, build, account, group, notes, submit, notify, timeout, isDryRun } = given;
  return {
    kind: 'ship',
    appId: app,
    ...(account === undefined ? {} : { accountId: account }),
    ...(isDryRun ? { dryRun: true } : {}),
    input: {
      build,
      ...(group.length > 0 ? { groups: group } : {}),
      ...(notes === undefined ? {} : { notes: await textsIn(notes) }),
      ...(submit ? { submit } : {}),
      ...(notify === undefined ? {} : { notify }),
      ...(timeout === undefined ? {} : { timeoutMinutes: Number(timeout) }),
      ...stagedOf(given),
    },
  };
}

/** The second stage, where one is asked for. @throws RemoteError when a part of it is missing or no number */
function stagedOf(given: Given): object {
  const { then, 'crash-free': percent, for: hours, sessions, 'then-mail': mail } = given;
  const parts = { 'crash-free': percent, for: hours, sessions, 'then-mail': mail };
  if (then.length === 0) {
    const lone = Object.entries(parts).find(([, value]) => value !== undefined);
    if (lone) throw new RemoteError(`--${lone[0]} belongs to a second stage: say which group with --then.`);
    return {};
  }
  const number = (name: keyof typeof parts) => {
    const value = Number(parts[name] ?? '');
    if (parts[name]?.trim() && !Number.isNaN(value)) return value;
    throw new RemoteError(
      'A second stage needs --crash-free <percent>, --for <hours> and --sessions <number of new sessions>.',
    );
  };
  const rule = { crashFree: number('crash-free'), hours: number('for'), sessions: number('sessions') };
  return { staged: { groups: then, ...rule, ...(mail === undefined ? {} : { mail }) } };
}

async function textsIn(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new RemoteError(`${file} cannot be read.`);
  });
  if (!file.endsWith('.json')) return text.trim();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RemoteError(`${file} is no JSON. It holds texts by language: {"en-US": "…"}.`);
  }
}

export interface ShipOptions {
  /** Where the pages of jobs are. */
  readonly url: string;
  readonly isJson: boolean;
  /** How long to wait for the upload to appear; a day when it is not said, ms. */
  readonly timeoutMs: number | null;
  /** How long Flightdeck may not answer while the job is followed; some minutes when it is not said, ms. */
  readonly patienceMs?: number;
}

/** How often the job is asked for, and how often for a build that is not there yet, ms. */
const FOLLOW_MS = 2_000;
const APPEAR_MS = 15_000;
const DAY_MS = 86_400_000;
/** An installation that is being renewed is back within so long, ms. */
const PATIENCE_MS = 10 * 60_000;

/** Ships a build and waits until it is shipped; gives the exit code. */
export async function shipCommand(shipper: Shipper, order: unknown, options: ShipOptions): Promise<number> {
  const { isJson, url, patienceMs = PATIENCE_MS } = options;
  const say = (line: string) => void (isJson ? process.stderr : process.stdout).write(`${line}\n`);
  const id = await started(shipper, order, options, say);
  if (id === null) return 1;
  const isDryRun = (order as { dryRun?: boolean }).dryRun === true;
  let told = 0;
  let waiting = '';
  say(`${url}/jobs/${encodeURIComponent(id)}`);
  for (;;) {
    const job = await readPatiently(shipper, id, patienceMs, say);
    const steps = job.steps ?? [];
    while (told < steps.length && (isDryRun || isOver(steps[told]))) {
      const step = steps[told];
      told += 1;
      if (step) say(lineOf(step));
    }
    if (isDryRun || !['queued', 'running'].includes(job.status)) {
      if (isJson) process.stdout.write(`${JSON.stringify(job)}\n`);
      // The step that stopped has said why.
      else if (job.error && !steps.some(({ status }) => status === 'failed')) say(job.error);
      if (!isDryRun) say(job.status === 'done' ? 'Shipped.' : 'Not shipped.');
      return isDryRun || job.status === 'done' ? 0 : 1;
    }
    const reason = job.waiting?.reason ?? waiting;
    if (reason !== waiting) say(`waits    ${reason}`);
    waiting = reason;
    await delay(FOLLOW_MS);
  }
}

/** Reads the job; where Flightdeck does not answer, it is asked again for a while. @throws RemoteError */
async function readPatiently(
  shipper: Shipper,
  id: string,
  patienceMs: number,
  say: (line: string) => void,
): Promise<OneJobView> {
  const until = Date.now() + patienceMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await shipper.read(id);
    } catch (error) {
      if (!isPassing(error) || Date.now() >= until) throw error;
      if (isFirst && error instanceof RemoteError) say(`waits    ${error.message} The job goes on.`);
      await delay(FOLLOW_MS);
    }
  }
}

type Step = NonNullable<OneJobView['steps']>[number];

function lineOf({ label, status, code, detail }: Step): string {
  const isPlanned = code === 'FLIGHTDECK.PLANNED' || code === 'FLIGHTDECK.WOULD_STOP';
  const word = isPlanned ? WORDS.pending : WORDS[status];
  return `${word.padEnd(9)}${label}${detail ? `: ${detail}` : ''}`;
}

const isOver = (step: Step | undefined) =>
  step !== undefined && ['done', 'skipped', 'failed'].includes(step.status);

const WORDS = {
  pending: 'planned',
  sending: 'begun',
  done: 'done',
  failed: 'stopped',
  skipped: 'left out',
  ambiguous: 'checked',
} as const;

/** Starts the job, once App Store Connect shows the build; null when it does not in time, or has refused it. */
async function started(
  shipper: Shipper,
  order: unknown,
  { timeoutMs }: ShipOptions,
  say: (line: string) => void,
): Promise<string | null> {
  const until = Date.now() + (timeoutMs ?? DAY_MS);
  for (let isFirst = true; ; isFirst = false) {
    try {
      return (await shipper.start(order)).id;
    } catch (error) {
      const words = error instanceof Error ? error.message : '';
      const other = otherShip(error);
      if (other !== null) {
        say(`follows  ${words} This command follows that job, and starts none.`);
        return other;
      }
      if (codeOf(error) === UPLOAD_FAILED) {
        say(`stopped  ${words}`);
        return null;
      }
      if (codeOf(error) !== NO_BUILD) throw error;
      if (Date.now() >= until) {
        say(`${words} It was waited for long enough.`);
        return null;
      }
      if (isFirst) say(`waits    ${words}`);
      await delay(Math.min(APPEAR_MS, Math.max(1, until - Date.now())));
    }
  }
}

/** The job that ships the build already, where that is why this one was not started. */
function otherShip(error: unknown): string | null {
  if (codeOf(error) !== SHIPPING) return null;
  const meta = error instanceof RefusedError ? error.problems[0]?.meta : (error as RemoteError).meta;
  return typeof meta?.jobId === 'string' ? meta.jobId : null;
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof RefusedError) return error.problems[0]?.code;
  return error instanceof RemoteError ? error.code : undefined;
}
