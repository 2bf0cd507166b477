import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seal } from '@/lib/access/sealing';
import { storedKeys } from '@/lib/services/stored-keys';

const key = randomBytes(32);
const table: Record<string, Record<string, unknown>[]> = {
  settings: [
    { key: 'encryptionCheck', value: seal(key, 'flightdeck', 'encryptionCheck') },
    { key: 'personKey', value: seal(key, 'x', 'account:personKey:1') },
  ],
  Account: [{ id: 'a', keyVersion: 2, sealedKey: seal(key, 'p8', 'account:a:2') }],
  connectors: [
    { id: 'c', keyVersion: 1, sealedSecret: seal(key, 's', 'account:connector:c:1') },
    { id: 'removed', keyVersion: 1, sealedSecret: '' },
  ],
};

describe('what is stored under the encryption key', () => {
  it('is opened, the secrets of connectors as well', async () => {
    const read = async (name: string) => table[name] ?? [];
    expect(await storedKeys(read, key)).toEqual({
      ...{ isRightKey: true, stored: 1, opened: 1, secrets: { stored: 2, opened: 2 } },
    });
  });

  it('is told apart from what another key sealed, or what was sealed for another row', async () => {
    const strange = {
      id: 'd',
      keyVersion: 1,
      sealedSecret: seal(randomBytes(32), 's', 'account:connector:d:1'),
    };
    const moved = { ...table.connectors?.[0], id: 'e' };
    const read = async (name: string) =>
      name === 'connectors' ? [...(table.connectors ?? []), strange, moved] : (table[name] ?? []);
    expect((await storedKeys(read, key)).secrets).toEqual({ stored: 4, opened: 2 });
    expect((await storedKeys(read, randomBytes(32))).isRightKey).toBe(false);
  });

  it('of a backup from before there were connectors is what there was', async () => {
    const read = async (name: string) => (name === 'connectors' ? [] : (table[name] ?? []));
    expect((await storedKeys(read, key)).secrets).toEqual({ stored: 1, opened: 1 });
  });
});
