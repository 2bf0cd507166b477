import { openPostgres, type PostgresOptions } from '@/lib/store/postgres';
import type { Store } from '@/lib/store/store';
import { testDatabase } from './database';
import { copiedPostgres } from './postgres';

export { asAdmin, emptyPostgres, MIGRATIONS } from './postgres';

/** A store that is gone when it is closed. */
export const ENGINES: readonly { name: string; open: () => Promise<Store> }[] = [
  { name: 'SQLite', open: () => testDatabase({ patienceMs: 15_000 }) },
  { name: 'PostgreSQL', open: () => testPostgres() },
];

/** A store on PostgreSQL, by what a test wants otherwise. */
export async function testPostgres(options: Partial<PostgresOptions> = {}): Promise<Store & { url: string }> {
  const { url, remove } = await copiedPostgres();
  const store = await openPostgres({ url, migrationsDir: null, warn: fail, patienceMs: 15_000, ...options });
  return {
    ...store,
    url,
    async close() {
      await store.close();
      await remove();
    },
  };
}

function fail(message: string): never {
  throw new Error(message);
}
