import { namesOfApps } from '@/lib/mirror/query';
import type { Store } from '@/lib/store/store';

/** A list that cannot be read, as people are shown it. */
export interface StuckList {
  /** Apple's type. */
  readonly type: string;
  /** Of one app, where the list is one of an app. */
  readonly appName: string | null;
  /** ms since 1970 */
  readonly since: number;
  readonly error: string;
}

/** The lists that could not be read when they were last tried, those that fail longest first, by account. */
export async function stuckLists(db: Store): Promise<Map<string, StuckList[]>> {
  const rows = await db.read(
    db.build
      .selectFrom('syncScopes')
      .select(['accountId', 'scope', 'failingSince as since', 'error'])
      .where('failingSince', 'is not', null)
      .where('error', 'is not', null)
      .where('scope', 'not like', 'members/%')
      .orderBy('failingSince')
      .orderBy('scope')
      .$narrowType<{ since: number; error: string }>(),
  );
  const lists = new Map<string, StuckList[]>();
  if (rows.length === 0) return lists;
  const namesOf = await namesOfApps(
    db,
    rows.map(({ scope }) => scope.split('/')[1] ?? null),
  );
  for (const { accountId, scope, since, error } of rows) {
    const [type = scope, appId] = scope.split('/');
    const appName = appId === undefined ? null : (namesOf(appId, accountId)?.name ?? null);
    const list = { type, appName, since, error };
    lists.set(accountId, [...(lists.get(accountId) ?? []), list]);
  }
  return lists;
}
