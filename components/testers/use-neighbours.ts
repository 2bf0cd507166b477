'use client';

import { useSearchParams } from 'next/navigation';
import { useAppBase } from '@/components/shell/use-app-base';
import { type DetailList, useDetailNeighbours } from '@/components/views/use-detail-neighbours';
import type { ListScope } from '@/lib/browser/lists';
import { homeOf } from '@/lib/format/app-address';
import { TESTERS } from './testers-spec';

const GROUP = /^group-(.+)$/;

/** Who stands before and after a tester in the list one came from, by what stands in the address. */
export function useNeighbours(appId: string, testerId: string) {
  const from = useSearchParams().get('list') ?? '';
  const [, groupId] = GROUP.exec(from) ?? [];
  const app = useAppBase(appId);
  const scope: ListScope =
    from === 'all' ? {} : groupId ? { apps: appId, betaGroups: groupId } : { apps: appId };
  const list: DetailList = {
    spec: TESTERS,
    scope,
    path:
      from === 'all'
        ? '/testers'
        : groupId
          ? `${app}/groups/${encodeURIComponent(groupId)}`
          : `${app}/testers`,
    hrefOf: (row) => `${homeOf(row.appId ?? appId, row)}/testers/${encodeURIComponent(row.id)}`,
  };
  return useDetailNeighbours(list, testerId, appId);
}
