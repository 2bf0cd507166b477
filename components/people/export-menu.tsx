'use client';

import { Download } from 'lucide-react';
import { useMay } from '@/components/shell/use-may';
import { buttonClass } from '@/components/ui/button';
import { useListState } from '@/components/ui/data-table/use-list-state';
import { Menu } from '@/components/ui/menu';
import { type ListScope, type ListSpec, listQuery } from '@/lib/query/lists';
import { exportHref } from './export-href';

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
  const mayExport = useMay('export:run');
  if (!mayExport) return null;
  const query = listQuery(spec, state, scope);
  const entries = (['csv', 'json'] as const).map((format) => ({
    id: format,
    label: format === 'csv' ? 'CSV, for a spreadsheet' : 'JSON',
    onSelect: () => location.assign(exportHref(type, query, format)),
  }));
  return (
    <Menu label="Export this list" align="end" entries={entries} className={buttonClass()}>
      <Download size={14} aria-hidden /> <span className="max-sm:sr-only">Export</span>
    </Menu>
  );
}
