import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

export const APPLE_BASE_URL = 'https://api.appstoreconnect.apple.com';

/** The configuration is missing something or wrong; each problem names its variable. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  constructor(readonly problems: readonly { variable: string; problem: string }[]) {
    super(problems.map((p) => `${p.variable} ${p.problem}`).join('\n'));
  }
}

/** Whether a host name or address means this machine only. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return bare === 'localhost' || bare === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(bare);
}

const text = (name: string) => z.string().trim().min(1, `${name} is empty`).optional();
const flag = z
  .enum(['0', '1', 'true', 'false'], 'must be 1 or 0')
  .default('0')
  .transform((value) => value === '1' || value === 'true');
const url = z
  .string()
  .refine((value) => /^https?:\/\/[^/]/.test(value) && URL.canParse(value), 'must be an http(s) address')
  .transform((value) => value.replace(/\/+$/, ''));
const milliseconds = z.coerce
  .number('must be a number of milliseconds')
  .int('must be a whole number of milliseconds');

/** Whether an address names a database; what stands before a path must not be read as a port. */
function isPostgresAddress(value: string): boolean {
  return URL.canParse(value) && new URL(value).pathname.length > 1;
}

const schema = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: z.coerce
    .number('must be a port')
    .int('must be a port')
    .min(0, 'must be a port')
    .max(65_535, 'must be a port')
    .default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^(file|postgres|postgresql):/, 'must begin with file: (SQLite) or postgresql:// (PostgreSQL)')
    .refine(
      (value) => !/^postgres(ql)?:/.test(value) || isPostgresAddress(value),
      'must be written as postgresql://user:password@host:5432/database, with @ : / # % in a password as %40 %3A %2F %23 %25',
    )
    .optional(),
  NEXTAUTH_URL: url.optional(),
  WEBHOOK_URL: url.optional(),
  NEXTAUTH_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  ENCRYPTION_KEY: z.string().optional(),
  ENCRYPTION_KEY_FILE: z.string().optional(),
  ASC_BASE_URL: url.default(APPLE_BASE_URL),
  ASC_ALLOW_CUSTOM_BASE_URL: flag,
  ASC_ISSUER_ID: text('ASC_ISSUER_ID'),
  ASC_KEY_ID: text('ASC_KEY_ID'),
  ASC_PRIVATE_KEY_PATH: text('ASC_PRIVATE_KEY_PATH'),
  ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
  ADMIN_PASSWORD: z.string().min(8, 'must have at least 8 characters').optional(),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    )
    .default('info'),
  TRUST_PROXY: flag,
  SYNC_INTERVAL_MS: milliseconds.min(10_000, 'must be at least 10000').default(300_000),
  // Set for other programs as well, so no form of them keeps Flightdeck from starting.
  HTTP_PROXY: z.string().trim().optional(),
  HTTPS_PROXY: z.string().trim().optional(),
  NO_PROXY: z.string().trim().optional(),
  FLIGHTDECK_SYMBOLIZER: text('FLIGHTDECK_SYMBOLIZER'),
  SYMBOLIZER_MEMORY_MB: z.coerce
    .number('must be a number of MB')
    .int('must be a whole number of MB')
    .min(256, 'must be at least 256')
    .default(4096),
  ARCHIVE_S3_ENDPOINT: url.optional(),
  ARCHIVE_S3_BUCKET: text('ARCHIVE_S3_BUCKET'),
  ARCHIVE_S3_REGION: z.string().trim().default('us-east-1'),
  ARCHIVE_S3_ACCESS_KEY_ID: text('ARCHIVE_S3_ACCESS_KEY_ID'),
  ARCHIVE_S3_SECRET_ACCESS_KEY: text('ARCHIVE_S3_SECRET_ACCESS_KEY'),
  ARCHIVE_S3_PREFIX: z.string().trim().default(''),
});

type Parsed = z.infer<typeof schema>;

/** The configuration of a process, under the names of its variables. */
export interface Env extends Omit<Parsed, 'DATABASE_URL' | 'NEXTAUTH_URL' | 'NEXTAUTH_SECRET'> {
  /** Absolute. */
  DATA_DIR: string;
  /** `file:` and an absolute path, or `postgresql://…`, which holds a secret. */
  DATABASE_URL: string;
  /** The address people use, without a slash at the end. */
  NEXTAUTH_URL: string;
  /** Empty in the worker and the command line, which sign no session. */
  NEXTAUTH_SECRET: string;
}

