'use client';

import { Mail, Send, UserPlus } from 'lucide-react';
import { useMemo } from 'react';
import type { BulkIntent } from '@/components/people/bulk-dialog';
import type { ExportIntent } from '@/components/people/export-dialog';
import type { RecordsIntent } from '@/components/people/records-dialog';
import { targetsOf } from '@/components/people/selection';
import { useApps, useMay } from '@/components/shell/known';
import { MOST_ROWS, onlyRows } from '@/components/ui/data-table/rows-query';
import type { BulkAction, Selection } from '@/components/ui/data-table/types';
import { onDemand } from '@/components/ui/on-demand';
import { toast, toastError } from '@/components/ui/toast';
import type { ListScope } from '@/lib/browser/lists';
import { everyRow } from '@/lib/browser/lookups';
import type { BulkKind } from '@/lib/browser/people';
import type { TesterResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';

const GroupPanel = onDemand(() => import('@/components/people/group-panel'));

type Action = BulkAction<TesterResource>;

interface Openers {
  readonly onBulk: (intent: BulkIntent) => void;
  readonly onRecords: (intent: RecordsIntent) => void;
  readonly onExport: (intent: ExportIntent) => void;
}

/** What can be done with the testers selected in a list, as far as the person may. */
export function useTesterActions(
  scope: ListScope,
  { onBulk, onRecords, onExport }: Openers,
): readonly Action[] {
  const apps = useApps();
  const mayWrite = useMay('testers:write');
  const maySeeAddresses = useMay('testers:identify');
  const mayExport = useMay('export:run');
  return useMemo(() => {
    const bulk = (kind: BulkKind, label: string, more: Partial<Action> = {}): Action => ({
      id: kind,
      label: () => label,
      run: (selection) => onBulk({ kind, targets: targetsOf(selection, apps) }),
      ...more,
    });
    const records = (what: RecordsIntent['what'], label: string): Action => ({
      id: what,
      label: () => label,
      isRare: true,
      run: (selection) => onRecords({ what, targets: targetsOf(selection, apps), selection }),
    });
    const rare = { isRare: true };
    const grave = { isRare: true, danger: true };
    const isOneApp = scope.apps !== undefined;
    const writing: readonly Action[] = [
      ...(isOneApp
        ? [
            bulk('add-to-group', 'Add to group', {
              icon: <UserPlus size={14} aria-hidden />,
              panel: (selection, close) => (
                <GroupPanel
                  targets={targetsOf(selection, apps)}
                  onChoose={(groupId) => {
                    close();
                    onBulk({ kind: 'add-to-group', groupId, targets: targetsOf(selection, apps) });
                  }}
                />
              ),
            }),
          ]
        : []),
      bulk('resend-invitations', 'Resend invitation', { icon: <Send size={14} aria-hidden /> }),
    ];
    const graver: readonly Action[] = [
      ...(isOneApp ? [bulk('remove-from-group', 'Remove from a group', rare)] : []),
      ...(isOneApp
        ? [bulk('add-build', 'Give a build', rare), bulk('remove-build', 'Take a build away', rare)]
        : []),
      records('tag', 'Tag'),
      records('protect', 'Protect from pruning'),
      records('unprotect', 'No longer protect'),
    ];
    const last: readonly Action[] = [
      bulk('remove-from-app', 'Remove from the app', grave),
      bulk('delete-testers', 'Delete from the team', grave),
    ];
    const copy: Action = {
      id: 'copy',
      label: () => 'Copy e-mail addresses',
      icon: <Mail size={14} aria-hidden />,
      run: copyAddresses,
    };
    const download: Action = {
      id: 'export',
      label: () => 'Export as CSV',
      isRare: true,
      run: (selection) => exportSelected(selection, onExport),
    };
    return [
      ...(mayWrite ? writing : []),
      ...(maySeeAddresses ? [copy] : []),
      ...(mayWrite ? graver : []),
      ...(mayExport ? [download] : []),
      ...(mayWrite ? last : []),
    ];
  }, [scope, apps, mayWrite, maySeeAddresses, mayExport, onBulk, onRecords, onExport]);
}

async function copyAddresses(selection: Selection<TesterResource>): Promise<void> {
  const rows = await rowsOf(selection);
  const addresses = rows.flatMap((tester) => tester.attributes?.email ?? []);
  await navigator.clipboard.writeText(addresses.join('\n'));
  const without = rows.length - addresses.length;
  void toast({
    title: `${formatPlural(addresses.length, 'address', 'addresses')} copied`,
    detail:
      without > 0 ? `${formatPlural(without, 'tester')} came by public link and gave no e-mail.` : undefined,
  });
}

/** All that is selected, also what is not loaded. */
async function rowsOf(selection: Selection<TesterResource>): Promise<readonly TesterResource[]> {
  if (selection.isEverything) return everyRow<TesterResource>('betaTesters', selection.query);
  if (selection.rows.length === selection.picked.length) return selection.rows;
  const found: TesterResource[] = [];
  for (let from = 0; from < selection.picked.length; from += MOST_ROWS) {
    const some = onlyRows(selection.picked.slice(from, from + MOST_ROWS));
    found.push(...(await everyRow<TesterResource>('betaTesters', some)));
  }
  return found;
}

function exportSelected(selection: Selection<TesterResource>, open: Openers['onExport']): void {
  const chosen = selection.isEverything ? selection.except : selection.picked;
  if (chosen.length > MOST_ROWS) {
    const reason = `Up to ${MOST_ROWS} rows are chosen, or taken out, one by one. Narrow the list with filters instead.`;
    void toastError('The selection is too long for a file', reason);
    return;
  }
  open({ query: selection.isEverything ? selection.query : onlyRows(selection.picked), format: 'csv' });
}
