import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

// What a container adds to `npm start` and to the commands of a shell: secrets that are made once and kept in its volume,
// and which database it was given. What stands in the environment wins.
const [option, value] = process.argv.slice(2);
const { env } = process;
const kept = (name) => path.join(env.DATA_DIR ?? '/data', name);
const read = (name) => readFileSync(kept(name), 'utf8').trim();
const write = (name, text) => writeFileSync(kept(name), `${text}\n`, { mode: 0o600, flag: 'wx' });
for (const name of Object.keys(env)) if (env[name] === '') delete env[name];

if (option === '--check') await check();
else if (option === '--choose-postgres') choosePostgres(value);
else {
  settle();
  // `docker compose run --rm flightdeck audit verify` is a command; what begins with a dash, or nothing, is for the start.
  const isCommand = option !== undefined && !option.startsWith('-');
  await import(isCommand ? new URL('../.build/flightdeck.mjs', import.meta.url) : './start.mjs');
}

/** Exits 0 when the web process answers. */
async function check() {
  const answer = await fetch(`http://127.0.0.1:${env.PORT ?? 3000}/api/health/live`).catch(() => null);
  process.exitCode = answer?.ok ? 0 : 1;
}

/** Notes that the data lies in PostgreSQL; never beside data that lies in SQLite already. */
function choosePostgres(address) {
  if (env.DATABASE_URL || existsSync(kept('database.url'))) return;
  if (existsSync(kept('flightdeck.db'))) {
    console.error(
      'The data of this Flightdeck lies in SQLite. Move it first: docs/operate.md, “In a container”.',
    );
    process.exitCode = 1;
    return;
  }
  mkdirSync(kept(''), { recursive: true, mode: 0o700 });
  write('database.url', address);
}

/** Completes the environment. */
function settle() {
  mkdirSync(kept(''), { recursive: true, mode: 0o700 });
  env.NEXTAUTH_SECRET ??= secret('session.secret', () => randomBytes(48).toString('base64url'));
  if (!env.ENCRYPTION_KEY && !env.ENCRYPTION_KEY_FILE) {
    secret('encryption.key', () => randomBytes(32).toString('base64'));
    env.ENCRYPTION_KEY_FILE = kept('encryption.key');
  }
  if (!env.DATABASE_URL && existsSync(kept('database.url'))) {
    const address = new URL(read('database.url'));
    address.password = env.POSTGRES_PASSWORD ?? '';
    env.DATABASE_URL = address.href;
  }
}

function secret(name, make) {
  if (!existsSync(kept(name))) write(name, make());
  return read(name);
}
