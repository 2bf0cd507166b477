import { parseArgs } from 'node:util';
import { type AppContext, openContext, reasonNotToStart } from '@/lib/context';
import { RefusedError } from '@/lib/services/errors';
import { type BuildCheck, checkBuild } from '@/lib/services/feedback/check';
import { type SymbolsPage, symbolsPage } from '@/lib/services/symbols/page';
import type { SentAnswer } from '@/lib/services/symbols/upload';
import { BackupError } from '@/lib/store/backup-error';
import { archiveStatusCommand, pruneCommand, verifyArchiveCommand } from './archive';
import { verifyAuditCommand } from './audit';
import { clockCommand } from './clock';
import { backupCommand, copyCommand, restoreCommand, verifyCommand } from './database';
import { checkCommand } from './feedback';
import { rotateKeyCommand } from './key';
import { personEraseCommand, personExportCommand } from './person';
import { applyCommand, type Desk, diffCommand, exportCommand, localDesk, remoteDesk } from './programme';
import { askRemote, RemoteError, remoteOf, sendRemote } from './remote';
import { shellCtx } from './shell';
import { localShipper, remoteShipper, shipCommand, shipOrder } from './ship';
import { localSender, type SendSymbols, symbolStatusCommand, uploadCommand } from './symbols';
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
flightdeck feedback check --app <id> --build <id or version/number/platform> [--wait <seconds>] [--json]
    says whether a build has new crash issues: ends with 0 for none, 1 for some, 3 while not everything is read;
    asks the installation at FLIGHTDECK_URL with FLIGHTDECK_TOKEN where they are set
flightdeck ship --app <id> --build <id or version/number/platform> [--group <name or id>]… [--notes <file>] [--submit]
    [--notify now|none|<time>] [--timeout <minutes>] [--dry-run] [--json]
    [--then <name or id>… --crash-free <percent> --for <hours> --sessions <number> [--then-mail group|nobody|everybody]]
    brings a build from its upload to its testers and waits for it: ends with 0 only when it is shipped, 1 when it
    stopped, 2 when it is refused; asks the installation at FLIGHTDECK_URL with FLIGHTDECK_TOKEN where they are set
flightdeck export --app <id> [--to <file>] [--with-personal-data]
    writes the programme of an app as YAML; over a file that is there, whose comments stay
flightdeck diff --app <id> <file> [--prune] [--exit-code] [--json]
    says what differs between a file and the programme: with --exit-code ends with 0 for nothing, 1 for something
flightdeck apply --app <id> <file> [--dry-run] [--prune --confirm <number of deletions>] [--yes] [--json]
    brings the programme to what the file says: ends with 0 when it is so, 1 when something was refused or cannot be
    changed, 2 when nothing was tried; all three ask the installation at FLIGHTDECK_URL with FLIGHTDECK_TOKEN where they
    are set
flightdeck symbols upload <file or folder> [--app <id>] [--json]
    sends the symbols (dSYMs) of a build, as .zip, .tar.gz, folder or single file: ends with 0 when all are here then,
    1 when something was refused; to FLIGHTDECK_URL with FLIGHTDECK_TOKEN where they are set
flightdeck symbols status --app <id> [--build <id>] [--json]
    which symbols crashes of an app need that are not here: ends with 1 when there are some
flightdeck archive status|verify [--json]
    what the archive of pictures holds; reads every file and compares it with its hash
flightdeck archive prune [--apply] [--json]
    what its rule lets go and nothing refers to: told, or removed
flightdeck person export <address> --to <file>
    writes all that is known of whoever has an e-mail address into a new zip
flightdeck person erase <address> [--yes] [--json]
    tells what is known and erases it here, once the address is typed or with --yes: ends with 0 when all is erased,
    1 while something is left, which the worker goes on with, 2 when it is refused
