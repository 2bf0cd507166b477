import { isKeyOf, opensAccount, opensConnector, PERSON_KEY, type ReadTable } from '@/lib/access/key-store';

export interface StoredKeys {
  /** Whether the key is the one the database is under. */
  readonly isRightKey: boolean;
  readonly stored: number;
  readonly opened: number;
  /** The secrets of connectors, and the key by which erased addresses are told again. */
  readonly secrets: { readonly stored: number; readonly opened: number };
}

/** How many stored keys and secrets an encryption key opens; what is opened is forgotten at once. */
export async function storedKeys(read: ReadTable, key: Uint8Array): Promise<StoredKeys> {
  const accounts = (await read('Account'))
    .map(({ id, keyVersion, sealedKey }) => ({
      id: String(id),
      keyVersion: Number(keyVersion),
      sealedKey: String(sealedKey),
    }))
    .filter(({ sealedKey }) => sealedKey !== '');
  const connectors = (await read('connectors'))
    .map(({ id, keyVersion, sealedSecret }) => ({
      id: String(id),
      keyVersion: Number(keyVersion),
      sealedSecret: String(sealedSecret),
    }))
    .filter(({ sealedSecret }) => sealedSecret !== '');
  const personKeys = (await read('settings'))
    .filter((setting) => setting.key === PERSON_KEY)
    .map(({ value }) => ({ id: PERSON_KEY, keyVersion: 1, sealedKey: String(value) }));
  return {
    isRightKey: await isKeyOf(read, key),
    stored: accounts.length,
    opened: accounts.filter((account) => opensAccount(key, account)).length,
    secrets: {
      stored: connectors.length + personKeys.length,
      opened:
        connectors.filter((connector) => opensConnector(key, connector)).length +
        personKeys.filter((personKey) => opensAccount(key, personKey)).length,
    },
  };
}
