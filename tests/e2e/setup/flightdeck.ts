import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Engine, newDatabase } from './database';

/** What `npm run demo -- --json` tells once the first sync is done. */
export interface Running {
  url: string;
  email: string;
  password: string;
  sandbox: { baseUrl: string; issuerId: string; keyId: string; privateKeyPath: string };
  dataDir: string;
  /** `file:…` or `postgresql://…` */
  databaseUrl: string;
  processes: { web: number; worker: number; sandbox: number };
}

export interface StartOptions {
  program?: 'small' | 'medium' | 'large';
  /** Default: SQLite. */
  engine?: Engine;
  /** A folder to go on with; by default a new one that goes away with `stop`. */
  dataDir?: string;
}

/** Starts sandbox, web process and worker of the production build on free ports. */
export async function startFlightdeck(options: StartOptions = {}) {
  const temporary =
    options.dataDir === undefined ? mkdtempSync(path.join(tmpdir(), 'flightdeck-e2e-')) : null;
  const dataDir = options.dataDir ?? temporary ?? '';
  const databaseUrl = await newDatabase(options.engine ?? 'sqlite');
  const child = spawn(
    process.execPath,
    [
      ...['scripts/demo.mjs', '--json', '--port', '0', '--sandbox-port', '0'],
      ...['--program', options.program ?? 'small', '--data-dir', dataDir],
      // So many that jobs are not held back at first.
      ...['--hour-limit', '1000000'],
      ...['--database-url', databaseUrl],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: process.env },
  );
  const told = await toldBy(child);
  const running: Running = {
    ...told,
    databaseUrl: databaseUrl || `file:${path.join(told.dataDir, 'flightdeck.db')}`,
  };
  return {
    running,
    async stop() {
      const gone = once(child, 'close');
      child.kill('SIGTERM');
      await gone;
      if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** The first line of standard output; fails with what stood on standard error when there is none. */
async function toldBy(child: ChildProcess): Promise<Omit<Running, 'databaseUrl'>> {
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors = `${errors}${chunk}`.slice(-8000);
  });
  if (!child.stdout) throw new Error('The demo has no standard output.');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) return JSON.parse(line) as Running;
  }
  throw new Error(`Flightdeck did not start.\n${errors}`);
}
