'use client';

import clsx from 'clsx';
import { useUrlState } from '@/components/ui/use-url-state';
import { type GroupTab, tabsOf } from './group-tab-names';

/** Which part of a group's page is shown, from the address bar. */
export function useGroupTab(isInternal: boolean) {
  const { values, set } = useUrlState();
  const tab = tabsOf(isInternal).find((each) => each === values.tab) ?? 'overview';
  // What belongs to one tab is not carried to the next: its search, filters and sort.
  const cleared = Object.fromEntries(Object.keys(values).map((name) => [name, null]));
  const show = (to: GroupTab) => set({ ...cleared, tab: to === 'overview' ? null : to }, 'push');
  return { tab, show };
}

/** The parts of a group's page. */
export function GroupTabs({
  tab,
  tabs,
  words,
  onShow,
}: {
  tab: GroupTab;
  tabs: readonly GroupTab[];
  words: Readonly<Record<GroupTab, string>>;
  onShow: (tab: GroupTab) => void;
}) {
  return (
    <nav aria-label="Parts of the group" className="mb-6 flex gap-5 overflow-x-auto border-b">
      {tabs.map((each) => (
        <button
          key={each}
          type="button"
          aria-current={tab === each ? 'page' : undefined}
          onClick={() => onShow(each)}
          className={clsx(
            '-mb-px h-9 shrink-0 whitespace-nowrap border-b-2 text-sm tabular-nums max-sm:h-11',
            tab === each
              ? 'border-accent-ink font-medium'
              : 'border-transparent text-ink-soft hover:text-ink',
          )}
        >
          {words[each]}
        </button>
      ))}
    </nav>
  );
}
