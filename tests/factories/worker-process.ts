import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { PeopleBench } from './people-bench';

const FOLDER = path.resolve('.build/test');

/** Bundles the job worker once; gives the file. */
export function bundleJobWorker(): Promise<string> {
  return bundleEntry('tests/factories/job-worker.ts', 'job-worker');
}

/** Bundles an entry beside node_modules so that packages are found; gives the file. */
export async function bundleEntry(entry: string, name: string): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const outfile = path.join(FOLDER, `${name}-${process.pid}.mjs`);
  await build({
    entryPoints: [path.resolve(entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  return outfile;
}

export interface WorkerProcess {
  readonly child: ChildProcess;
  /** Resolves once it looks for jobs, with what it said then. */
  readonly ready: Promise<string>;
  /** What it wrote to its log. */
  log(): string;
  /** Ends it with a signal and waits until it is gone; gives the exit code, null after a kill. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Starts a worker process on the bench's database and sandbox. */
export function startJobWorker(
  file: string,
  { db, sandbox, encryptionKey }: Pick<PeopleBench, 'db' | 'sandbox' | 'encryptionKey'>,
  more: Readonly<Record<string, string>> = {},
): WorkerProcess {
  const child = spawn(process.execPath, [file], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      DATABASE_URL: db.url,
      DATA_DIR: db.folder,
      ASC_BASE_URL: sandbox.baseUrl,
      TEST_ENCRYPTION_KEY: Buffer.from(encryptionKey).toString('base64'),
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('exit', (code) => reject(new Error(`The worker ended with ${code}: ${log}`)));
  });
  // A worker that is killed while it starts never gets ready, and nobody waits for that.
  ready.catch(() => undefined);
  return {
    child,
    ready,
    log: () => log,
    end(signal) {
      child.kill(signal);
      return gone;
    },
  };
}
