'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { useBulkExport } from '@/components/hand-over/use-bulk-export';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { ListWords } from '@/components/ui/data-table/types';
import { withList } from '@/components/views/from-list';
import { ViewTabs } from '@/components/views/view-tabs';
import type { IssueResource } from '@/lib/browser/feedback';
import type { ListScope } from '@/lib/browser/lists';
import { ISSUE_COLUMNS, ISSUE_COLUMNS_ACROSS_APPS } from './feedback-columns';
import { ISSUE_SHORTCUTS, issueFilters } from './feedback-filters';
import { issueHref } from './feedback-href';
import { ISSUES } from './feedback-spec';
import { InboxEmpty } from './inbox-empty';
import { InboxTabs } from './inbox-tabs';
import { useColleagues } from './use-colleagues';
import { useListDecisions } from './use-list-decisions';

/** The crash issues of an app, or of all apps. */
export function IssuesList({ scope, appId }: { scope: ListScope; appId?: string }) {
  const chosen = useSearchParams().toString();
  const { names } = useColleagues();
  const { actions, keys, dialog } = useListDecisions<IssueResource>('issues');
  const exporting = useBulkExport<IssueResource>('issues');
  const isAcrossApps = appId === undefined;
  const words: ListWords<IssueResource> = useMemo(
    () => ({
      name: isAcrossApps ? 'all-issues' : 'issues',
      one: 'crash issue',
      many: 'crash issues',
      columns: isAcrossApps ? ISSUE_COLUMNS_ACROSS_APPS : ISSUE_COLUMNS,
      filters: issueFilters(isAcrossApps, names),
      searchLabel: 'Search crashes and notes',
      shortcuts: ISSUE_SHORTCUTS,
      href: (issue) => withList(issueHref(issue.id), chosen, isAcrossApps),
      rowLabel: (issue) => issue.attributes?.title ?? 'crash issue',
      actions: [...actions, ...exporting.actions],
      keys,
      empty: <InboxEmpty of="issues" />,
    }),
    [isAcrossApps, chosen, names, actions, keys, exporting.actions],
  );
  return (
    <>
      <ViewTabs list="issues" appId={appId} first="Crash issues" />
      <InboxTabs of="issues" appId={appId} />
      <DataTable spec={ISSUES} scope={scope} words={words} />
      {exporting.dialog}
      {dialog}
    </>
  );
}