type Source = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the whole configuration at once.
 * @param role the worker and the command line do not need what only the web process uses
 * @throws ConfigError naming every variable that is missing or wrong
 */
export function readEnv(source: Source = process.env, role: 'web' | 'worker' = 'web'): Env {
  // A variable that is set to nothing (`PORT=`) is one that is not set.
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  );
  // Proxies are known by small letters, too.
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'])
    given[name] ??= source[name.toLowerCase()] || undefined;
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => ({ variable: String(issue.path[0]), problem: `${issue.message}.` })),
    );
  }
  const env = parsed.data;
  const problems = [...missing(env, role), ...contradictions(env)];
  if (problems.length > 0) throw new ConfigError(problems);
  const dataDir = path.resolve(env.DATA_DIR);
  return {
    ...env,
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl(env.DATABASE_URL, dataDir),
    NEXTAUTH_URL:
      env.NEXTAUTH_URL ?? `http://${env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST}:${env.PORT}`,
    NEXTAUTH_SECRET: env.NEXTAUTH_SECRET ?? '',
  };
}

function databaseUrl(given: string | undefined, dataDir: string): string {
  if (given === undefined) return `file:${path.join(dataDir, 'flightdeck.db')}`;
  return given.startsWith('file:') ? `file:${path.resolve(given.slice('file:'.length))}` : given;
}

function missing(env: Parsed, role: 'web' | 'worker') {
  const problems: { variable: string; problem: string }[] = [];
  const open = !isLoopback(env.HOST);
  if (role === 'web' && !env.NEXTAUTH_SECRET) {
    problems.push({
      variable: 'NEXTAUTH_SECRET',
      problem: 'is missing. It signs the sessions; make one with: openssl rand -base64 48',
    });
  }
  if (role === 'web' && open && !env.NEXTAUTH_URL) {
    problems.push({
      variable: 'NEXTAUTH_URL',
      problem: `is missing. With HOST=${env.HOST} it must be the address people open, such as https://flightdeck.example.com`,
    });
  }
  if (open && !env.ENCRYPTION_KEY && !env.ENCRYPTION_KEY_FILE) {
    problems.push({
      variable: 'ENCRYPTION_KEY',
      problem:
        'or ENCRYPTION_KEY_FILE is missing. It protects the App Store Connect key; make one with: openssl rand -base64 32',
    });
  }
  for (const [one, other] of PAIRS) {
    if (env[one] && !env[other])
      problems.push({ variable: other, problem: `is missing. It is needed because ${one} is set.` });
  }
  const first = BUCKET.find((name) => env[name]);
  for (const name of first ? BUCKET.filter((each) => !env[each]) : []) {
    problems.push({ variable: name, problem: `is missing. It is needed because ${first} is set.` });
  }
  return problems;
}

/** The second must be set when the first is. An individual key has no issuer, so ASC_ISSUER_ID may be absent. */
const PAIRS = [
  ['ADMIN_EMAIL', 'ADMIN_PASSWORD'],
  ['ADMIN_PASSWORD', 'ADMIN_EMAIL'],
  ['ASC_ISSUER_ID', 'ASC_KEY_ID'],
  ['ASC_KEY_ID', 'ASC_PRIVATE_KEY_PATH'],
  ['ASC_PRIVATE_KEY_PATH', 'ASC_KEY_ID'],
] as const;

/** All of them or none. */
const BUCKET = [
  'ARCHIVE_S3_ENDPOINT',
  'ARCHIVE_S3_BUCKET',
  'ARCHIVE_S3_ACCESS_KEY_ID',
  'ARCHIVE_S3_SECRET_ACCESS_KEY',
] as const;

