import { afterEach, beforeEach, expect, it } from 'vitest';
import { changeUser, createUser, LastAdminError, type UserChange } from '@/lib/access/users';
import type { Store } from '@/lib/store/store';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';

let db: TestDatabase;
let id: string;
const NOW = 1_000;
const newUser = (email: string, role: 'admin' | 'manager') =>
  createUser(db, { email, name: 'Ann', role, passwordHash: 'hash' }, NOW);
beforeEach(async () => {
  db = await testDatabase();
  await newUser('boss@example.com', 'admin');
  ({ id } = await newUser('ann@example.com', 'manager'));
});
afterEach(() => db.close());

/** A store in which somebody else changes the same person between the look and the write. */
function after(first: UserChange): Store {
  return {
    ...db,
    async write(writes, ...rest) {
      await changeUser(db, id, first, NOW + 1);
      return db.write(writes, ...rest);
    },
  };
}

it('a rename at the same moment undoes neither a disabling nor a new role', async () => {
  const disabled = await changeUser(after({ isDisabled: true }), id, { name: 'Anna' }, NOW + 2);
  expect(disabled).toMatchObject({ name: 'Anna', disabledAt: NOW + 1, tokenVersion: 2 });
  const enabled = await changeUser(after({ role: 'viewer' }), id, { isDisabled: false }, NOW + 3);
  expect(enabled).toMatchObject({ name: 'Anna', role: 'viewer', disabledAt: null, tokenVersion: 4 });
  const renamed = await changeUser(after({ name: 'Annie' }), id, { role: 'triager' }, NOW + 4);
  expect(renamed).toMatchObject({ name: 'Annie', role: 'triager', tokenVersion: 5 });
});

it('sessions end with a new role or state, and stay with what was so before', async () => {
  const change = async (given: UserChange) => (await changeUser(db, id, given, NOW + 5)).tokenVersion;
  expect(await change({ name: null })).toBe(1);
  expect(await change({ role: 'manager', isDisabled: false })).toBe(1);
  expect(await change({ role: 'triager', isDisabled: true })).toBe(2);
  expect(await change({ isDisabled: true })).toBe(2);
  expect((await changeUser(db, id, { isDisabled: true }, NOW + 9)).disabledAt).toBe(NOW + 5);
});

it('whoever became the last admin meanwhile stays one', async () => {
  await expect(changeUser(after({ role: 'admin' }), id, { isDisabled: true }, NOW)).resolves.toMatchObject({
    disabledAt: NOW,
  });
  await changeUser(db, id, { isDisabled: false }, NOW);
  const alone: Store = {
    ...db,
    async write(writes, ...rest) {
      await db.write([db.build.updateTable('users').set({ disabledAt: NOW }).where('id', '<>', id)]);
      return db.write(writes, ...rest);
    },
  };
  await expect(changeUser(alone, id, { role: 'viewer' }, NOW)).rejects.toThrow(LastAdminError);
});
