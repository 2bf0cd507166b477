import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createFirstAdmin, isFirstRun, issueSetupToken } from '@/lib/access/first-run';
import { hashPassword, passwordProblem } from '@/lib/access/passwords';
import { ConfigError } from '@/lib/env';
import { readKeyText, textOfBytes } from '@/lib/format/key-text';
import { StaleWriteError } from '@/lib/store/errors';
import { insertAccount, replaceKey } from './accounts/accounts';
import { readGivenKey } from './accounts/key-input';
import { accountRows } from './accounts/rows';
import type { Ctx } from './ctx';

type StartCtx = Pick<Ctx, 'db' | 'clock' | 'log' | 'env' | 'keys'>;

/**
 * What the web process does before it serves: the admin and the account of the environment, else a one-time token
 * for the first-run page, printed in the log.
 * @throws ConfigError when a variable holds something that cannot be used
 */
export async function prepareInstallation(ctx: StartCtx): Promise<void> {
  await adminFromEnvironment(ctx);
  await accountFromEnvironment(ctx);
  const token = await issueSetupToken(ctx.db, ctx.clock.now());
  if (token === null) return;
  ctx.log.info(
    `Nobody can sign in yet. Open ${ctx.env.NEXTAUTH_URL}/setup and enter this one-time token: ${token}`,
  );
}

async function adminFromEnvironment({ db, clock, log, env }: StartCtx): Promise<void> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = env;
  if (!email || !password || !(await isFirstRun(db))) return;
  const problem = passwordProblem(password, email);
  if (problem) throw new ConfigError([{ variable: 'ADMIN_PASSWORD', problem: `cannot be used: ${problem}` }]);
  const passwordHash = await hashPassword(password);
  if (await createFirstAdmin(db, { email, name: null, passwordHash }, clock.now())) {
    log.info('The first admin was created from ADMIN_EMAIL and ADMIN_PASSWORD.');
  }
}

/**
 * Adds the account of ASC_KEY_ID, ASC_ISSUER_ID and ASC_PRIVATE_KEY_PATH, or gives it the key now in the file.
 * An account that a person has removed is not added again.
 */
export async function accountFromEnvironment(ctx: StartCtx): Promise<void> {
  const {
    ASC_KEY_ID: keyId,
    ASC_PRIVATE_KEY_PATH: file,
    ASC_ISSUER_ID: issuerId = null,
    ASC_BASE_URL,
  } = ctx.env;
  if (!keyId || !file) return;
  const key = {
    kind: issuerId ? 'team' : 'individual',
    issuerId,
    keyId,
    privateKey: readKeyFile(file),
  } as const;
  const rows = await accountRows(ctx.db);
  const known =
    rows.find((row) => row.keyId === keyId) ??
    rows.find((row) => issuerId !== null && row.issuerId === issuerId && row.baseUrl === ASC_BASE_URL);
  if (!known) {
    if (await wasRemoved(ctx, keyId)) return;
    try {
      await insertAccount(ctx, { ...key, id: randomUUID(), name: 'App Store Connect' });
    } catch (error) {
      // Another process that starts just now was faster.
      if (error instanceof StaleWriteError) return accountFromEnvironment(ctx);
      throw error;
    }
    ctx.log.info({ keyId }, 'The App Store Connect account of the environment was added.');
    return;
  }
  const isSame =
    known.keyId === keyId &&
    known.baseUrl === ASC_BASE_URL &&
    known.issuerId === issuerId &&
    (await opens(ctx, known, key.privateKey));
  if (isSame) return;
  await replaceKey(ctx, known, key);
  ctx.log.info({ keyId }, 'The App Store Connect account of the environment has a new key.');
}

async function opens(
  { keys }: StartCtx,
  row: Parameters<StartCtx['keys']['open']>[0],
  privateKey: string,
): Promise<boolean> {
  try {
    return (await keys.open(row)) === privateKey;
  } catch {
    return false;
  }
}

async function wasRemoved({ db }: StartCtx, keyId: string): Promise<boolean> {
  return (await db.prisma.account.count({ where: { keyId, removedAt: { not: null } } })) > 0;
}

/** The key in the file, as PEM. @throws ConfigError saying what is there instead */
function readKeyFile(file: string): string {
  const refuse = (problem: string) => new ConfigError([{ variable: 'ASC_PRIVATE_KEY_PATH', problem }]);
  // Whoever put the key itself here must not find it in the log.
  if (readKeyText(file).der !== undefined)
    throw refuse('holds the key itself; it must name the file with it.');
  let text: string;
  try {
    text = textOfBytes(readFileSync(file));
  } catch {
    throw refuse(`names a file that cannot be read: ${file}`);
  }
  const read = readGivenKey({ kind: 'team', privateKey: text });
  if ('failure' in read) throw refuse(`(${file}): ${read.failure.message} ${read.failure.advice}`);
  return read.key.privateKey;
}
