import type { Database, Statement } from '@/lib/store/database';

/** A small durable fact of the installation, or undefined. */
export async function readSetting(db: Database, key: string): Promise<string | undefined> {
  return (await db.query<{ value: string }>('SELECT value FROM settings WHERE key = ?', [key]))[0]?.value;
}

/** Writes a fact unless it is there already: of two processes that start together the first one wins. */
export async function insertSetting(db: Database, key: string, value: string, now: number): Promise<boolean> {
  const [changes] = await db.write([
    {
      sql: 'INSERT OR IGNORE INTO settings (key, value, updatedAt) VALUES (?, ?, ?)',
      params: [key, value, now],
    },
  ]);
  return changes === 1;
}

/** The statement that sets a fact, whatever it was. */
export function settingStatement(key: string, value: string, now: number): Statement {
  return {
    sql: `INSERT INTO settings (key, value, updatedAt) VALUES (?, ?, ?)
          ON CONFLICT (key) DO UPDATE SET value = excluded.value, updatedAt = excluded.updatedAt`,
    params: [key, value, now],
  };
}
