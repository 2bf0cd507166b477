'use client';

import { useQuery } from '@tanstack/react-query';
import { SyncNow, useViewSync } from '@/components/ui/sync-now';
import { listTotalOptions } from '@/lib/browser/lookups';
import type { GroupResource } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';

/** What is missing where App Store Connect counts other members than are listed; null where nothing is. */
export function knownWords(counted: number | null | undefined, known: number | undefined): string | null {
  if (counted == null || known === undefined || counted === known) return null;
  return counted > known
    ? `${formatCount(known)} of ${formatCount(counted)} are known here; the others come with the next sync.`
    : `App Store Connect counts ${formatCount(counted)} members, ${formatCount(known)} are known here; the next sync tells who left.`;
}

/** Says on every part of a group's page, each of which shows how many testers it has, that not all of them are known. */
export function KnownMembers({ group, appId }: { group: GroupResource; appId: string }) {
  const query = new URLSearchParams({ 'filter[apps]': appId, 'filter[betaGroups]': group.id });
  const { data: known } = useQuery(listTotalOptions('betaTesters', query.toString()));
  const words = knownWords(group.meta?.testerCount, known);
  return words ? <Missing words={words} group={group} appId={appId} /> : null;
}

function Missing({ words, group, appId }: { words: string; group: GroupResource; appId: string }) {
  const view = { of: 'betaTesters', app: appId, group: group.id } as const;
  const sync = useViewSync(view);
  return (
    <p className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 text-attention text-sm">
      {words}
      <SyncNow sync={sync} />
    </p>
  );
}
