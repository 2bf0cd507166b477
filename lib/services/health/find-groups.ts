import type { Found } from '@/lib/format/lights';
import { emptyGroups, type GroupWithTesters, quietGroups } from '@/lib/mirror/query/quiet-groups';
import type { Ask } from './ask';

/** Groups with testers, older than so many days, that hold no build, or of which nobody opened the app in all that time. */
export async function findUnusedGroups(
  ask: Ask,
  { days }: { readonly days: number },
): Promise<Found<'group_unused'>[]> {
  const asked = { now: ask.now, days, accountId: ask.accountId };
  const empty = await emptyGroups(ask.db, asked);
  const quiet = await ask.slowly(`quiet groups ${days}`, () => quietGroups(ask.db, asked));
  const isEmpty = new Set(empty.map(keyOf));
  const found =
    (reason: 'noBuild' | 'noSession') =>
    ({ accountId, appId, id, name, testers }: GroupWithTesters): Found<'group_unused'> => ({
      ...{ accountId, appId, id, name: name ?? 'Unnamed', since: null },
      facts: { testers, days, reason },
    });
  return [
    ...empty.map(found('noBuild')),
    ...quiet.filter((group) => !isEmpty.has(keyOf(group))).map(found('noSession')),
  ];
}

const keyOf = ({ accountId, id }: GroupWithTesters) => `${accountId} ${id}`;
