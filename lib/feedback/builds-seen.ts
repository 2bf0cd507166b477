import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

/** A build that an issue was seen in. */
interface Seen {
  readonly issueId: string;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
}

const seen = shape((build, given: { ids: readonly string[] }, { among }) =>
  build
    .selectFrom('feedback as f')
    .innerJoin('builds as b', (join) =>
      join.onRef('b.accountId', '=', 'f.accountId').onRef('b.id', '=', 'f.buildId'),
    )
    .select(['f.issueId', 'b.version', 'b.trainVersion', 'b.platform'])
    .where(({ ref }) => among(ref('f.issueId'), given.ids))
    .groupBy(['f.issueId', 'b.id', 'b.version', 'b.trainVersion', 'b.platform', 'b.uploadedDate'])
    .orderBy('b.uploadedDate', (by) => by.asc().nullsFirst())
    .orderBy('b.id')
    .$narrowType<{ issueId: string }>(),
);

/** The builds that issues were seen in, in the order of their upload. */
export async function buildsSeen(db: Store, ids: readonly string[]): Promise<Map<string, Seen[]>> {
  const found = new Map<string, Seen[]>();
  for (const row of await db.read(seen({ ids })))
    found.set(row.issueId, [...(found.get(row.issueId) ?? []), row]);
  return found;
}
