import { isKeyOf, opensAccount, type ReadTable } from '@/lib/access/key-store';

export interface StoredKeys {
  /** Whether the key is the one the database is under. */
  readonly isRightKey: boolean;
  readonly stored: number;
  readonly opened: number;
}

/** How many stored App Store Connect keys an encryption key opens; what is opened is forgotten at once. */
export async function storedKeys(read: ReadTable, key: Uint8Array): Promise<StoredKeys> {
  const accounts = (await read('Account'))
    .map(({ id, keyVersion, sealedKey }) => ({
      id: String(id),
      keyVersion: Number(keyVersion),
      sealedKey: String(sealedKey),
    }))
    .filter(({ sealedKey }) => sealedKey !== '');
  return {
    isRightKey: await isKeyOf(read, key),
    stored: accounts.length,
    opened: accounts.filter((account) => opensAccount(key, account)).length,
  };
}