flightdeck clock set <7d|36h|-30m|0>
    moves the time of a simulated programme ahead of the machine's; refused where App Store Connect is not this machine
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
  if ((noun === 'diff' || noun === 'apply') && object === undefined) return withFile(noun, verb, values);
  if (rest.length > 0) throw new UsageError(`${rest.join(' ')} is too much.`);
  switch (object === undefined ? `${noun} ${verb}`.trim() : `${noun} ${verb} …`) {
    case 'sync':
      return sync(values);
    case 'key rotate':
      return rotateKeyCommand(QUIET);
    case 'clock set …':
      return clockCommand(QUIET, object ?? '');
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
    case 'person export …':
      if (!values.to) throw new UsageError('Say where: --to <file>.');
      return person((context) => personExportCommand(context, object ?? '', values.to ?? ''));
    case 'person erase …':
      return person((context) =>
        personEraseCommand(context, object ?? '', { isSure: values.yes, isJson: values.json }),
      );
    case 'ship':
      return ship(values);
    case 'export':
      return programme(values, (desk) =>
        exportCommand(desk, { to: values.to, hasPersonalData: values['with-personal-data'] }),
      );
    case 'feedback check':
      return check(values);
    case 'symbols upload …':
      return upload(object ?? '', values);
    case 'symbols status':
      return symbolState(values);
    case 'user reset-password …':
      return withContext((context) => resetPasswordCommand(context, object ?? ''));
    case 'archive status':
      return withContext((context) => archiveStatusCommand(context, values.json));
    case 'archive prune':
      return withContext((context) => pruneCommand(context, values.apply, values.json));
    case 'archive verify':
      return withContext((context) => verifyArchiveCommand(context, values.json));
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

/** A token is for a build machine: it is never told what is known of a person, nor may it erase that. */
async function person(work: (context: AppContext) => Promise<number>): Promise<number> {
  if (process.env.FLIGHTDECK_URL || process.env.FLIGHTDECK_TOKEN)
    throw new UsageError(
      'This works on the installation itself only: unset FLIGHTDECK_URL and FLIGHTDECK_TOKEN, or use its page under Settings.',
    );
  return withContext(work);
}

async function sync({ once, mode, account, json }: ReturnType<typeof read>['values']): Promise<number> {
  if (!once) throw new UsageError('The worker syncs all the time; from a shell it is --once.');
  if (mode !== 'full' && mode !== 'incremental') throw new UsageError('--mode is full or incremental.');
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  return withContext((context) => syncCommand(context, { mode, account, isJson: json }, stop.signal));
}

async function check({
  app,
  build,
  account,
  json,
  wait,
}: ReturnType<typeof read>['values']): Promise<number> {
  if (!app) throw new UsageError('Say which app: --app <id>.');
  if (!build) throw new UsageError('Say which build: --build <id>, or --build 1.4/7/IOS.');
  if (!/^\d{1,5}$/.test(wait)) throw new UsageError('--wait is a number of seconds.');
  const question = { appId: app, build, accountId: account };
  const options = { isJson: json, waitMs: Number(wait) * 1000 };
  const remote = remoteOf(process.env);
  if (remote) {
    const ask = () => askRemote<BuildCheck>(remote, '/api/feedback/check', { app, build, account });
    return checkCommand(ask, question, { ...options, url: remote.url });
  }
  return withContext((context) =>
    checkCommand((asked) => checkBuild(shellCtx(context), asked), question, {
      ...options,
      url: context.env.NEXTAUTH_URL.replace(/\/+$/, ''),
    }),
  );
}

async function ship(values: ReturnType<typeof read>['values']): Promise<number> {
  const { app, build, timeout, json } = values;
  if (!app) throw new UsageError('Say which app: --app <id>.');
  if (!build) throw new UsageError('Say which build: --build <id>, or --build 1.4/7/IOS.');
  if (timeout !== undefined && !/^[1-9]\d{0,5}$/.test(timeout))
    throw new UsageError('--timeout is a number of minutes.');
  const order = await shipOrder({ ...values, app, build, isDryRun: values['dry-run'] });
  const remote = remoteOf(process.env);
  const options = { isJson: json, timeoutMs: timeout === undefined ? null : Number(timeout) * 60_000 };
  if (remote) return shipCommand(remoteShipper(remote), order, { ...options, url: remote.url });
  return withContext((context) =>
    shipCommand(localShipper(context), order, {
      ...options,
      url: context.env.NEXTAUTH_URL.replace(/\/+$/, ''),
    }),
  );
}

/** What a file says, compared or applied. */
async function withFile(
  verb: 'diff' | 'apply',
  file: string,
  values: ReturnType<typeof read>['values'],
): Promise<number> {
  if (file === '') throw new UsageError(`Say which file: ${verb} --app <id> <file>.`);
  const { prune, json: isJson, confirm, yes } = values;
  if (verb === 'diff')
    return programme(values, (desk) =>
      diffCommand(desk, file, { prune, isDriftAnError: values['exit-code'], isJson }),
    );
  if (confirm !== undefined && !/^\d{1,6}$/.test(confirm)) throw new UsageError('--confirm is a number.');
  if (confirm !== undefined && !prune) throw new UsageError('--confirm belongs to --prune.');
  return programme(values, (desk, which, url) =>
    applyCommand(desk, which, file, {
      ...{ prune, isJson, url, isSure: yes, isDryRun: values['dry-run'] },
      confirm: confirm === undefined ? undefined : Number(confirm),
    }),
  );
}

async function programme(
  { app, account }: ReturnType<typeof read>['values'],
  work: (desk: Desk, which: { appId: string; accountId: string | undefined }, url: string) => Promise<number>,
): Promise<number> {
  if (!app) throw new UsageError('Say which app: --app <id>.');
  const which = { appId: app, accountId: account };
  const remote = remoteOf(process.env);
  if (remote) return work(remoteDesk(remote, which), which, remote.url);
  return withContext((context) =>
    work(localDesk(context, which), which, context.env.NEXTAUTH_URL.replace(/\/+$/, '')),
  );
}

async function upload(
  given: string,
  { app, account, json }: ReturnType<typeof read>['values'],
): Promise<number> {
  const remote = remoteOf(process.env);
  const options = { isJson: json };
  if (remote) {
    const send: SendSymbols = (file, name) =>
      sendRemote<SentAnswer>(remote, '/api/symbols', { app, account, name }, file);
    return uploadCommand(send, given, options);
  }
  return withContext((context) => uploadCommand(localSender(context, { app, account }), given, options));
}

async function symbolState({
  app,
  account,
  build,
  json,
}: ReturnType<typeof read>['values']): Promise<number> {
  if (!app) throw new UsageError('Say which app: --app <id>.');
  const remote = remoteOf(process.env);
  if (remote) {
    const ask = (cursor: string | undefined) =>
      askRemote<SymbolsPage>(remote, '/api/symbols/state', { app, account, build, cursor });
    return symbolStatusCommand(ask, json);
  }
  return withContext((context) =>
    symbolStatusCommand(
      (cursor) => symbolsPage(shellCtx(context), { appId: app, accountId: account, build, cursor }),
      json,
    ),
  );
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        apply: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        mode: { type: 'string', default: 'full' },
        account: { type: 'string' },
        to: { type: 'string' },
        app: { type: 'string' },
        build: { type: 'string' },
        wait: { type: 'string', default: '0' },
        group: { type: 'string', multiple: true, default: [] },
        notes: { type: 'string' },
        submit: { type: 'boolean', default: false },
        notify: { type: 'string' },
        timeout: { type: 'string' },
        // biome-ignore lint/suspicious/noThenProperty: the option is called --then, and nothing awaits it.
        then: { type: 'string', multiple: true, default: [] },
        'crash-free': { type: 'string' },
        for: { type: 'string' },
        sessions: { type: 'string' },
        'then-mail': { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        prune: { type: 'boolean', default: false },
        confirm: { type: 'string' },
        'exit-code': { type: 'boolean', default: false },
        'with-personal-data': { type: 'boolean', default: false },
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
    const isSaid = isUsage || [BackupError, RemoteError, RefusedError].some((kind) => error instanceof kind);
    const reason = isSaid && error instanceof Error ? error.message : reasonNotToStart(error);
    const unforeseen = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${reason ?? unforeseen}\n${isUsage ? `\n${USAGE}\n` : ''}`);
    // 1 means that something was found; what could not be asked must not look like it.
    process.exit(isUsage || error instanceof RemoteError || error instanceof RefusedError ? 2 : 1);
  },
);
