'use client';

import { type RefObject, useState } from 'react';
import { useMay } from '@/components/shell/known';
import { onDemand } from '@/components/ui/on-demand';
import { useKeys } from '@/components/ui/use-keys';
import type { IssueTold, TriageBody } from '@/lib/browser/feedback';
import type { Asked, Intent, Subject } from './decide-intent';
import { useTriage } from './use-triage';

const DecideDialog = onDemand(() => import('./decide-dialog'));

export type Decide = (change: TriageBody['change'], done: string, expect?: TriageBody['expect']) => void;

/** Decides about the one issue that a page shows, by its fields and by one key for each decision. */
export function useDecisions(
  issue: IssueTold | null,
  {
    subject,
    noteField,
  }: {
    /** What the page is about. */
    subject: Omit<Subject, 'target' | 'issueIds'>;
    noteField: RefObject<HTMLTextAreaElement | null>;
  },
): { readonly decide: Decide; readonly ask: (asks: Asked) => void; readonly dialog: React.ReactNode } {
  const mayWrite = useMay('feedback:write');
  const { run, undo } = useTriage();
  const [asked, setAsked] = useState<(Pick<Intent, 'asks'> & Pick<Subject, 'expect'>) | null>(null);
  const decide: Decide = (change, done, expect) => {
    if (!issue) return;
    void run({ target: { issues: [issue.id] }, change, ...(expect ? { expect } : {}) }, done);
  };
  // What stood when the window opened is what somebody decides upon.
  const ask = (asks: Asked) => {
    if (!issue) return;
    const { status, assigneeId, priority } = issue;
    setAsked({ asks, expect: { status, assigneeId, priority } });
  };
  const seen = issue ? { status: issue.status } : {};
  useKeys(
    mayWrite && issue
      ? {
          t: () => decide({ status: 'triaged' }, 'Triaged', seen),
          i: () => decide({ status: 'inProgress' }, 'In progress', seen),
          w: () => decide({ status: 'wontFix' }, 'Won’t fix', seen),
          m: () => decide({ assigneeId: 'me' }, 'Assigned to you', { assigneeId: issue.assigneeId }),
          s: () => decide({ snooze: 'nextBuild' }, 'Snoozed until the next build'),
          h: () => ask('snooze'),
          r: () => ask('resolve'),
          a: () => ask('assignee'),
          p: () => ask('priority'),
          l: () => ask('label'),
          d: () => ask('duplicate'),
          n: () => noteField.current?.focus(),
          z: () => void undo(),
        }
      : {},
  );
  const about = issue && {
    ...{ ...subject, issueIds: [issue.id], target: { issues: [issue.id] } },
    ...(asked?.expect ? { expect: asked.expect } : {}),
  };
  return {
    decide,
    ask,
    dialog:
      asked && about ? (
        <DecideDialog intent={{ asks: asked.asks, subject: about }} onClose={() => setAsked(null)} />
      ) : null,
  };
}
