import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  connectorSubject,
  EncryptionKeyChangedError,
  EncryptionKeyError,
  openKeyStore,
  rotateWrappingKey,
} from '@/lib/access/key-store';
import { rewrap, SealError, seal, unseal } from '@/lib/access/sealing';
import { StaleWriteError } from '@/lib/store/database';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';

const TEXT = '-----BEGIN PRIVATE KEY-----\nöäü\n-----END PRIVATE KEY-----';
const key = randomBytes(32);

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

it('opens what it sealed, and never seals the same text alike', () => {
  const sealed = seal(key, TEXT, 'account:a:1');
  expect(unseal(key, sealed, 'account:a:1')).toBe(TEXT);
  expect(seal(key, TEXT, 'account:a:1')).not.toBe(sealed);
  expect(sealed).not.toContain(Buffer.from(TEXT).toString('base64url').slice(0, 12));
});

it('refuses another key, another row, another version and changed bytes', () => {
  const sealed = seal(key, TEXT, 'account:a:1');
  const bent = sealed.slice(0, -3) + (sealed.endsWith('AAA') ? 'BBB' : 'AAA');
  const [version, wrapped, body] = sealed.split('.');
  const [, otherWrapped] = seal(key, TEXT, 'account:a:1').split('.');
  const wrong: [Uint8Array, string, string][] = [
    [randomBytes(32), sealed, 'account:a:1'],
    [key, sealed, 'account:b:1'],
    [key, sealed, 'account:a:2'],
    [key, bent, 'account:a:1'],
    [key, `${version}.${otherWrapped}.${body}`, 'account:a:1'],
    [key, `v2.${wrapped}.${body}`, 'account:a:1'],
    [key, 'v1.AAAA.AAAA', 'account:a:1'],
    [key, '', 'account:a:1'],
  ];
  for (const [with_, text, about] of wrong) expect(() => unseal(with_, text, about)).toThrow(SealError);
});

it('changes the wrapping key without opening the text', () => {
  const next = randomBytes(32);
  const sealed = seal(key, TEXT, 'x');
  const moved = rewrap(key, next, sealed, 'x');
  expect(moved.split('.')[2]).toBe(sealed.split('.')[2]);
  expect(unseal(next, moved, 'x')).toBe(TEXT);
  expect(() => unseal(key, moved, 'x')).toThrow(SealError);
});

it('recognises the database’s key by its check value, and rotates all rows or none', async () => {
  const next = randomBytes(32);
  const store = await openKeyStore(db, key, 1);
  const add = (id: string, sealed: string) =>
    db.write([
      {
        sql: "INSERT INTO Account (id, name, kind, keyId, baseUrl, sealedKey, createdAt, updatedAt) VALUES (?, 'n', 'team', 'k', 'b', ?, 1, 1)",
        params: [id, sealed],
      },
    ]);
  await add('a', await store.seal('a', 1, TEXT));
  await expect(openKeyStore(db, next, 1)).rejects.toThrow(EncryptionKeyError);
  await add('b', seal(randomBytes(32), TEXT, 'account:b:1'));
  await expect(rotateWrappingKey(db, key, next, 2)).rejects.toThrow(SealError);
  await openKeyStore(db, key, 2);
  await db.write([{ sql: "DELETE FROM Account WHERE id = 'b'", params: [] }]);
  expect(await rotateWrappingKey(db, key, next, 3)).toBe(1);
  await expect(openKeyStore(db, key, 4)).rejects.toThrow(EncryptionKeyError);
  const rotated = await openKeyStore(db, next, 4);
  const [row] = await db.query<{ sealedKey: string }>("SELECT sealedKey FROM Account WHERE id = 'a'");
  expect(await rotated.open({ id: 'a', keyVersion: 1, sealedKey: row?.sealedKey ?? '' })).toBe(TEXT);
});

