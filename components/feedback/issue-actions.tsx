'use client';

import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { buttonClass } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { onDemand } from '@/components/ui/on-demand';
import type { Asked } from './decide-intent';

const SplitDialog = onDemand(() => import('./split-dialog'));

/** What can be done with a crash issue as a whole. */
export function IssueActions({
  issueId,
  ways,
  onAsk,
}: {
  issueId: string;
  /** How many ways lead into it. */
  ways: number;
  onAsk: (asks: Asked) => void;
}) {
  const mayWrite = useMay('feedback:write');
  const [isSplitting, setSplitting] = useState(false);
  if (!mayWrite) return null;
  return (
    <>
      <Menu
        label="Merge or split"
        align="end"
        className={buttonClass('secondary', 'md')}
        entries={[
          { id: 'merge', label: 'Merge into…', onSelect: () => onAsk('merge') },
          ...(ways > 1
            ? [{ id: 'split', label: 'Split off ways…', onSelect: () => setSplitting(true) }]
            : []),
          { id: 'duplicate', label: 'Duplicate of…', keys: 'd', onSelect: () => onAsk('duplicate') },
        ]}
      >
        Merge <ChevronDown size={13} aria-hidden />
      </Menu>
      {isSplitting ? <SplitDialog issueId={issueId} onClose={() => setSplitting(false)} /> : null}
    </>
  );
}
