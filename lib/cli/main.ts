import { parseArgs } from 'node:util';
import { type AppContext, openContext, reasonNotToStart } from '@/lib/context';
import { BackupError } from '@/lib/store/backup-error';
import { verifyAuditCommand } from './audit';
import { backupCommand, copyCommand, restoreCommand, verifyCommand } from './database';
import { rotateKeyCommand } from './key';
import { syncCommand } from './sync';
import { resetPasswordCommand } from './user';

const USAGE = `flightdeck sync --once [--mode full|incremental] [--account <id>] [--json]
    reads App Store Connect into the mirror once and says what it took
flightdeck key rotate
    puts the stored App Store Connect keys under a new encryption key
flightdeck database backup|verify|restore <file>
    copies the database into a file while everything runs; checks such a file; puts it where no database is
flightdeck database copy --to <postgresql://… or file:…>
    copies a stopped installation to an empty place, on either engine
flightdeck user reset-password <email>
    gives a person a temporary password and ends their sessions
flightdeck audit verify [--json]
    recomputes the hashes of the audit trail`;

/** A wrong command line; the message says what is wrong. */
class UsageError extends Error {}

/** The command line. Gives the exit code: 0 done, 1 failed, 2 a wrong command line. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = read(args);
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const [noun = '', verb = '', object, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`${rest.join(' ')} is too much.`);
  switch (object === undefined ? `${noun} ${verb}`.trim() : `${noun} ${verb} …`) {
    case 'sync':
      return sync(values);
    case 'key rotate':
      return rotateKeyCommand(QUIET);
    case 'database backup …':
      return backupCommand(QUIET, object ?? '');
    case 'database verify …':
      return verifyCommand(QUIET, object ?? '');
    case 'database restore …':
      return restoreCommand(QUIET, object ?? '');
    case 'database copy':
      if (!values.to) throw new UsageError('Say where: --to postgresql://… or --to file:…');
      if (!/^(postgres(ql)?:\/\/|file:.)/.test(values.to))
        throw new UsageError('--to begins with postgresql:// or file:');
      return copyCommand(QUIET, values.to);
    case 'user reset-password …':
      return withContext((context) => resetPasswordCommand(context, object ?? ''));
    case 'audit verify':
      return withContext((context) => verifyAuditCommand(context, values.json));
    default:
      throw new UsageError('Say what to do.');
  }
}

// Standard output belongs to the answer.
const QUIET = { LOG_LEVEL: 'silent', ...process.env };

async function withContext(work: (context: AppContext) => number | Promise<number>): Promise<number> {
  const context = await openContext('worker', QUIET);
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}

async function sync({ once, mode, account, json }: ReturnType<typeof read>['values']): Promise<number> {
  if (!once) throw new UsageError('The worker syncs all the time; from a shell it is --once.');
  if (mode !== 'full' && mode !== 'incremental') throw new UsageError('--mode is full or incremental.');
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  return withContext((context) => syncCommand(context, { mode, account, isJson: json }, stop.signal));
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        mode: { type: 'string', default: 'full' },
        account: { type: 'string' },
        to: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    const reason = isUsage || error instanceof BackupError ? error.message : reasonNotToStart(error);
    const unforeseen = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${reason ?? unforeseen}\n${isUsage ? `\n${USAGE}\n` : ''}`);
    process.exit(isUsage ? 2 : 1);
  },
);
