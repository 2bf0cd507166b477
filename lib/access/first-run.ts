import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Database, StaleWriteError } from '@/lib/store/database';
import { readSetting, settingStatement } from './settings';
import { countUsers, insertUserStatement, type NewUser } from './users';

const TOKEN_SETTING = 'setupTokenHash';

/** Whether nobody can sign in yet. */
export async function isFirstRun(db: Database): Promise<boolean> {
  return (await countUsers(db)) === 0;
}

/** A fresh one-time token for the first-run page, of which only the hash is kept; null when there are users. */
export async function issueSetupToken(db: Database, now: number): Promise<string | null> {
  if (!(await isFirstRun(db))) return null;
  const token = randomBytes(18).toString('base64url');
  await db.write([settingStatement(TOKEN_SETTING, hashOf(token), now)]);
  return token;
}

/** Whether this is the token that was printed; compared in constant time. */
export async function isSetupToken(db: Database, token: string): Promise<boolean> {
  const expected = await readSetting(db, TOKEN_SETTING);
  if (expected === undefined) return false;
  return timingSafeEqual(Buffer.from(expected), Buffer.from(hashOf(token)));
}

/** Creates the first admin and spends the token; false when somebody else was faster. */
export async function createFirstAdmin(
  db: Database,
  user: Omit<NewUser, 'role'>,
  now: number,
): Promise<boolean> {
  try {
    await db.write([
      insertUserStatement({ ...user, role: 'admin' }, now, { onlyFirst: true }),
      { sql: 'DELETE FROM settings WHERE key = ?', params: [TOKEN_SETTING] },
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
