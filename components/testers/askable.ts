import type { Column } from '@/components/ui/data-table/types';
import type { TesterResource } from '@/lib/browser/types';

type TesterColumn = Column<TesterResource>;

/** Columns as they may be asked by: who sees addresses masked cannot sort by them. */
export function askable(columns: readonly TesterColumn[], maySeeAddresses: boolean): readonly TesterColumn[] {
  if (maySeeAddresses) return columns;
  return columns.map(({ sort, ...column }) =>
    sort === undefined || sort === 'email' ? column : { ...column, sort },
  );
}