function contradictions(env: Parsed) {
  const problems: { variable: string; problem: string }[] = [];
  if (env.ENCRYPTION_KEY && !decodeKey(env.ENCRYPTION_KEY)) {
    problems.push({ variable: 'ENCRYPTION_KEY', problem: KEY_FORM });
  }
  if (env.ENCRYPTION_KEY && env.ENCRYPTION_KEY_FILE) {
    problems.push({ variable: 'ENCRYPTION_KEY', problem: 'and ENCRYPTION_KEY_FILE are both set. Keep one.' });
  }
  const host = new URL(env.ASC_BASE_URL).hostname;
  if (env.ASC_BASE_URL !== APPLE_BASE_URL && !isLoopback(host) && !env.ASC_ALLOW_CUSTOM_BASE_URL) {
    problems.push({
      variable: 'ASC_BASE_URL',
      problem: `points at ${host}, which is neither Apple nor this machine. Set ASC_ALLOW_CUSTOM_BASE_URL=1 if you mean it.`,
    });
  }
  return problems;
}

const KEY_FORM = 'must be 32 bytes, written as base64 or as 64 hexadecimal digits.';

function decodeKey(written: string): Buffer | null {
  const trimmed = written.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  const bytes = /^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed) ? Buffer.from(trimmed, 'base64') : Buffer.alloc(0);
  return bytes.length === 32 ? bytes : null;
}

/**
 * The 32 bytes that protect the App Store Connect keys: from the environment, from the named file, or else from
 * DATA_DIR/encryption.key, which is made (mode 0600) at the first start on a loopback address.
 * @throws ConfigError when the file is missing, readable by others or not a key
 */
export function loadEncryptionKey(
  env: Pick<Env, 'ENCRYPTION_KEY' | 'ENCRYPTION_KEY_FILE' | 'DATA_DIR'>,
): Buffer {
  const file = encryptionKeyFile(env);
  if (file === null) return parseEncryptionKey(env.ENCRYPTION_KEY ?? '', 'ENCRYPTION_KEY');
  if (!env.ENCRYPTION_KEY_FILE) makeKeyFile(file);
  const refuse = (problem: string) => new ConfigError([{ variable: 'ENCRYPTION_KEY_FILE', problem }]);
  let written: string;
  try {
    if ((statSync(/* turbopackIgnore: true */ file).mode & 0o077) !== 0)
      throw refuse(`${file} can be read by others. Run: chmod 600 ${file}`);
    written = readFileSync(/* turbopackIgnore: true */ file, 'utf8');
  } catch (error) {
    throw error instanceof ConfigError ? error : refuse(`${file} cannot be read (${codeOf(error)}).`);
  }
  const key = decodeKey(written);
  if (!key) throw refuse(`${file} does not hold a key: it ${KEY_FORM}`);
  return key;
}

/** The keys that lie in the key file now, and beside it while a rotation is under way; none when it is no file. */
export function encryptionKeysOnDisk(
  env: Pick<Env, 'ENCRYPTION_KEY' | 'ENCRYPTION_KEY_FILE' | 'DATA_DIR'>,
): Buffer[] {
  const file = encryptionKeyFile(env);
  if (file === null) return [];
  return [file, `${file}.next`].flatMap((one) => {
    if (!statSync(/* turbopackIgnore: true */ one, { throwIfNoEntry: false })) return [];
    return decodeKey(readFileSync(/* turbopackIgnore: true */ one, 'utf8')) ?? [];
  });
}

/** The file that holds the encryption key; null when the key stands in the environment itself. */
export function encryptionKeyFile(
  env: Pick<Env, 'ENCRYPTION_KEY' | 'ENCRYPTION_KEY_FILE' | 'DATA_DIR'>,
): string | null {
  if (env.ENCRYPTION_KEY) return null;
  return env.ENCRYPTION_KEY_FILE ?? path.join(env.DATA_DIR, 'encryption.key');
}

/** The 32 bytes of a key as it is written. @throws ConfigError naming the variable it came from */
export function parseEncryptionKey(written: string, variable: string): Buffer {
  const key = decodeKey(written);
  if (!key) throw new ConfigError([{ variable, problem: KEY_FORM }]);
  return key;
}

/** Web and worker may start at the same moment: whoever links the file first decides, the other reads it. */
function makeKeyFile(file: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    if (statSync(/* turbopackIgnore: true */ file, { throwIfNoEntry: false })) return;
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
    try {
      linkSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    throw unusableFolder(path.dirname(file), codeOf(error));
  }
}

/** The data folder is not one that this process can work in. */
export function unusableFolder(folder: string, code: string): ConfigError {
  const problem = `names a folder that cannot be used: ${folder} (${code}). This user must be able to write there.`;
  return new ConfigError([{ variable: 'DATA_DIR', problem }]);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
