import { isKeyOf, type ReadTable, storedSecrets } from '@/lib/access/key-store';

export interface StoredKeys {
  /** Whether the key is the one the database is under. */
  readonly isRightKey: boolean;
  readonly stored: number;
  readonly opened: number;
  /** All others: of connectors and webhooks, of erasures under way, and the key by which erased addresses are told again. */
  readonly secrets: { readonly stored: number; readonly opened: number };
}

/** How many stored keys and secrets an encryption key opens; what is opened is forgotten at once. */
export async function storedKeys(read: ReadTable, key: Uint8Array): Promise<StoredKeys> {
  const all = await storedSecrets(read, key);
  const counted = (of: typeof all) => ({
    stored: of.length,
    opened: of.filter(({ isOpened }) => isOpened).length,
  });
  return {
    isRightKey: await isKeyOf(read, key),
    ...counted(all.filter(({ table }) => table === 'Account')),
    secrets: counted(all.filter(({ table }) => table !== 'Account')),
  };
}
