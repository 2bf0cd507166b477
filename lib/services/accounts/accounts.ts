import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { type CredentialCheck, checkCredential } from '@/lib/asc/key';
import { wakeStatement } from '@/lib/jobs/outbox';
import { syncLease } from '@/lib/mirror/tombstones';
import { announced } from '@/lib/store/feed';
import { endedLease } from '@/lib/store/lease';
import { exactly } from '@/lib/store/store';
import { audited } from '../audited';
import { requireTyped } from '../confirmation';
import type { Ctx } from '../ctx';
import { conflict, RefusedError } from '../errors';
import { credentialOf } from './clients';
import { forgetProgramme } from './forget';
import { type GivenKey, type ReadKey, readGivenKey } from './key-input';
import { type AccountRow, accountRow, accountRows } from './rows';
import { refuseKnownTeam, refuseOtherTeam } from './same-team';

const key = {
  kind: z.enum(['team', 'individual'], 'Choose team key or individual key.'),
  issuerId: z.string().trim().max(64).nullish(),
  /** May stand beside the key instead, as in the JSON of other tools. */
  keyId: z.string().trim().max(64).optional(),
  privateKey: z.string().min(1, 'Paste the .p8 file.').max(20_000, 'This is longer than a .p8 file can be.'),
};
const name = z.string().trim().min(1, 'Enter a name.').max(80, 'The name is longer than 80 characters.');

export const keyBody = z.strictObject({ name: name.optional(), ...key });
/** Said by a person who has read what speaks against it. */
const anyway = z.boolean().optional();
export const newAccountBody = z.strictObject({ name, ...key, anyway });
export const accountChangeBody = z
  .strictObject({
    name: name.optional(),
    key: z.strictObject(key).optional(),
    anyway,
    /** The account's name, typed; wanted when the key is replaced. */
    confirm: z.string().max(400).optional(),
  })
  .refine((change) => change.name !== undefined || change.key !== undefined, 'Say what to change.');

export const removalBody = z.strictObject({ confirm: z.string().max(400).optional() });

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
export async function listAccounts(ctx: Ctx): Promise<Account[]> {
  authorise(ctx.actor, 'accounts:read');
  return (await accountRows(ctx.db)).map(toAccount);
}

/** Tries a key live and says what is wrong, without keeping anything of it. */
export async function checkKey(ctx: Ctx, given: GivenKey): Promise<CredentialCheck> {
  authorise(ctx.actor, 'accounts:write');
  const read = readGivenKey(given);
  return 'failure' in read ? read.failure : await tryKey(ctx, read.key);
}

async function tryKey(ctx: Ctx, key: ReadKey): Promise<CredentialCheck> {
  const { clock, env, fetch } = ctx;
  const issuers = [key.issuerId, ...(await accountRows(ctx.db)).map((row) => row.issuerId)];
  return checkCredential(credentialOf(key, key.privateKey), {
    baseUrl: env.ASC_BASE_URL,
    clock: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    issuers: [...new Set(issuers.filter((issuer) => issuer !== null))],
    ...(fetch ? { fetch } : {}),
  });
}

/** Adds an account after a live check of its key. @throws RefusedError 409 known key or team, 422 the key does not work */
export async function addAccount(ctx: Ctx, given: z.infer<typeof newAccountBody>): Promise<Account> {
  authorise(ctx.actor, 'accounts:write');
  const key = requireRead(given);
  await refuseKnownKey(ctx, key, null);
  requireWorking(await tryKey(ctx, key));
  await refuseKnownTeam(ctx, key, given.anyway === true);
  const id = randomUUID();
  const { kind, keyId, issuerId } = key;
  const facts = { name: given.name, kind, issuerId: kind === 'team' ? issuerId : null, keyId };
  const draft = {
    action: 'create',
    type: 'accounts',
    accountId: id,
    resourceId: id,
    label: given.name,
    requested: facts,
  };
  return audited(ctx, draft, async () => {
    await insertAccount(ctx, { id, ...facts, privateKey: key.privateKey });
    return { result: toAccount(await accountRow(ctx.db, id)), after: facts };
  });
}

/** Renames an account or replaces its key after a live check. */
export async function changeAccount(
  ctx: Ctx,
  id: string,
  given: z.infer<typeof accountChangeBody>,
): Promise<Account> {
  authorise(ctx.actor, 'accounts:write');
  const row = await accountRow(ctx.db, id);
  const key = given.key && requireRead(given.key);
  if (key) {
    requireTyped(row.name, given.confirm, 'This destroys the key that is stored now.');
    await refuseKnownKey(ctx, key, id);
    requireWorking(await tryKey(ctx, key));
    await refuseOtherTeam(ctx, row, key, given.anyway === true);
  }
  const before = { name: row.name, kind: row.kind, issuerId: row.issuerId, keyId: row.keyId };
  const requested = {
    ...(given.name === undefined ? {} : { name: given.name }),
    ...(key ? { kind: key.kind, issuerId: key.issuerId, keyId: key.keyId } : {}),
  };
  const action = key ? 'replaceKey' : 'update';
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
    if (key) await replaceKey(ctx, row, key);
    if (given.name !== undefined) await rename(ctx, id, given.name);
    return { result: toAccount(await accountRow(ctx.db, id)), after: requested };
  });
}

