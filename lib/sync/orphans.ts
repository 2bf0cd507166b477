import { removeSome, TABLES_OF_APPS } from '@/lib/mirror/evict';
import type { Store, Write } from '@/lib/store/store';

/** Rows of an app removed in one transaction. */
const AT_ONCE = 200;

/** Removes the mirror rows of apps the key no longer sees, a few hundred at a time; feedback stays, being ours to keep. */
export async function evictOrphans(
  db: Store,
  accountId: string,
  write: (statements: Write[]) => Promise<void>,
): Promise<void> {
  for (const appId of await orphans(db, accountId)) {
    for (const table of TABLES_OF_APPS) {
      while (await hasRows(db, table, accountId, appId)) {
        await write([removeSome(table, { accountId, appId }, AT_ONCE)]);
      }
    }
    await write([
      db.build.deleteFrom('betaTesterCounts').where('accountId', '=', accountId).where('appId', '=', appId),
    ]);
  }
}

/** Apps that have rows here and that the account does not see. */
async function orphans({ read, build }: Store, accountId: string): Promise<string[]> {
  // The counters name every app that has testers, so that half a million rows need not be looked at.
  const named = (table: 'betaTesterCounts' | 'betaGroups' | 'builds') =>
    build
      .selectFrom(table)
      .select('appId')
      .where('accountId', '=', accountId)
      .where('appId', 'not in', (seen) =>
        seen.selectFrom('apps').select('id').where('accountId', '=', accountId),
      );
  const rows = await read(named('betaTesterCounts').union(named('betaGroups')).union(named('builds')));
  return rows.map(({ appId }) => appId);
}

async function hasRows(
  { read, build }: Store,
  table: (typeof TABLES_OF_APPS)[number],
  accountId: string,
  appId: string,
): Promise<boolean> {
  const rows = await read(
    build
      .selectFrom(table)
      .select('appId')
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .limit(1),
  );
  return rows.length > 0;
}
