import { shape } from '@/lib/store/shape';
import { exactly, type Store, type Write } from '@/lib/store/store';
import { rewrap, SealError, seal, unseal, type WrappingKey } from './sealing';
import { insertSetting, readSetting } from './settings';

const CHECK_SETTING = 'encryptionCheck';
const CHECK_TEXT = 'flightdeck';

export interface SealedKey {
  readonly id: string;
  readonly keyVersion: number;
  readonly sealedKey: string;
}

/** Seals and opens the private keys of App Store Connect accounts. */
export interface KeyStore {
  seal(accountId: string, keyVersion: number, privateKey: string): Promise<string>;
  /** @throws SealError when the row is not what was sealed */
  open(account: SealedKey): Promise<string>;
  /** Stands in the transaction that keeps what was sealed: it fails when the wrapping key was changed meanwhile. */
  guard(): Write;
  /** Whether this process holds the key the database is under now. */
  isCurrent(): Promise<boolean>;
}

/** This is not the key the database was written with. */
export class EncryptionKeyError extends Error {
  override readonly name = 'EncryptionKeyError';
  override readonly message =
    'This is not the encryption key this database was written with, so the stored App Store Connect keys cannot ' +
    'be opened. Set ENCRYPTION_KEY or ENCRYPTION_KEY_FILE to the former key.';
}

// Next bundles start-up and routes apart, so a process may hold a class twice: its instances are known by this mark.
const CHANGED: unique symbol = Symbol.for('flightdeck.EncryptionKeyChangedError');

/** The stored keys were put under another key while this process runs, and the process cannot get at that key. */
export class EncryptionKeyChangedError extends Error {
  override readonly name = 'EncryptionKeyChangedError';
  override readonly message =
    'The stored App Store Connect keys were put under a new encryption key. Set ENCRYPTION_KEY to it and start ' +
    'Flightdeck again.';
  readonly [CHANGED] = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && CHANGED in value;
  }
}

/**
 * Opens the key store and proves the key against the database's check value, which the first start writes.
 * @param reload the keys the process can get at now, for the day the stored keys are put under another one
 * @throws EncryptionKeyError when the key is not the one this database was written with
 */
export async function openKeyStore(
  db: Store,
  key: WrappingKey,
  now: number,
  reload: () => readonly WrappingKey[] = () => [],
): Promise<KeyStore> {
  const check = (await readSetting(db, CHECK_SETTING)) ?? (await firstCheck(db, key, now));
  if (!opens(key, check)) throw new EncryptionKeyError();
  return liveStore(db, { key, check }, reload);
}

/** Writes the check value; of two processes that start at once, both get what the first one wrote. */
async function firstCheck(db: Store, key: WrappingKey, now: number): Promise<string> {
  await insertSetting(db, CHECK_SETTING, seal(key, CHECK_TEXT, CHECK_SETTING), now);
  return (await readSetting(db, CHECK_SETTING)) ?? '';
}

const unchanged = shape((build, given: { check: string }) =>
  build
    .updateTable('settings')
    .set(({ ref }) => ({ updatedAt: ref('updatedAt') }))
    .where('key', '=', CHECK_SETTING)
    .where('value', '=', given.check),
);

/** A store that follows a rotation: before each use it looks whether the database is still under its key. */
function liveStore(
  db: Store,
  first: { readonly key: WrappingKey; readonly check: string },
  reload: () => readonly WrappingKey[],
): KeyStore {
  let { key, check } = first;
  const current = async () => {
    const stored = (await readSetting(db, CHECK_SETTING)) ?? '';
    if (stored === check) return key;
    const next = [key, ...reload()].find((one) => opens(one, stored));
    if (!next) throw new EncryptionKeyChangedError();
    [key, check] = [next, stored];
    return key;
  };
  return {
    seal: async (accountId, keyVersion, privateKey) =>
      seal(await current(), privateKey, subject(accountId, keyVersion)),
    open: async (account) =>
      unseal(await current(), account.sealedKey, subject(account.id, account.keyVersion)),
    guard: () => exactly(1, unchanged({ check })),
    async isCurrent() {
      try {
        await current();
        return true;
      } catch (error) {
        if (error instanceof EncryptionKeyChangedError) return false;
        throw error;
      }
    },
  };
}

/**
 * Puts every stored key and the check value under a new wrapping key, all or nothing.
 * @throws SealError when a row cannot be opened with the old key, StaleWriteError when a key was stored meanwhile;
 * then nothing is changed
 */
