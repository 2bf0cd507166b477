'use client';

import { Download } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { targetOf } from '@/components/feedback/target-of';
import { useMay } from '@/components/shell/known';
import type { BulkAction } from '@/components/ui/data-table/types';
import { onDemand } from '@/components/ui/on-demand';
import type { TriageBody } from '@/lib/browser/feedback';
import type { OwnList } from '@/lib/browser/keys';
import type { ResourceObject } from '@/lib/browser/types';

const ExportDialog = onDemand(() => import('./export-dialog'));

interface Chosen {
  readonly target: TriageBody['target'];
  readonly count: number | null;
}

/** Downloads what is selected in a list of feedback, where the person may; the dialog belongs on the page. */
export function useBulkExport<Row extends ResourceObject>(
  of: OwnList,
): { actions: readonly BulkAction<Row>[]; dialog: ReactNode } {
  const mayExport = useMay('export:run');
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const actions = useMemo((): readonly BulkAction<Row>[] => {
    if (!mayExport) return [];
    return [
      {
        id: 'export',
        label: () => 'Export',
        icon: <Download size={14} aria-hidden />,
        run(selection) {
          const isKnown = of === 'feedback' && !selection.isEverything;
          setChosen({ target: targetOf(of, selection), count: isKnown ? selection.picked.length : null });
        },
      },
    ];
  }, [mayExport, of]);
  const dialog = chosen ? <ExportDialog {...chosen} onClose={() => setChosen(null)} /> : null;
  return { actions, dialog };
}
