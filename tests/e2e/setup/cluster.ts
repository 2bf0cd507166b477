import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox } from '@/lib/sandbox/server';
import { startPostgres } from '@/scripts/lib/postgres.mjs';
import { childrenOf, freePort } from './processes';

export const SIGN_IN = { email: 'admin@example.com', password: 'four tepid walrus lamps' };

/** A process of Flightdeck under its supervisor, as `npm start -- --web` or `-- --worker` runs it. */
export interface Part {
  readonly supervisor: ChildProcess;
  /** What both have said. */
  said(): string;
  /** The process itself; the supervisor would start another if it ended. */
  pid(): number | undefined;
  /** Ends both with no chance to say a word. */
  kill(): Promise<void>;
}
export interface Web extends Part {
  readonly url: string;
}

/** A PostgreSQL, a sandbox, and what it takes to start Flightdeck's processes on them, each with a folder of its own. */
export async function cluster(options: { connections?: number } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-cluster-'));
  const server = await startPostgres({ isDurable: true, ...options });
  const sandbox = await startSandbox({ hourLimit: null, alive: false, keyFolder: folder });
  const parts: Part[] = [];
  const env = {
    ...{ HOST: '127.0.0.1', DATABASE_URL: server.url, NEXTAUTH_SECRET: 's'.repeat(48) },
    ...{ ENCRYPTION_KEY: randomBytes(32).toString('base64'), ENCRYPTION_KEY_FILE: '' },
    ...{ ADMIN_EMAIL: SIGN_IN.email, ADMIN_PASSWORD: SIGN_IN.password, ASC_BASE_URL: sandbox.baseUrl },
    ...{ ASC_ISSUER_ID: sandbox.issuerId, ASC_KEY_ID: sandbox.keyId },
    ...{ ASC_PRIVATE_KEY_PATH: sandbox.privateKeyPath, SYNC_INTERVAL_MS: '3600000' },
  };
  const start = (role: string, more: Record<string, string>): Part => {
    const supervisor = spawn(process.execPath, ['scripts/start.mjs', `--${role}`], {
      env: { ...process.env, ...env, DATA_DIR: path.join(folder, `${parts.length}`), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const part = partOf(supervisor);
    parts.push(part);
    return part;
  };
  return {
    server,
    sandbox,
    parts,
    async web(more: Record<string, string> = {}): Promise<Web> {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      return { ...start('web', { PORT: String(port), NEXTAUTH_URL: url, ...more }), url };
    },
    worker: () => start('worker', {}),
    async stop() {
      await Promise.all(parts.map(({ supervisor }) => ended(supervisor, 'SIGTERM')));
      await sandbox.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function partOf(supervisor: ChildProcess): Part {
  let said = '';
  for (const stream of [supervisor.stdout, supervisor.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  const pid = () => childrenOf(supervisor.pid)[0];
  return {
    supervisor,
    said: () => said,
    pid,
    async kill() {
      const child = pid();
      await ended(supervisor, 'SIGKILL');
      if (child !== undefined) process.kill(child, 'SIGKILL');
    },
  };
}

async function ended(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

export type Cluster = Awaited<ReturnType<typeof cluster>>;
