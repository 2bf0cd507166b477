import { leftOverAccounts, removeSome, TABLES_OF_ACCOUNTS } from '@/lib/mirror/evict';
import type { Store } from '@/lib/store/store';

/** Rows removed per transaction, so that others get their turn. */
const AT_ONCE = 2_000;

/** Empties the mirror of one account. Feedback stays: it is kept although Apple forgets it. */
export async function forgetProgramme(db: Pick<Store, 'write'>, accountId: string): Promise<void> {
  for (const table of TABLES_OF_ACCOUNTS) {
    for (;;) {
      const [removed = 0] = await db.write([removeSome(table, { accountId }, AT_ONCE)]);
      if (removed < AT_ONCE) break;
    }
  }
}

/** Takes away what was still being written of accounts when they were removed. */
export async function forgetRemoved(db: Store): Promise<void> {
  for (const id of await leftOverAccounts(db)) await forgetProgramme(db, id);
}
