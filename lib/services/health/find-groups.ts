import type { Found } from '@/lib/format/lights';
import { quietGroups } from '@/lib/mirror/query/quiet-groups';
import type { Ask } from './ask';

/** Groups with testers, older than so many days, that hold no build, or of which nobody opened the app in all that time. */
export async function findUnusedGroups(
  ask: Ask,
  { days }: { readonly days: number },
): Promise<Found<'group_unused'>[]> {
  const rows = await quietGroups(ask.db, { now: ask.now, days, accountId: ask.accountId });
  return rows.map(({ accountId, appId, id, name, testers, builds }) => ({
    ...{ accountId, appId, id, name: name ?? 'Unnamed', since: null },
    facts: { testers, days, reason: builds === 0 ? 'noBuild' : 'noSession' },
  }));
}
