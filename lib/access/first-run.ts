import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { StaleWriteError } from '@/lib/store/database';
import type { Store } from '@/lib/store/store';
import { readSetting, settingStatement } from './settings';
import { hasUsers, insertUserStatement, type NewUser } from './users';

const TOKEN_SETTING = 'setupTokenHash';

/** Whether nobody can sign in yet. */
export async function isFirstRun(db: Store): Promise<boolean> {
  return !(await hasUsers(db));
}

/** A fresh one-time token for the first-run page, of which only the hash is kept; null when there are users. */
export async function issueSetupToken(db: Store, now: number): Promise<string | null> {
  if (!(await isFirstRun(db))) return null;
  const token = randomBytes(18).toString('base64url');
  await db.write([settingStatement(db, TOKEN_SETTING, hashOf(token), now)]);
  return token;
}

/** Whether this is the token that was printed; compared in constant time. */
export async function isSetupToken(db: Store, token: string): Promise<boolean> {
  const expected = await readSetting(db, TOKEN_SETTING);
  if (expected === undefined) return false;
  return timingSafeEqual(Buffer.from(expected), Buffer.from(hashOf(token)));
}

/** Creates the first admin and spends the token; false when somebody else was faster. */
export async function createFirstAdmin(
  db: Store,
  user: Omit<NewUser, 'role'>,
  now: number,
): Promise<boolean> {
  try {
    await db.write([
      ...db.dialect.inTurn('first admin'),
      insertUserStatement(db, { ...user, role: 'admin' }, now, { onlyFirst: true }),
      db.build.deleteFrom('settings').where('key', '=', TOKEN_SETTING),
    ]);
    return true;
  } catch (error) {
    if (error instanceof StaleWriteError) return false;
    throw error;
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
