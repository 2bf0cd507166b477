import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { type CredentialCheck, checkCredential } from '@/lib/asc/key';
import { audited } from '../audited';
import { requireTyped } from '../confirmation';
import type { Ctx } from '../ctx';
import { conflict, RefusedError } from '../errors';
import { credentialOf } from './clients';
import { forgetProgramme } from './forget';
import { type AccountRow, accountRow, accountRows } from './rows';
import { refuseKnownTeam, refuseOtherTeam } from './same-team';

const key = {
  kind: z.enum(['team', 'individual'], 'Choose team key or individual key.'),
  issuerId: z.string().trim().max(64).nullish(),
  keyId: z.string().trim().min(1, 'Enter the key ID.').max(32),
  privateKey: z.string().min(1, 'Paste the .p8 file.').max(10_000, 'This is longer than a .p8 file can be.'),
};
const name = z.string().trim().min(1, 'Enter a name.').max(80, 'The name is longer than 80 characters.');

export const keyBody = z.strictObject({ name: name.optional(), ...key });
export const newAccountBody = z.strictObject({ name, ...key });
export const accountChangeBody = z
  .strictObject({
    name: name.optional(),
    key: z.strictObject(key).optional(),
    /** The account's name, typed; wanted when the key is replaced. */
    confirm: z.string().max(400).optional(),
  })
  .refine((change) => change.name !== undefined || change.key !== undefined, 'Say what to change.');

export const removalBody = z.strictObject({ confirm: z.string().max(400).optional() });

type Key = Pick<z.infer<typeof keyBody>, 'kind' | 'issuerId' | 'keyId' | 'privateKey'>;

/** An account as the pages see one: never the key. Instants as ISO text. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly kind: 'team' | 'individual';
  readonly issuerId: string | null;
  readonly keyId: string;
  readonly status: string;
  readonly statusDetail: string | null;
  readonly statusAt: string | null;
  readonly createdAt: string;
}

/** The App Store Connect accounts, oldest first. */
export function listAccounts(ctx: Ctx): Account[] {
  authorise(ctx.actor, 'accounts:read');
  return accountRows(ctx.db).map(toAccount);
}

/** Tries a key live and says what is wrong, without keeping anything of it. */
export function checkKey(ctx: Ctx, given: Key, workedBefore = false): Promise<CredentialCheck> {
  authorise(ctx.actor, 'accounts:write');
  const { clock, env, fetch } = ctx;
  return checkCredential(credentialOf({ ...given, issuerId: given.issuerId ?? null }, given.privateKey), {
    baseUrl: env.ASC_BASE_URL,
    clock: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    workedBefore,
    ...(fetch ? { fetch } : {}),
  });
}

/** Adds an account after a live check of its key. @throws RefusedError 409 known key or team, 422 the key does not work */
export async function addAccount(ctx: Ctx, given: z.infer<typeof newAccountBody>): Promise<Account> {
  authorise(ctx.actor, 'accounts:write');
  refuseKnownKey(ctx, given, null);
  requireWorking(await checkKey(ctx, given));
  await refuseKnownTeam(ctx, given);
  const id = randomUUID();
  const { kind, keyId } = given;
  const facts = {
    name: given.name,
    kind,
    issuerId: kind === 'team' ? (given.issuerId ?? null) : null,
    keyId,
  };
  const draft = {
    action: 'create',
    type: 'accounts',
    accountId: id,
    resourceId: id,
    label: given.name,
    requested: facts,
  };
  return audited(ctx, draft, async () => {
    await insertAccount(ctx, { id, ...facts, privateKey: given.privateKey });
    return { result: toAccount(accountRow(ctx.db, id)), after: facts };
  });
}

/** Renames an account or replaces its key after a live check. */
export async function changeAccount(
  ctx: Ctx,
  id: string,
  given: z.infer<typeof accountChangeBody>,
): Promise<Account> {
  authorise(ctx.actor, 'accounts:write');
  const row = accountRow(ctx.db, id);
  if (given.key) {
    requireTyped(row.name, given.confirm, 'This destroys the key that is stored now.');
    refuseKnownKey(ctx, given.key, id);
    requireWorking(await checkKey(ctx, given.key));
    await refuseOtherTeam(ctx, row, given.key);
  }
  const before = { name: row.name, kind: row.kind, issuerId: row.issuerId, keyId: row.keyId };
  const requested = {
    ...(given.name === undefined ? {} : { name: given.name }),
    ...(given.key
      ? { kind: given.key.kind, issuerId: given.key.issuerId ?? null, keyId: given.key.keyId }
      : {}),
  };
  const action = given.key ? 'replaceKey' : 'update';
  const draft = {
    action,
    type: 'accounts',
    accountId: id,
    resourceId: id,
    label: row.name,
    before,
    requested,
  };
  return audited(ctx, draft, async () => {
    if (given.key) await replaceKey(ctx, row, given.key);
    if (given.name !== undefined) await rename(ctx, id, given.name);
    return { result: toAccount(accountRow(ctx.db, id)), after: requested };
  });
}