it('rotates the secrets of connectors with them, or nothing', async () => {
  const next = randomBytes(32);
  const store = await openKeyStore(db, key, 1);
  const subject = connectorSubject('c');
  const kept = (sealedSecret: string) => ({
    sql: "INSERT INTO connectors (id, kind, name, baseUrl, sealedSecret, title, body, createdAt, updatedAt) VALUES ('c', 'github', 'n', 'b', ?, 't', 'b', 1, 1)",
    params: [sealedSecret],
  });
  await db.write([kept(await store.seal(subject, 1, TEXT))]);
  expect(await rotateWrappingKey(db, key, next, 3)).toBe(0);
  const [row] = await db.query<{ sealedSecret: string }>('SELECT sealedSecret FROM connectors');
  const rotated = await openKeyStore(db, next, 4);
  expect(await rotated.open({ id: subject, keyVersion: 1, sealedKey: row?.sealedSecret ?? '' })).toBe(TEXT);
  await db.write([
    { sql: 'DELETE FROM connectors', params: [] },
    kept(seal(randomBytes(32), TEXT, 'account:connector:c:1')),
  ]);
  await expect(rotateWrappingKey(db, next, key, 5)).rejects.toThrow(SealError);
});

describe('a rotation while a process runs', () => {
  const next = randomBytes(32);
  const insert = (id: string, sealed: string) => ({
    sql: "INSERT INTO Account (id, name, kind, keyId, baseUrl, sealedKey, createdAt, updatedAt) VALUES (?, 'n', 'team', 'k', 'b', ?, 1, 1)",
    params: [id, sealed],
  });
  const row = async (id: string) => {
    const [found] = await db.query<{ sealedKey: string }>('SELECT sealedKey FROM Account WHERE id = ?', [id]);
    return { id, keyVersion: 1, sealedKey: found?.sealedKey ?? '' };
  };

  it('is followed where the new key can be had: what is sealed then is under it', async () => {
    const store = await openKeyStore(db, key, 1, () => [randomBytes(32), next]);
    await db.write([insert('a', await store.seal('a', 1, TEXT)), store.guard()]);
    await rotateWrappingKey(db, key, next, 2);
    expect(await store.isCurrent()).toBe(true);
    expect(await store.open(await row('a'))).toBe(TEXT);
    await db.write([insert('b', await store.seal('b', 1, TEXT)), store.guard()]);
    expect(await (await openKeyStore(db, next, 3)).open(await row('b'))).toBe(TEXT);
  });

  it('is refused clearly where it cannot, before anything is sealed under the former key', async () => {
    const store = await openKeyStore(db, key, 1, () => [randomBytes(32)]);
    await db.write([insert('a', await store.seal('a', 1, TEXT)), store.guard()]);
    await rotateWrappingKey(db, key, next, 2);
    expect(await store.isCurrent()).toBe(false);
    await expect(store.seal('b', 1, TEXT)).rejects.toThrow(EncryptionKeyChangedError);
    await expect(store.open(await row('a'))).rejects.toThrow(
      /Set ENCRYPTION_KEY to it and start Flightdeck again/,
    );
  });

  it('leaves no key under the former one, whoever is faster', async () => {
    const store = await openKeyStore(db, key, 1, () => [next]);
    const sealed = await store.seal('late', 1, TEXT);
    const guard = store.guard();
    await rotateWrappingKey(db, key, next, 2);
    await expect(db.write([insert('late', sealed), guard])).rejects.toBeInstanceOf(StaleWriteError);
    expect(await db.query('SELECT id FROM Account')).toEqual([]);

    const now = await store.seal('early', 1, TEXT);
    const slow = {
      ...db,
      write: async (...given: Parameters<typeof db.write>) => {
        await db.write([insert('early', now), store.guard()]);
        return db.write(...given);
      },
    };
    await expect(rotateWrappingKey(slow, next, key, 3)).rejects.toBeInstanceOf(StaleWriteError);
    expect(await store.open(await row('early'))).toBe(TEXT);
  });
});
