'use client';

import type { RefObject } from 'react';
import { useMay } from '@/components/shell/use-may';
import type { IssueTold } from '@/lib/browser/feedback';
import type { Decide } from './triage-panel';
import { useDecisionKeys } from './use-decision-keys';
import { useTriage } from './use-triage';

/** Decides about the one issue that a page shows, by its fields and by one key for each decision. */
export function useDecisions(
  issue: IssueTold | null,
  {
    resolveField,
    noteField,
  }: {
    resolveField: RefObject<HTMLSelectElement | null>;
    noteField: RefObject<HTMLTextAreaElement | null>;
  },
): Decide {
  const mayWrite = useMay('feedback:write');
  const { run, undo } = useTriage();
  const decide: Decide = (change, done, expect) => {
    if (!issue) return;
    void run({ target: { issues: [issue.id] }, change, ...(expect ? { expect } : {}) }, done);
  };
  const seen = issue ? { status: issue.status } : {};
  useDecisionKeys(
    mayWrite && issue
      ? {
          t: () => decide({ status: 'triaged' }, 'Triaged', seen),
          i: () => decide({ status: 'inProgress' }, 'In progress', seen),
          w: () => decide({ status: 'wontFix' }, 'Won’t fix', seen),
          m: () => decide({ assigneeId: 'me' }, 'Assigned to you', { assigneeId: issue.assigneeId }),
          s: () => decide({ snooze: 'nextBuild' }, 'Snoozed until the next build'),
          r: () => resolveField.current?.focus(),
          n: () => noteField.current?.focus(),
          z: () => void undo(),
        }
      : {},
  );
  return decide;
}