/** Removes an account: its key is destroyed and the copy of its programme forgotten; the trail and feedback stay. */
export async function removeAccount(ctx: Ctx, id: string, typed: string | undefined): Promise<void> {
  authorise(ctx.actor, 'accounts:write');
  const row = await accountRow(ctx.db, id);
  requireTyped(row.name, typed, 'This destroys the key and forgets the copy of its programme.');
  const before = { name: row.name, kind: row.kind, issuerId: row.issuerId, keyId: row.keyId };
  await audited(
    ctx,
    { action: 'delete', type: 'accounts', accountId: id, resourceId: id, label: row.name, before },
    async () => ({
      result: undefined,
      statements: [
        ctx.db.build
          .updateTable('Account')
          .set(({ eb }) => ({
            removedAt: ctx.clock.now(),
            sealedKey: '',
            keyVersion: eb('keyVersion', '+', 1),
            updatedAt: ctx.clock.now(),
          }))
          .where('id', '=', id),
        // A sync that is under way may write nothing more.
        endedLease(syncLease(id)),
        // What every page begins with goes at once, the rest in portions.
        ctx.db.build.deleteFrom('apps').where('accountId', '=', id),
        ...announced('accounts', [id], ctx.clock.now()),
      ],
    }),
  );
  await forgetProgramme(ctx.db, id);
}

type StoreCtx = Pick<Ctx, 'db' | 'clock' | 'keys' | 'env'>;

/**
 * Writes a new account with its key sealed; the key is not tried here.
 * @throws StaleWriteError when an account has the key, or a key of the same team, by now
 */
export async function insertAccount(
  { db, clock, keys, env }: StoreCtx,
  account: ReadKey & { id: string; name: string },
): Promise<void> {
  const now = clock.now();
  const sealedKey = await keys.seal(account.id, 1, account.privateKey);
  const { id, name, kind, issuerId = null, keyId } = account;
  const row = {
    ...{ id, name, kind, issuerId, keyId, baseUrl: env.ASC_BASE_URL },
    ...{ sealedKey, keyVersion: 1, status: 'ok', createdAt: now, updatedAt: now },
  };
  const columns = Object.keys(row) as (keyof typeof row)[];
  // Two processes that start together on an empty database both want to add it.
  const unlessKnown = db.build
    .selectNoFrom(({ val }) => columns.map((column) => val(row[column]).as(column)))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('Account as known')
            .select('known.id')
            .where('known.removedAt', 'is', null)
            .where(({ eb, and, or }) => {
              const ofTeam = { 'known.issuerId': issuerId, 'known.baseUrl': env.ASC_BASE_URL };
              const isSameTeam = kind === 'team' ? [and({ 'known.kind': kind, ...ofTeam })] : [];
              return or([eb('known.keyId', '=', keyId), ...isSameTeam]);
            }),
        ),
      ),
    );
  await db.write([
    ...db.dialect.inTurn('accounts'),
    keys.guard(),
    exactly(1, db.build.insertInto('Account').columns(columns).expression(unlessKnown)),
    ...announced('accounts', [id], now),
  ]);
}

/** Puts another key in the place of an account's key. */
export async function replaceKey(
  { db, clock, keys, env }: StoreCtx,
  row: AccountRow,
  key: ReadKey,
): Promise<void> {
  const version = row.keyVersion + 1;
  const sealedKey = await keys.seal(row.id, version, key.privateKey);
  const { kind, issuerId = null, keyId } = key;
  const now = clock.now();
  const query = db.build
    .updateTable('Account')
    .set({
      ...{ kind, issuerId: kind === 'team' ? issuerId : null, keyId, baseUrl: env.ASC_BASE_URL },
      ...{ sealedKey, keyVersion: version, status: 'ok', statusDetail: null, statusAt: null },
      updatedAt: now,
    })
    .where('id', '=', row.id)
    .where('keyVersion', '=', row.keyVersion);
  await db.write([
    { query, expectChanges: 1 },
    keys.guard(),
    wakeStatement(row.id, now),
    ...announced('accounts', [row.id], now),
  ]);
}

async function rename({ db, clock }: StoreCtx, id: string, to: string): Promise<void> {
  await db.prisma.account.update({ where: { id }, data: { name: to, updatedAt: clock.now() } });
}

async function refuseKnownKey({ db }: StoreCtx, { keyId }: ReadKey, exceptId: string | null): Promise<void> {
  const known = (await accountRows(db)).find((row) => row.keyId === keyId && row.id !== exceptId);
  if (known)
    throw conflict('FLIGHTDECK.KEY_KNOWN', `This key is in use already, under the name “${known.name}”.`);
}

/** @throws RefusedError 422 with what the text is instead of a key */
function requireRead(given: GivenKey): ReadKey {
  const read = readGivenKey(given);
  if ('failure' in read) throw notWorking(read.failure);
  return read.key;
}

function requireWorking(check: CredentialCheck): void {
  if (!check.ok) throw notWorking(check);
}

function notWorking(check: Extract<CredentialCheck, { ok: false }>): RefusedError {
  const { problem, field, message, advice, instead } = check;
  return new RefusedError({
    status: 422,
    code: `FLIGHTDECK.KEY_${problem.toUpperCase()}`,
    title: 'The key does not work',
    detail: `${message} ${advice}`,
    ...(field ? { source: { pointer: `/${field}` } } : {}),
    meta: { problem, message, advice, ...(instead ? { instead } : {}) },
  });
}

function toAccount(row: AccountRow): Account {
  const { id, name, kind, issuerId, keyId, status, statusDetail } = row;
  const statusAt = row.statusAt === null ? null : new Date(row.statusAt).toISOString();
  const createdAt = new Date(row.createdAt).toISOString();
  return { id, name, kind, issuerId, keyId, status, statusDetail, statusAt, createdAt };
}
