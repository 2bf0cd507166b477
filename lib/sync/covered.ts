import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

/** How often the deliveries of a webhook are looked at, ms. */
export const CHECK_MS = 15 * 60_000;

const covered = shape((build, given: { accountId: string; since: number; now: number }) =>
  build
    .selectFrom('receivers')
    .select('appId')
    .where('accountId', '=', given.accountId)
    .where('webhookId', 'is not', null)
    .where('trouble', 'is', null)
    .where('checkedAt', '>=', given.since)
    .where('checkedAt', '<=', given.now),
);

/**
 * Apps of which App Store Connect tells new feedback by itself, and whose deliveries were looked at lately, so that nothing is
 * missed for longer than that.
 */
export async function coveredApps(db: Store, accountId: string, now: number): Promise<Set<string>> {
  const rows = await db.read(covered({ accountId, since: now - 2 * CHECK_MS, now }));
  return new Set(rows.map(({ appId }) => appId));
}
