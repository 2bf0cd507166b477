'use client';

import { useQuery } from '@tanstack/react-query';
import { Command as List } from 'cmdk';
import { Search } from 'lucide-react';
import { useDeferredValue, useEffect } from 'react';
import { Name } from '@/components/ui/name';
import { searchOptions } from '@/lib/browser/own';
import type { SearchHit } from '@/lib/browser/types';
import { appHref, appWords } from '@/lib/format/app-address';
import { label } from '@/lib/format/labels';
import { GROUP, ITEM } from './palette-style';

/** As many of a kind as the search gives; where it gave so many, there may be more. */
const MOST = 6;
const home = (hit: SearchHit) => appHref(hit.appId ?? '', hit.accountName ? hit.accountId : null);
const KINDS = [
  ['testers', 'Testers', (hit: SearchHit) => `${home(hit)}/testers/${hit.id}`],
  ['groups', 'Groups', (hit: SearchHit) => `${home(hit)}/groups/${hit.id}`],
  ['builds', 'Builds', (hit: SearchHit) => `${home(hit)}/builds/${hit.id}`],
  ['issues', 'Crash issues', (hit: SearchHit) => `/issues/${encodeURIComponent(hit.id)}`],
] as const;
/** The lists that show all that match. */
const LISTS: Partial<Record<(typeof KINDS)[number][0], string>> = { testers: '/testers', groups: '/groups' };

const itemValue = (kind: string, hit: SearchHit) => `${kind} ${hit.accountId} ${hit.appId} ${hit.id}`;

/** Testers, groups and builds whose names or addresses hold what was typed. */
export function Found({
  words,
  onGo,
  onFound,
}: {
  words: string;
  onGo: (href: string) => void;
  onFound: (value: string) => void;
}) {
  const asked = useDeferredValue(words.trim());
  const { data, isFetching, error } = useQuery(searchOptions(asked));
  const first = data && KINDS.flatMap(([kind]) => data.data[kind].map((hit) => itemValue(kind, hit)))[0];
  // The list had chosen its first line before the answer came.
  useEffect(() => {
    if (first) onFound(first);
  }, [first, onFound]);
  if (asked.length < 2) return null;
  const isNothing = data && KINDS.every(([kind]) => data.data[kind].length === 0);
  return (
    <>
      {KINDS.map(([kind, heading, href]) =>
        data && data.data[kind].length > 0 ? (
          <List.Group key={kind} heading={heading} className={GROUP} forceMount>
            {data.data[kind].map((hit) => (
              <List.Item
                key={`${hit.accountId} ${hit.appId} ${hit.id}`}
                forceMount
                value={itemValue(kind, hit)}
                onSelect={() => onGo(href(hit))}
                className={ITEM}
              >
                <Hit hit={hit} />
              </List.Item>
            ))}
            {LISTS[kind] && data.data[kind].length === MOST ? (
              <List.Item
                forceMount
                value={`all ${kind}`}
                onSelect={() => onGo(`${LISTS[kind]}?q=${encodeURIComponent(asked)}`)}
                className={ITEM}
              >
                <Search size={15} aria-hidden className="shrink-0 text-ink-soft" />
                All {heading.toLowerCase()} that match
              </List.Item>
            ) : null}
          </List.Group>
        ) : null,
      )}
      <p role="status" className="px-4 py-2 text-ink-soft text-sm empty:hidden">
        {error
          ? error.message
          : isFetching && !data
            ? 'Searching'
            : isNothing
              ? 'No tester, group, build or number of a crash issue matches.'
              : ''}
      </p>
    </>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  // A build's detail is its platform.
  const detail = hit.detail === null || hit.detail === hit.label ? null : label(hit.detail);
  return (
    <span className="flex min-w-0 flex-1 items-baseline justify-between gap-x-4 max-sm:flex-col max-sm:py-1">
      <Name className="max-w-full truncate">{hit.label}</Name>
      <span className="max-w-full truncate text-ink-soft text-xs">
        {[detail, hit.appName && appWords(hit.appName, hit.accountName)].filter(Boolean).join(' · ')}
      </span>
    </span>
  );
}