export async function rotateWrappingKey(
  db: Store,
  from: WrappingKey,
  to: WrappingKey,
  now: number,
): Promise<number> {
  const rows = await db.prisma.account.findMany({
    where: { sealedKey: { not: '' } },
    select: { id: true, keyVersion: true, sealedKey: true },
  });
  const connectors = await db.prisma.connector.findMany({
    where: { sealedSecret: { not: '' } },
    select: { id: true, keyVersion: true, sealedSecret: true },
  });
  const personKey = await readSetting(db, PERSON_KEY);
  const erasures = await db.prisma.erasure.findMany({
    where: { sealedAddress: { not: null } },
    select: { id: true, sealedAddress: true },
  });
  const former = (await readSetting(db, CHECK_SETTING)) ?? '';
  const check = rewrap(from, to, former, CHECK_SETTING);
  await db.write([
    // First, as in every transaction that stores a key: one of two that meet waits for the other.
    exactly(
      1,
      db.build
        .updateTable('settings')
        .set({ value: check, updatedAt: now })
        .where('key', '=', CHECK_SETTING)
        .where('value', '=', former),
    ),
    ...rows.map((row) =>
      exactly(
        1,
        db.build
          .updateTable('Account')
          .set({
            sealedKey: rewrap(from, to, row.sealedKey, subject(row.id, row.keyVersion)),
            updatedAt: now,
          })
          .where('id', '=', row.id)
          .where('sealedKey', '=', row.sealedKey),
      ),
    ),
    ...connectors.map(({ id, keyVersion, sealedSecret }) =>
      exactly(
        1,
        db.build
          .updateTable('connectors')
          .set({
            sealedSecret: rewrap(from, to, sealedSecret, subject(connectorSubject(id), keyVersion)),
            updatedAt: now,
          })
          .where('id', '=', id)
          .where('sealedSecret', '=', sealedSecret),
      ),
    ),
    ...(personKey === undefined
      ? []
      : [
          exactly(
            1,
            db.build
              .updateTable('settings')
              .set({ value: rewrap(from, to, personKey, subject(PERSON_KEY, 1)), updatedAt: now })
              .where('key', '=', PERSON_KEY)
              .where('value', '=', personKey),
          ),
        ]),
    ...erasures.map(({ id, sealedAddress }) =>
      exactly(
        1,
        db.build
          .updateTable('erasures')
          .set({ sealedAddress: rewrap(from, to, sealedAddress ?? '', subject(erasureSubject(id), 1)) })
          .where('id', '=', id)
          .where('sealedAddress', '=', sealedAddress),
      ),
    ),
    // A secret that was stored since the rows were read would stay under the old one.
    exactly(
      1,
      db.build
        .updateTable('settings')
        .set({ updatedAt: now })
        .where('key', '=', CHECK_SETTING)
        .where(({ eb, selectFrom }) =>
          eb(
            selectFrom('settings as s')
              .select(({ fn }) => fn.countAll<number>().as('n'))
              .where('s.key', '=', PERSON_KEY),
            '=',
            personKey === undefined ? 0 : 1,
          ),
        )
        .where(({ eb, selectFrom }) =>
          eb(
            selectFrom('erasures')
              .select(({ fn }) => fn.countAll<number>().as('n'))
              .where('sealedAddress', 'is not', null),
            '=',
            erasures.length,
          ),
        )
        .where(({ eb, selectFrom }) =>
          eb(
            selectFrom('connectors')
              .select(({ fn }) => fn.countAll<number>().as('n'))
              .where('sealedSecret', '<>', ''),
            '=',
            connectors.length,
          ),
        )
        .where(({ eb, selectFrom }) =>
          eb(
            selectFrom('Account')
              .select(({ fn }) => fn.countAll<number>().as('n'))
              .where('sealedKey', '<>', ''),
            '=',
            rows.length,
          ),
        ),
    ),
  ]);
  return rows.length;
}

/** Reads a small table of a database, wherever it lies. */
export type ReadTable = (name: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Whether a database is under this key; one that was never opened is under none. */
export async function isKeyOf(read: ReadTable, key: WrappingKey): Promise<boolean> {
  const check = (await read('settings')).find((setting) => setting.key === CHECK_SETTING);
  return check !== undefined && opens(key, String(check.value));
}

/** Whether a key opens what is stored of a connector. */
export function opensConnector(
  key: WrappingKey,
  { id, keyVersion, sealedSecret }: { id: string; keyVersion: number; sealedSecret: string },
): boolean {
  return opensAccount(key, { id: connectorSubject(id), keyVersion, sealedKey: sealedSecret });
}

/** Whether a key opens what is stored of an account. */
export function opensAccount(key: WrappingKey, account: SealedKey): boolean {
  try {
    unseal(key, account.sealedKey, subject(account.id, account.keyVersion));
    return true;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}

function opens(key: WrappingKey, check: string): boolean {
  try {
    return unseal(key, check, CHECK_SETTING) === CHECK_TEXT;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}

/** By what the secret of a connector is sealed, beside the keys of accounts. */
export const connectorSubject = (id: string): string => `connector:${id}`;

/** The setting that holds the key of addresses' hashes, and by what it is sealed. */
export const PERSON_KEY = 'personKey';

/** By what the address of an erasure is sealed, while it is under way. */
export const erasureSubject = (id: string): string => `erasure:${id}`;

function subject(accountId: string, keyVersion: number): string {
  return `account:${accountId}:${keyVersion}`;
}
