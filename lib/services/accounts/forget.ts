import { MEMBERSHIPS, TABLES } from '@/lib/mirror/tables';
import type { Database } from '@/lib/store/database';

/** Rows removed per transaction, so that others get their turn. */
const AT_ONCE = 2_000;

/** Empties the mirror of one account. Feedback stays: it is kept although Apple forgets it. */
export async function forgetProgramme(db: Database, accountId: string): Promise<void> {
  const typed = Object.values(TABLES).map(({ name }) => name);
  const tables = [
    ...typed.filter((name) => name !== 'feedback'),
    ...Object.keys(MEMBERSHIPS),
    'appIcons',
    'tombstones',
    'syncScopes',
  ];
  for (const table of tables) {
    const sql = `DELETE FROM "${table}" WHERE rowid IN (SELECT rowid FROM "${table}" WHERE "accountId" = ? LIMIT ${AT_ONCE})`;
    for (;;) {
      const [removed = 0] = await db.write([{ sql, params: [accountId] }]);
      if (removed < AT_ONCE) break;
    }
  }
}
