import type { ReactNode } from 'react';
import type { ResourceObject } from '@/lib/query/types';

export type Room = 'md' | 'lg' | 'xl' | '2xl';

/** One column: what stands in its head and in its cells. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** The name the API sorts by. */
  readonly sort?: string;
  /** CSS width; the first column takes what is left. */
  readonly width?: string;
  readonly align?: 'end';
  /** Not shown until somebody chooses it. */
  readonly optional?: boolean;
  /** Left out of the cards on a phone. */
  readonly wideOnly?: boolean;
  /** Left out of a table narrower than this, unless somebody chose the column. */
  readonly room?: Room;
  /** Stands at the right of a card's first line on a phone. */
  readonly isCorner?: boolean;
}

/** One filter in words; `param` is the name in the address bar and in the API. */
export interface FilterWords {
  readonly param: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Behind "More filters" instead of a button of its own. */
  readonly isRare?: boolean;
}

/** What is selected: rows by id, or everything the query matches. */
export interface Selection<Row> {
  readonly rows: readonly Row[];
  readonly ids: readonly string[];
  readonly isEverything: boolean;
  readonly count: number;
  /** The list's query string, for acting on everything that matches. */
  readonly query: string;
}

/** A thing to do with what is selected; shown in the bar at the bottom. */
export interface BulkAction<Row> {
  readonly id: string;
  readonly label: (count: number) => string;
  readonly icon?: ReactNode;
  readonly run: (selection: Selection<Row>) => void | Promise<void>;
  /** Behind "More" instead of a button of its own. */
  readonly isRare?: boolean;
  readonly danger?: boolean;
}

/** All a list declares. */
export interface ListWords<Row extends ResourceObject> {
  /** Remembered with the columns and the density: `testers`. */
  readonly name: string;
  readonly one: string;
  readonly many: string;
  readonly columns: readonly Column<Row>[];
  readonly filters: readonly FilterWords[];
  readonly searchLabel: string;
  readonly href?: (row: Row) => string;
  readonly rowLabel: (row: Row) => string;
  readonly actions?: readonly BulkAction<Row>[];
  readonly onEdit?: (row: Row) => void;
  /** Shown when there is nothing at all, not even without filters. */
  readonly empty: ReactNode;
}
