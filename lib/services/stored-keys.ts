import { type Ask, isKeyOf, opensAccount, type SealedKey } from '@/lib/access/key-store';

export interface StoredKeys {
  /** Whether the key is the one the database is under. */
  readonly isRightKey: boolean;
  readonly stored: number;
  readonly opened: number;
}

/** How many stored App Store Connect keys an encryption key opens; what is opened is forgotten at once. */
export function storedKeys(ask: Ask, key: Uint8Array): StoredKeys {
  const accounts = ask(`SELECT id, keyVersion, sealedKey FROM Account WHERE sealedKey <> ''`) as SealedKey[];
  return {
    isRightKey: isKeyOf(ask, key),
    stored: accounts.length,
    opened: accounts.filter((account) => opensAccount(key, account)).length,
  };
}
