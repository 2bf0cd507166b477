'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { useBulkExport } from '@/components/hand-over/use-bulk-export';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { ListWords } from '@/components/ui/data-table/types';
import { withList } from '@/components/views/from-list';
import { ViewTabs } from '@/components/views/view-tabs';
import type { FeedbackResource } from '@/lib/browser/feedback';
import type { ListScope } from '@/lib/browser/lists';
import { FEEDBACK_COLUMNS, FEEDBACK_COLUMNS_ACROSS_APPS } from './feedback-columns';
import { FEEDBACK_SHORTCUTS, feedbackFilters } from './feedback-filters';
import { feedbackHref } from './feedback-href';
import { FEEDBACK } from './feedback-spec';
import { kindOfReport, saidBy } from './feedback-words';
import { InboxEmpty } from './inbox-empty';
import { InboxTabs } from './inbox-tabs';
import { useColleagues } from './use-colleagues';
import { useListDecisions } from './use-list-decisions';

/** The inbox of an app, or of all apps. */
export function FeedbackList({ scope, appId }: { scope: ListScope; appId?: string }) {
  const chosen = useSearchParams().toString();
  const { names } = useColleagues();
  const { actions, keys, dialog } = useListDecisions<FeedbackResource>('feedback');
  const exporting = useBulkExport<FeedbackResource>('feedback');
  const isAcrossApps = appId === undefined;
  const words: ListWords<FeedbackResource> = useMemo(
    () => ({
      name: isAcrossApps ? 'all-feedback' : 'feedback',
      one: 'report',
      many: 'reports',
      columns: isAcrossApps ? FEEDBACK_COLUMNS_ACROSS_APPS : FEEDBACK_COLUMNS,
      filters: feedbackFilters(isAcrossApps, names),
      searchLabel: 'Search comments, crashes, notes, testers',
      shortcuts: FEEDBACK_SHORTCUTS,
      href: (report) => withList(feedbackHref(report), chosen, isAcrossApps),
      rowLabel: (report) => `${kindOfReport(report)}: ${saidBy(report).title.slice(0, 80)}`,
      actions: [...actions, ...exporting.actions],
      keys,
      empty: <InboxEmpty of="feedback" />,
    }),
    [isAcrossApps, chosen, names, actions, keys, exporting.actions],
  );
  return (
    <>
      <ViewTabs list="feedback" appId={appId} first="Inbox" />
      <InboxTabs of="feedback" appId={appId} />
      <DataTable spec={FEEDBACK} scope={scope} words={words} />
      {exporting.dialog}
      {dialog}
    </>
  );
}
