import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

/** Which issue a hash of an app means, and who said so: a rule, or a person by a merge or a split. */
export interface Alias {
  readonly appId: string;
  readonly hash: string;
  readonly issueId: string;
  readonly source: string;
}

const selected = shape((build, given: { accountId: string; hashes: readonly string[] }, { among }) =>
  build
    .selectFrom('issueAliases')
    .select(['appId', 'hash', 'issueId', 'source'])
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('hash'), given.hashes)),
);

/** What is known of hashes, by `keyOf`. */
export async function aliasesOf(
  db: Store,
  accountId: string,
  hashes: readonly (string | null)[],
): Promise<Map<string, Alias>> {
  const wanted = [...new Set(hashes.filter((hash) => hash !== null))];
  const rows = wanted.length === 0 ? [] : await db.read(selected({ accountId, hashes: wanted }));
  return new Map(rows.map((row) => [keyOf(row.appId, row.hash), row]));
}

export const keyOf = (appId: string, hash: string): string => `${appId} ${hash}`;
