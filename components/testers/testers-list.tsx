'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo, useState } from 'react';
import type { BulkIntent } from '@/components/people/bulk-dialog';
import type { ExportIntent } from '@/components/people/export-dialog';
import type { RecordsIntent } from '@/components/people/records-dialog';
import { useMay } from '@/components/shell/known';
import { NothingYet } from '@/components/shell/nothing-yet';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { ListWords } from '@/components/ui/data-table/types';
import { onDemand } from '@/components/ui/on-demand';
import { ViewTabs } from '@/components/views/view-tabs';
import type { ListScope } from '@/lib/browser/lists';
import type { TesterResource } from '@/lib/browser/types';
import { personName } from '@/lib/format/people';
import { askable } from './askable';
import { COLUMNS_ACROSS_APPS, NAME_COLUMN, TESTER_COLUMNS } from './tester-columns';
import { TESTER_FILTERS, TESTER_FILTERS_ACROSS_APPS } from './tester-filters';
import { testerHref } from './tester-href';
import { TESTERS } from './testers-spec';
import { useTesterActions } from './use-tester-actions';

const BulkDialog = onDemand(() => import('@/components/people/bulk-dialog'));
const ExportDialog = onDemand(() => import('@/components/people/export-dialog'));
const SelectionSummary = onDemand(() => import('@/components/people/selection-summary'));
const RecordsDialog = onDemand(() => import('@/components/people/records-dialog'));

/** The testers of an app, or of everything. */
export function TestersList({ scope, isAcrossApps = false }: { scope: ListScope; isAcrossApps?: boolean }) {
  const [bulk, setBulk] = useState<BulkIntent | null>(null);
  const [records, setRecords] = useState<RecordsIntent | null>(null);
  const [exported, setExported] = useState<ExportIntent | null>(null);
  const maySeeAddresses = useMay('testers:identify');
  const actions = useTesterActions(scope, { onBulk: setBulk, onRecords: setRecords, onExport: setExported });
  const chosen = useSearchParams().toString();
  const words: ListWords<TesterResource> = useMemo(
    () => ({
      name: isAcrossApps ? 'all-testers' : 'testers',
      one: 'tester',
      many: 'testers',
      columns: askable(
        isAcrossApps ? COLUMNS_ACROSS_APPS : [NAME_COLUMN, ...TESTER_COLUMNS],
        maySeeAddresses,
      ),
      filters: isAcrossApps ? TESTER_FILTERS_ACROSS_APPS : TESTER_FILTERS,
      searchLabel: maySeeAddresses ? 'Search by name, e-mail or id' : 'Search by name or id',
      href: (tester) => testerHref(tester, chosen, isAcrossApps ? 'all' : undefined),
      rowLabel: (tester) => personName(tester.attributes ?? {}),
      actions,
      consequences: (selection) => <SelectionSummary selection={selection} />,
      empty: (
        <NothingYet title="No testers yet">
          Testers appear here when somebody is invited, imported from a file, or joins by a public link.
        </NothingYet>
      ),
    }),
    [isAcrossApps, actions, chosen, maySeeAddresses],
  );
  return (
    <>
      <ViewTabs list="testers" appId={scope.apps} />
      <DataTable spec={TESTERS} scope={scope} words={words} />
      {bulk ? <BulkDialog intent={bulk} onClose={() => setBulk(null)} /> : null}
      {exported ? <ExportDialog intent={exported} onClose={() => setExported(null)} /> : null}
      {records ? <RecordsDialog intent={records} onClose={() => setRecords(null)} /> : null}
    </>
  );
}
