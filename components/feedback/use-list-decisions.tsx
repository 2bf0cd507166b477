'use client';

import { BellOff, Check, Combine, UserRound } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useMay } from '@/components/shell/known';
import type { BulkAction, Selection } from '@/components/ui/data-table/types';
import { onDemand } from '@/components/ui/on-demand';
import { useKeys } from '@/components/ui/use-keys';
import type { FeedbackResource, IssueResource, TriageBody } from '@/lib/browser/feedback';
import type { OwnList } from '@/lib/browser/keys';
import { formatPlural } from '@/lib/format/numbers';
import type { Asked, Intent, Subject } from './decide-intent';
import { targetOf } from './target-of';
import { useTriage } from './use-triage';

const DecideDialog = onDemand(() => import('./decide-dialog'));

type Row = FeedbackResource | IssueResource;
type Change = TriageBody['change'];

function subjectOf<R extends Row>(of: OwnList, selection: Selection<R>): Subject {
  const [row] = selection.rows;
  const { appId = '', accountId } = row?.meta ?? {};
  const issueIds =
    of === 'issues' ? selection.ids : selection.rows.flatMap(({ meta }) => meta?.issue?.id ?? []);
  const word = of === 'issues' ? 'crash issue' : 'report';
  return {
    ...{ target: targetOf(of, selection), appId: appId ?? '', accountId, issueIds },
    called: selection.size.count === 1 ? `this ${word}` : formatPlural(selection.size, word),
  };
}

interface ListDecisions<R extends Row> {
  readonly actions: readonly BulkAction<R>[];
  /** One key for each decision, about what is selected or else the row the eye is on. */
  readonly keys: Readonly<Record<string, (selection: Selection<R>) => void>>;
  readonly dialog: React.ReactNode;
}

/** What can be decided in a list of feedback, as far as the person may: by the bar of the selection and by keys. */
export function useListDecisions<R extends Row>(of: OwnList): ListDecisions<R> {
  const mayWrite = useMay('feedback:write');
  const { run, place, undo } = useTriage();
  const [intent, setIntent] = useState<Intent | null>(null);
  const decide = useCallback(
    (selection: Selection<R>, change: Change, name: string) =>
      run({ target: targetOf(of, selection), change }, name),
    [run, of],
  );
  const ask = useCallback(
    (asks: Asked) => (selection: Selection<R>) => setIntent({ asks, subject: subjectOf(of, selection) }),
    [of],
  );
  const actions = useMemo((): readonly BulkAction<R>[] => {
    if (!mayWrite) return [];
    const action = (id: string, name: string, change: Change, more: Partial<BulkAction<R>> = {}) => ({
      ...{ id, label: () => name },
      run: async (selection: Selection<R>) => void (await decide(selection, change, name)),
      ...more,
    });
    const asking = (id: string, name: string, asks: Asked, more: Partial<BulkAction<R>> = {}) => ({
      ...{ id, label: () => name, run: ask(asks), isRare: true, ...more },
    });
    const icon = (Icon: typeof Check) => ({ icon: <Icon size={14} aria-hidden /> });
    return [
      action('triaged', 'Triaged', { status: 'triaged' }, icon(Check)),
      action('mine', 'Assign to me', { assigneeId: 'me' }, icon(UserRound)),
      action('snooze', 'Snooze until the next build', { snooze: 'nextBuild' }, icon(BellOff)),
      ...(of === 'issues' ? [asking('merge', 'Merge…', 'merge', { isRare: false, ...icon(Combine) })] : []),
      action('progress', 'In progress', { status: 'inProgress' }, { isRare: true }),
      asking('assign', 'Assign to…', 'assignee'),
      asking('priority', 'Priority…', 'priority'),
      asking('label', 'Label…', 'label'),
      asking('later', 'Snooze until…', 'snooze'),
      asking('resolved', 'Resolved in…', 'resolve'),
      action('wontFix', 'Won’t fix', { status: 'wontFix' }, { isRare: true }),
      asking('duplicate', 'Duplicate of…', 'duplicate'),
      ...(of === 'feedback'
        ? [
            asking('attach', 'Attach to a crash issue…', 'attach'),
            {
              ...{ id: 'takeOut', label: () => 'Take out of its crash issue', isRare: true },
              run: async (selection: Selection<R>) =>
                void (await place(
                  { do: 'takeOut', target: targetOf(of, selection) },
                  ({ count }) => `${formatPlural(count, 'report')} taken out`,
                )),
            },
          ]
        : []),
    ];
  }, [mayWrite, of, decide, ask, place]);
  const keys = useMemo((): ListDecisions<R>['keys'] => {
    if (!mayWrite) return {};
    const to = (change: Change, name: string) => (selection: Selection<R>) =>
      void decide(selection, change, name);
    return {
      t: to({ status: 'triaged' }, 'Triaged'),
      i: to({ status: 'inProgress' }, 'In progress'),
      w: to({ status: 'wontFix' }, 'Won’t fix'),
      m: to({ assigneeId: 'me' }, 'Assigned to you'),
      s: to({ snooze: 'nextBuild' }, 'Snoozed until the next build'),
      ...{ h: ask('snooze'), r: ask('resolve'), a: ask('assignee'), p: ask('priority') },
      ...{ l: ask('label'), d: ask('duplicate') },
    };
  }, [mayWrite, decide, ask]);
  // Also where the row that was decided about has left the list.
  useKeys(mayWrite ? { z: () => void undo() } : {});
  return {
    actions,
    keys,
    dialog: intent ? <DecideDialog intent={intent} onClose={() => setIntent(null)} /> : null,
  };
}
