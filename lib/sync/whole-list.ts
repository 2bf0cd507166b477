import { claimsOf } from '@/lib/mirror/codec';
import { membershipStatements } from '@/lib/mirror/membership';
import { membershipBy } from '@/lib/mirror/memberships';
import { type ResourceLike, toOneId } from '@/lib/mirror/resource';
import { goneTexts, upsertStatements } from '@/lib/mirror/upsert';
import type { Write } from '@/lib/store/store';
import type { CutList } from './completion';

interface Place {
  readonly accountId: string;
  readonly appId: string | undefined;
  readonly fetchedAt: number;
}

/** The statements that store a relationship read to its end: it now names everything it has. */
export function wholeListStatements(
  owner: ResourceLike,
  name: CutList['name'],
  members: readonly ResourceLike[],
  { accountId, appId = toOneId(owner, 'app') ?? undefined, fetchedAt }: Place,
): Write[] {
  const data = members.map(({ type, id }) => ({ type, id }));
  const whole: ResourceLike = {
    type: owner.type,
    id: owner.id,
    relationships: { [name]: { data, meta: { paging: { total: data.length } } } },
  };
  if (membershipBy(owner.type, name)) {
    return membershipStatements(claimsOf(whole, appId), { accountId, fetchedAt });
  }
  return [
    ...upsertStatements({
      accountId,
      resources: members,
      appId,
      buildId: owner.id,
      fetchedAt,
      source: 'sync',
    }),
    ...goneTexts(whole, { accountId, fetchedAt }),
  ];
}