/** Removes an account: its key is destroyed and the copy of its programme forgotten; the trail and feedback stay. */
export async function removeAccount(ctx: Ctx, id: string, typed: string | undefined): Promise<void> {
  authorise(ctx.actor, 'accounts:write');
  const row = accountRow(ctx.db, id);
  requireTyped(row.name, typed, 'This destroys the key and forgets the copy of its programme.');
  const before = { name: row.name, kind: row.kind, issuerId: row.issuerId, keyId: row.keyId };
  await audited(
    ctx,
    { action: 'delete', type: 'accounts', accountId: id, resourceId: id, label: row.name, before },
    async () => ({
      result: undefined,
      statements: [
        {
          sql: "UPDATE Account SET removedAt = ?, sealedKey = '', keyVersion = keyVersion + 1, updatedAt = ? WHERE id = ?",
          params: [ctx.clock.now(), ctx.clock.now(), id],
        },
      ],
    }),
  );
  await forgetProgramme(ctx.db, id);
}

type StoreCtx = Pick<Ctx, 'db' | 'clock' | 'keys' | 'env'>;

/** Writes a new account with its key sealed; nothing is checked here. */
export async function insertAccount(
  { db, clock, keys, env }: StoreCtx,
  account: Omit<Key, 'issuerId'> & { id: string; name: string; issuerId: string | null },
): Promise<void> {
  const now = clock.now();
  const sealed = keys.seal(account.id, 1, account.privateKey);
  await db.write([
    {
      sql: `INSERT INTO Account (id, name, kind, issuerId, keyId, baseUrl, sealedKey, keyVersion, status, createdAt, updatedAt)
            VALUES (?, ?, ?, ?, ?, ?, ?, 1, 'ok', ?, ?)`,
      params: [
        account.id,
        account.name,
        account.kind,
        account.issuerId,
        account.keyId,
        env.ASC_BASE_URL,
        sealed,
        now,
        now,
      ],
    },
    keys.guard(),
  ]);
}

/** Puts another key in the place of an account's key. */
export async function replaceKey(
  { db, clock, keys, env }: StoreCtx,
  row: AccountRow,
  key: Key,
): Promise<void> {
  const version = row.keyVersion + 1;
  await db.write([
    {
      sql: `UPDATE Account SET kind = ?, issuerId = ?, keyId = ?, baseUrl = ?, sealedKey = ?, keyVersion = ?,
              status = 'ok', statusDetail = NULL, statusAt = NULL, updatedAt = ? WHERE id = ? AND keyVersion = ?`,
      params: [
        key.kind,
        key.kind === 'team' ? (key.issuerId ?? null) : null,
        key.keyId,
        env.ASC_BASE_URL,
        keys.seal(row.id, version, key.privateKey),
        version,
        clock.now(),
        row.id,
        row.keyVersion,
      ],
      expectChanges: 1,
    },
    keys.guard(),
  ]);
}

async function rename({ db, clock }: StoreCtx, id: string, to: string): Promise<void> {
  await db.write([
    { sql: 'UPDATE Account SET name = ?, updatedAt = ? WHERE id = ?', params: [to, clock.now(), id] },
  ]);
}

function refuseKnownKey({ db }: StoreCtx, { keyId }: Key, exceptId: string | null): void {
  const known = accountRows(db).find((row) => row.keyId === keyId && row.id !== exceptId);
  if (known)
    throw conflict('FLIGHTDECK.KEY_KNOWN', `This key is in use already, under the name “${known.name}”.`);
}

function requireWorking(check: CredentialCheck): void {
  if (check.ok) return;
  const { problem, field, message, advice } = check;
  throw new RefusedError({
    status: 422,
    code: `FLIGHTDECK.KEY_${problem.toUpperCase()}`,
    title: 'The key does not work',
    detail: `${message} ${advice}`,
    ...(field ? { source: { pointer: `/${field}` } } : {}),
    meta: { problem, message, advice },
  });
}

function toAccount(row: AccountRow): Account {
  const { id, name, kind, issuerId, keyId, status, statusDetail } = row;
  const statusAt = row.statusAt === null ? null : new Date(row.statusAt).toISOString();
  const createdAt = new Date(row.createdAt).toISOString();
  return { id, name, kind, issuerId, keyId, status, statusDetail, statusAt, createdAt };
}
