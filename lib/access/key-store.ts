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
  if (!isChecked(key, check)) throw new EncryptionKeyError();
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
    const next = [key, ...reload()].find((one) => isChecked(one, stored));
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

/** Where sealed texts stand, each with what it is sealed as; a column of a secret that was destroyed is empty. */
const SEALED = [
  { table: 'Account', column: 'sealedKey', as: ({ id, keyVersion }: Row) => subject(id, keyVersion) },
  {
    table: 'connectors',
    column: 'sealedSecret',
    as: ({ id, keyVersion }: Row) => subject(connectorSubject(id), keyVersion),
  },
  {
    table: 'receivers',
    column: 'sealedSecret',
    as: ({ id, keyVersion }: Row) => subject(receiverSubject(id), keyVersion),
  },
  {
    table: 'receivers',
    column: 'formerSecret',
    as: ({ id, keyVersion }: Row) => subject(receiverSubject(id), keyVersion - 1),
  },
  {
    table: 'mailServers',
    column: 'sealedPassword',
    as: ({ id, keyVersion }: Row) => subject(mailSubject(id), keyVersion),
  },
  { table: 'erasures', column: 'sealedAddress', as: ({ id }: Row) => subject(erasureSubject(id), 1) },
] as const;

interface Row {
  readonly id: string;
  readonly keyVersion: number;
}

/**
 * Puts every stored key and the check value under a new wrapping key, all or nothing.
 * @returns how many keys of accounts there are
 * @throws SealError when a row cannot be opened with the old key, StaleWriteError when a key was stored meanwhile;
 * then nothing is changed
 */
export async function rotateWrappingKey(
  db: Store,
  from: WrappingKey,
  to: WrappingKey,
  now: number,
): Promise<number> {
  const places = await Promise.all(
    SEALED.map(async (place) => ({ ...place, rows: await sealedRows(db, place) })),
  );
  const personKey = await readSetting(db, PERSON_KEY);
  const former = (await readSetting(db, CHECK_SETTING)) ?? '';
  const check = rewrap(from, to, former, CHECK_SETTING);
  const setting = (key: string, before: string, value: string) =>
    exactly(
      1,
      db.build
        .updateTable('settings')
        .set({ value, updatedAt: now })
        .where('key', '=', key)
        .where('value', '=', before),
    );
  await db.write([
    // First, as in every transaction that stores a key: one of two that meet waits for the other.
    setting(CHECK_SETTING, former, check),
    ...places.flatMap(({ table, column, as, rows }) =>
      rows.map((row) =>
        exactly(
          1,
          db.build
            .updateTable(table as 'connectors')
            .set({ [column]: rewrap(from, to, row.sealed, as(row)) })
            .where('id', '=', row.id)
            .where(column as 'sealedSecret', '=', row.sealed),
        ),
      ),
    ),
    ...(personKey === undefined
      ? []
      : [setting(PERSON_KEY, personKey, rewrap(from, to, personKey, subject(PERSON_KEY, 1)))]),
    // A secret that was stored since the rows were read would stay under the old one.
    ...places.map(({ rows, ...place }) => stillSo(db, now, { ...place, is: '<>', value: '' }, rows.length)),
    stillSo(
      db,
      now,
      { table: 'settings', column: 'key', is: '=', value: PERSON_KEY },
      personKey === undefined ? 0 : 1,
    ),
  ]);
  return places[0]?.rows.length ?? 0;
}

/** The sealed texts of a place; what is no longer sealed there is left out. */
async function sealedRows(
  { build, read }: Store,
  { table, column }: (typeof SEALED)[number],
): Promise<readonly (Row & { readonly sealed: string })[]> {
  return read(
    build
      .selectFrom(table as 'connectors')
      .select(['id', `${column as 'sealedSecret'} as sealed`])
      .$if(table !== 'erasures', (of) => of.select('keyVersion'))
      .where(column as 'sealedSecret', '<>', '')
      .$castTo<Row & { sealed: string }>(),
  );
}

/** Fails its transaction when there are not as many rows as there were. */
function stillSo(
  { build }: Store,
  now: number,
  {
    table,
    column,
    is,
    value,
  }: { readonly table: string; readonly column: string; readonly is: '=' | '<>'; readonly value: string },
  expected: number,
): Write {
  return exactly(
    1,
    build
      .updateTable('settings')
      .set({ updatedAt: now })
      .where('key', '=', CHECK_SETTING)
      .where(({ eb, selectFrom }) =>
        eb(
          selectFrom(table as 'connectors')
            .select(({ fn }) => fn.countAll<number>().as('n'))
            .where(column as 'sealedSecret', is, value),
          '=',
          expected,
        ),
      ),
  );
}

/** Reads a small table of a database, wherever it lies. */
export type ReadTable = (name: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Whether a database is under this key; one that was never opened is under none. */
export async function isKeyOf(read: ReadTable, key: WrappingKey): Promise<boolean> {
  const check = (await read('settings')).find((setting) => setting.key === CHECK_SETTING);
  return check !== undefined && isChecked(key, String(check.value));
}

/** Everything sealed that is stored, and whether a key opens it. */
export async function storedSecrets(
  read: ReadTable,
  key: WrappingKey,
): Promise<{ readonly table: string; readonly isOpened: boolean }[]> {
  const found: { table: string; isOpened: boolean }[] = [];
  // One after another: a reader may have a single place in the database.
  for (const { table, column, as } of SEALED) {
    for (const row of await read(table)) {
      const sealed = row[column] ?? '';
      if (sealed !== '') found.push({ table, isOpened: opens(key, String(sealed), as(rowOf(row))) });
    }
  }
  const personKeys = (await read('settings')).filter((setting) => setting.key === PERSON_KEY);
  return [
    ...found,
    ...personKeys.map(({ value }) => ({
      table: 'settings',
      isOpened: opens(key, String(value), subject(PERSON_KEY, 1)),
    })),
  ];
}

const rowOf = ({ id, keyVersion }: Readonly<Record<string, unknown>>) => ({
  id: String(id),
  keyVersion: Number(keyVersion ?? 1),
});

function isChecked(key: WrappingKey, check: string): boolean {
  return opens(key, check, CHECK_SETTING) && unseal(key, check, CHECK_SETTING) === CHECK_TEXT;
}

function opens(key: WrappingKey, sealed: string, about: string): boolean {
  try {
    unseal(key, sealed, about);
    return true;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}

/** By what the secret of a connector is sealed, beside the keys of accounts. */
export const connectorSubject = (id: string): string => `connector:${id}`;

/** By what the secrets of a receiver of webhooks are sealed. */
export const receiverSubject = (id: string): string => `receiver:${id}`;

/** By what the password of the mail server is sealed. */
export const mailSubject = (id: string): string => `mail:${id}`;

/** The setting that holds the key of addresses' hashes, and by what it is sealed. */
export const PERSON_KEY = 'personKey';

/** By what the address of an erasure is sealed, while it is under way. */
export const erasureSubject = (id: string): string => `erasure:${id}`;

function subject(accountId: string, keyVersion: number): string {
  return `account:${accountId}:${keyVersion}`;
}
