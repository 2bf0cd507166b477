'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Name } from '@/components/ui/name';
import { Badge } from '@/components/ui/status';
import { foundOptions } from '@/lib/browser/lookups';
import { selectionSummaryOptions } from '@/lib/browser/people';
import type { GroupResource } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';
import type { AppTarget } from './selection';

/** The groups of an app, found by typing, with what adding the selection to each would do. */
export default function GroupPanel({
  targets,
  onChoose,
}: {
  targets: readonly AppTarget[];
  onChoose: (groupId: string) => void;
}) {
  const [target] = targets;
  const [typed, setTyped] = useState('');
  const [word, setWord] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setWord(typed), 150);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data } = useQuery({
    ...foundOptions<GroupResource>('betaGroups', { app: target?.appId ?? '' }, word),
    placeholderData: keepPreviousData,
  });
  const summary = useQuery({
    ...selectionSummaryOptions(target ?? { appId: '', testers: { ids: [] } }),
    enabled: target !== undefined,
  }).data?.data;
  const groups = data?.data ?? [];
  return (
    <div className="grid gap-2 text-sm">
      <input
        type="search"
        aria-label="Find a group"
        placeholder="Find a group"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="field h-8 w-full px-2.5 max-sm:h-10"
      />
      <ul aria-label="Groups" className="max-h-[min(20rem,45dvh)] overflow-y-auto">
        {groups.map((group) => (
          <li key={group.id}>
            <button
              type="button"
              onClick={() => onChoose(group.id)}
              className="grid min-h-11 w-full rounded-sm px-2 py-1 text-left hover:bg-hover"
            >
              <span className="flex min-w-0 items-center gap-2">
                <Name className="truncate">{group.attributes?.name}</Name>
                {group.attributes?.isInternalGroup ? <Badge>Internal</Badge> : null}
              </span>
              <span className="text-ink-soft text-xs tabular-nums">
                {summary ? effect(summary.count, summary.inGroups[group.id] ?? 0) : '…'}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p role="status" className="px-2 text-ink-soft text-xs empty:hidden">
        {data && groups.length === 0 ? 'No group of this name' : ''}
        {(data?.meta?.total ?? 0) > groups.length ? 'There are more: type to find them.' : ''}
      </p>
    </div>
  );
}

function effect(count: number, there: number): string {
  const joining = count - there;
  if (there === 0) return joining === 1 ? '1 joins' : `All ${formatCount(joining)} join`;
  const already = there === 1 ? '1 is in already' : `${formatCount(there)} are in already`;
  if (joining === 0) return already;
  return `${formatCount(joining)} ${joining === 1 ? 'joins' : 'join'}, ${already}`;
}
