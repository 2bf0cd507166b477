import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRoot, tool } from './place.mjs';
import { Stop } from './say.mjs';

/** Starts the sandbox and gives its one line of JSON: `{baseUrl, issuerId, keyId, privateKeyPath}`. */
export async function startSandbox(group, { port, program, stateDir, extra = [] }) {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  let tell;
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  const child = group.start({
    name: 'sandbox',
    args: [
      ...['--enable-source-maps', inRoot('.build/sandbox.mjs'), '--port', String(port), '--program', program],
      ...['--state', stateDir, ...extra],
    ],
    logFile: path.join(stateDir, 'sandbox.log'),
    last: true,
    onLine: (line) => line.startsWith('{') && tell(JSON.parse(line)),
  });
  return { child, told: await child.until(told) };
}

/** What Flightdeck needs to know of a sandbox. Variables of the caller's shell or .env must not interfere. */
export function sandboxEnv({ sandbox, dataDir, databaseUrl = '', port, secrets }) {
  return {
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: path.resolve(dataDir),
    DATABASE_URL: databaseUrl,
    NEXTAUTH_URL: `http://127.0.0.1:${port}`,
    NEXTAUTH_SECRET: secrets.sessionSecret,
    ENCRYPTION_KEY: '',
    ENCRYPTION_KEY_FILE: '',
    ADMIN_EMAIL: secrets.email,
    ADMIN_PASSWORD: secrets.password,
    ASC_BASE_URL: sandbox.baseUrl,
    ASC_ISSUER_ID: sandbox.issuerId,
    ASC_KEY_ID: sandbox.keyId,
    ASC_PRIVATE_KEY_PATH: sandbox.privateKeyPath,
  };
}

const BEFORE_NEXT = ['--import', pathToFileURL(inRoot('scripts/lib/before-next.mjs')).href];
/** With gigabytes allowed, V8 lets rubbish of 200 MB lie; live objects of either process take 60. */
const SMALL_HEAP = '--max-old-space-size=512';
export const WEB_FLAGS = [SMALL_HEAP, ...BEFORE_NEXT];
export const WORKER_FLAGS = [SMALL_HEAP, '--enable-source-maps'];

/** The web process, in production or development. */
export function startWeb(group, env, { mode = 'start', logFile } = {}) {
  return group.start({
    name: 'web process',
    args: [
      ...(mode === 'start' ? WEB_FLAGS : BEFORE_NEXT),
      tool.next,
      mode,
      '--hostname',
      env.HOST,
      '--port',
      env.PORT,
    ],
    env: { ...env, NODE_ENV: mode === 'start' ? 'production' : 'development' },
    logFile,
  });
}

export function startWorker(group, env, { mode = 'start', logFile, onLine } = {}) {
  return group.start({
    name: 'worker',
    args: [...WORKER_FLAGS, inRoot('.build/worker.mjs')],
    env: { ...env, NODE_ENV: mode === 'start' ? 'production' : 'development' },
    logFile,
    onLine,
  });
}

/** Checks the configuration by the rules the processes use themselves; stops naming what is wrong. */
export async function checkEnv(source, role) {
  const { readEnv, loadEncryptionKey, ConfigError } = await import(inRoot('.build/env.mjs'));
  try {
    const env = readEnv(source, role);
    loadEncryptionKey(env);
    return env;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.problems.map(({ variable, problem }) => `  ${variable} ${problem}`);
    throw new Stop(
      `The configuration is not complete:\n\n${lines.join('\n')}\n\nThe README lists all variables.`,
    );
  }
}
