import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface SandboxFacts {
  readonly baseUrl: string;
  readonly issuerId: string;
  readonly keyId: string;
  readonly privateKeyPath: string;
}

export interface SandboxProcess extends SandboxFacts {
  /** Requests answered so far. */
  requests(): Promise<number>;
  counts(): Promise<Counts>;
  setLatency(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export interface Counts {
  readonly types: Readonly<Record<string, number>>;
  readonly apps: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The sandbox as a process of its own, standing still, with no limit on requests. */
export async function startSandboxProcess(program: string, seed: number): Promise<SandboxProcess> {
  const args = ['--port', '0', '--program', program, '--seed', String(seed), '--speed', '0'];
  const child = startNode(['.build/sandbox.mjs', ...args, '--hour-limit', '1000000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const facts = JSON.parse(await firstLine(child)) as SandboxFacts;
  const control = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await fetch(`${facts.baseUrl}/sandbox/${path}`, init);
    if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${path}.`);
    return response.json();
  };
  return {
    ...facts,
    requests: async () => ((await control('requests?since=1000000000')) as { count: number }).count,
    counts: async () => (await control('counts')) as Counts,
    setLatency: async (ms) => {
      await control('settings', { method: 'POST', body: JSON.stringify({ latencyMs: ms }) });
    },
    stop: () => end(child),
  };
}

/** A new folder that is removed when the process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

/** Starts a program under this Node that does not outlive the measurement, however that ends. */
export function startNode(args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(process.execPath, args, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** What `npm start` gives Node for a process. */
export function flagsOf(which: 'WEB' | 'WORKER'): string[] {
  return (process.env[`FLIGHTDECK_${which}_FLAGS`] ?? '').split(' ').filter((flag) => flag !== '');
}

/** The first line a process writes. */
export async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The process has no output.');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(`${child.spawnargs.join(' ')} ended before it was ready.`);
}

/** Ends a process with SIGTERM and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

/** The most resident memory a process ever had, in megabytes; Linux only, undefined elsewhere. */
export const peakMemoryMb = (pid: number): number | undefined => memoryMb(pid, 'VmHWM');

/** Resident memory of a process in megabytes, now or at its peak; Linux only, undefined elsewhere. */
export function memoryMb(pid: number, what: 'VmRSS' | 'VmHWM'): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

/** What a process needs to sync from a sandbox into a database of its own. */
export function environmentOf(
  sandbox: SandboxProcess,
  dataDir: string,
  databaseUrl: string,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    ASC_BASE_URL: sandbox.baseUrl,
    ASC_ISSUER_ID: sandbox.issuerId,
    ASC_KEY_ID: sandbox.keyId,
    ASC_PRIVATE_KEY_PATH: sandbox.privateKeyPath,
  };
}
