import type { Database } from '@/prisma/database';
import { rewrap, SealError, seal, unseal, type WrappingKey } from './sealing';
import { insertSetting, readSetting, settingStatement } from './settings';

const CHECK_SETTING = 'encryptionCheck';
const CHECK_TEXT = 'flightdeck';

export interface SealedKey {
  readonly id: string;
  readonly keyVersion: number;
  readonly sealedKey: string;
}

/** Seals and opens the private keys of App Store Connect accounts. */
export interface KeyStore {
  seal(accountId: string, keyVersion: number, privateKey: string): string;
  /** @throws SealError when the row is not what was sealed */
  open(account: SealedKey): string;
}

/** This is not the key the database was written with. */
export class EncryptionKeyError extends Error {
  override readonly name = 'EncryptionKeyError';
  override readonly message =
    'This is not the encryption key this database was written with, so the stored App Store Connect keys cannot ' +
    'be opened. Set ENCRYPTION_KEY or ENCRYPTION_KEY_FILE to the former key.';
}

/**
 * Opens the key store and proves the key against the database's check value, which the first start writes.
 * @throws EncryptionKeyError when the key is not the one this database was written with
 */
export async function openKeyStore(db: Database, key: WrappingKey, now: number): Promise<KeyStore> {
  if (readSetting(db, CHECK_SETTING) === undefined) {
    await insertSetting(db, CHECK_SETTING, seal(key, CHECK_TEXT, CHECK_SETTING), now);
  }
  if (!opens(key, readSetting(db, CHECK_SETTING) ?? '')) throw new EncryptionKeyError();
  return keyStoreOf(key);
}

/** A store over a key already at hand. */
export function keyStoreOf(key: WrappingKey): KeyStore {
  return {
    seal: (accountId, keyVersion, privateKey) => seal(key, privateKey, subject(accountId, keyVersion)),
    open: (account) => unseal(key, account.sealedKey, subject(account.id, account.keyVersion)),
  };
}

/**
 * Puts every stored key and the check value under a new wrapping key, all or nothing.
 * @throws SealError when a row cannot be opened with the old key; then nothing is changed
 */
export async function rotateWrappingKey(
  db: Database,
  from: WrappingKey,
  to: WrappingKey,
  now: number,
): Promise<number> {
  const rows = db.query<SealedKey>(`SELECT id, keyVersion, sealedKey FROM Account WHERE sealedKey <> ''`);
  const check = rewrap(from, to, readSetting(db, CHECK_SETTING) ?? '', CHECK_SETTING);
  await db.write([
    ...rows.map((row) => ({
      sql: 'UPDATE Account SET sealedKey = ?, updatedAt = ? WHERE id = ? AND sealedKey = ?',
      params: [rewrap(from, to, row.sealedKey, subject(row.id, row.keyVersion)), now, row.id, row.sealedKey],
      expectChanges: 1,
    })),
    settingStatement(CHECK_SETTING, check, now),
  ]);
  return rows.length;
}

function opens(key: WrappingKey, check: string): boolean {
  try {
    return unseal(key, check, CHECK_SETTING) === CHECK_TEXT;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}

function subject(accountId: string, keyVersion: number): string {
  return `account:${accountId}:${keyVersion}`;
}
