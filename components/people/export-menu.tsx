'use client';

import { Download } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { useHasKey } from '@/components/shell/use-has-key';
import { buttonClass } from '@/components/ui/button';
import { useListState } from '@/components/ui/data-table/use-list-state';
import { Menu } from '@/components/ui/menu';
import { onDemand } from '@/components/ui/on-demand';
import { useDo } from '@/components/ui/use-do';
import { type ListScope, type ListSpec, listQuery } from '@/lib/browser/lists';
import type { ExportIntent } from './export-dialog';
import { exportHref } from './export-href';

const ExportDialog = onDemand(() => import('./export-dialog'));

/** Downloads the list as it is narrowed now, all pages and all columns. */
export function ExportMenu({
  spec,
  scope,
  type,
}: {
  spec: ListSpec;
  scope: ListScope;
  type: 'betaTesters' | 'betaGroups' | 'builds';
}) {
  const { state } = useListState(spec);
  const hasKey = useHasKey();
  const mayExport = useMay('export:run') && hasKey;
  const [intent, setIntent] = useState<ExportIntent | null>(null);
  const query = listQuery(spec, state, scope);
  // People's data leave only once their number has been typed.
  const begin = (format: ExportIntent['format']) =>
    type === 'betaTesters' ? setIntent({ query, format }) : location.assign(exportHref(type, query, format));
  useDo('export', () => (mayExport ? begin('csv') : undefined));
  if (!mayExport) return null;
  const entries = (['csv', 'json'] as const).map((format) => ({
    id: format,
    label: format === 'csv' ? 'CSV, for a spreadsheet' : 'JSON',
    onSelect: () => begin(format),
  }));
  return (
    <>
      <Menu label="Export this list" align="end" entries={entries} className={buttonClass()}>
        <Download size={14} aria-hidden /> <span className="max-sm:sr-only">Export</span>
      </Menu>
      {intent ? <ExportDialog intent={intent} onClose={() => setIntent(null)} /> : null}
    </>
  );
}
