'use client';

import { BellOff, Check, UserRound } from 'lucide-react';
import { useMemo } from 'react';
import { useMay } from '@/components/shell/use-may';
import type { BulkAction, Selection } from '@/components/ui/data-table/types';
import type { TriageBody } from '@/lib/browser/feedback';
import type { OwnList } from '@/lib/browser/keys';
import type { ResourceObject } from '@/lib/browser/types';
import { useTriage } from './use-triage';

/** What is selected, as the decision names it: by ids, or as all that the list matches but for some. */
export function targetOf<Row extends ResourceObject>(
  of: OwnList,
  selection: Selection<Row>,
): TriageBody['target'] {
  if (selection.isEverything) return { matching: { type: of, query: selection.query } };
  if (of === 'issues') return { issues: selection.picked.map(({ id }) => id) };
  return {
    reports: selection.picked.map(({ id, accountId }) => ({ id, ...(accountId ? { accountId } : {}) })),
  };
}

/** What can be decided about the selection in a list of feedback, as far as the person may. */
export function useBulkTriage<Row extends ResourceObject>(of: OwnList): readonly BulkAction<Row>[] {
  const mayWrite = useMay('feedback:write');
  const { run } = useTriage();
  return useMemo(() => {
    if (!mayWrite) return [];
    const action = (
      id: string,
      name: string,
      change: TriageBody['change'],
      more: Partial<BulkAction<Row>> = {},
    ): BulkAction<Row> => ({
      id,
      label: () => name,
      run: async (selection) => {
        await run({ target: targetOf(of, selection), change }, name);
      },
      ...more,
    });
    return [
      action('triaged', 'Triaged', { status: 'triaged' }, { icon: <Check size={14} aria-hidden /> }),
      action('mine', 'Assign to me', { assigneeId: 'me' }, { icon: <UserRound size={14} aria-hidden /> }),
      action(
        'snooze',
        'Snooze until the next build',
        { snooze: 'nextBuild' },
        {
          icon: <BellOff size={14} aria-hidden />,
        },
      ),
      action('progress', 'In progress', { status: 'inProgress' }, { isRare: true }),
      action('urgent', 'Urgent', { priority: 4 }, { isRare: true }),
      action('resolved', 'Resolved', { status: 'resolved' }, { isRare: true }),
      action('wontFix', 'Won’t fix', { status: 'wontFix' }, { isRare: true }),
    ];
  }, [mayWrite, of, run]);
}
