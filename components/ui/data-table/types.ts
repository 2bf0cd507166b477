import type { ReactNode } from 'react';
import type { ListType, OwnList } from '@/lib/browser/keys';
import type { ResourceObject, RowGroup } from '@/lib/browser/types';
import type { Total } from '@/lib/format/numbers';
import type { Tone } from '@/lib/format/tones';

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

/** One value of a filter in words, with the colour its state has everywhere. */
export interface FilterOption {
  readonly value: string;
  readonly label: string;
  readonly tone?: Tone;
}

/** One filter in words; `param` is the name in the address bar and in the API. */
export interface FilterWords {
  readonly param: string;
  readonly label: string;
  /** What it may be called in a search beside its name and label; the first is offered. */
  readonly words?: readonly string[];
  /** Has no list of values: it is written into the search, as `build:>=412` is. */
  readonly isTyped?: boolean;
  /** All values there are, most urgent first; absent where the server knows them. */
  readonly options?: readonly FilterOption[];
  /** What a value that the server knows is called. */
  readonly valueLabel?: (value: string) => string;
  /** The same by a table too long to come with every page; the server names the values that it offers. */
  readonly lateLabel?: () => Promise<(value: string) => string>;
  /** Values are ids of these resources, called so. */
  readonly named?: {
    readonly type: Exclude<ListType, OwnList>;
    readonly name: (row: ResourceObject) => string;
  };
  /** What the server says to tell two of the same name apart, in words. */
  readonly hintLabel?: (hint: string) => string;
  /** Only behind "Filter" instead of also having a button of its own. */
  readonly isRare?: boolean;
}

/** What whole words of a search stand for: `is:open`. */
export type Shortcuts = Readonly<Record<string, { readonly param: string; readonly value: string }>>;

/** A row that is selected, also when it is not loaded any more. */
export interface Picked {
  readonly id: string;
  readonly appId?: string;
  readonly accountId?: string;
}

/** What is selected: rows by id, or everything the query matches but for some. */
export interface Selection<Row> {
  /** Those of them that are loaded. */
  readonly rows: readonly Row[];
  readonly picked: readonly Picked[];
  readonly ids: readonly string[];
  readonly isEverything: boolean;
  /** Taken out of everything that matches. */
  readonly except: readonly Picked[];
  /** At least so many, where not all that match were counted. */
  readonly size: Total;
  /** The list's query string, for acting on everything that matches; those taken out are left out by it. */
  readonly query: string;
}

/** A thing to do with what is selected; shown in the bar at the bottom. */
export interface BulkAction<Row> {
  readonly id: string;
  readonly label: (count: Total) => string;
  readonly icon?: ReactNode;
  readonly run: (selection: Selection<Row>) => void | Promise<void>;
  /** Asks first, in a panel at the button, with what each answer would do; it calls `run` no more. */
  readonly panel?: (selection: Selection<Row>, close: () => void) => ReactNode;
  /** Behind "More" instead of a button of its own. */
  readonly isRare?: boolean;
  readonly danger?: boolean;
}

/** How the rows of a list stand in groups, where somebody wants that. */
export interface Grouping<Row> {
  /** What the switch is called. */
  readonly label: string;
  /** In which group a row is, as the API tells groups apart. */
  readonly of: (row: Row) => Pick<RowGroup, 'accountId' | 'appId' | 'id'>;
  readonly head: (group: RowGroup) => ReactNode;
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
  /** Whole words of the search that stand for a filter: `is:open`. */
  readonly shortcuts?: Shortcuts;
  readonly grouping?: Grouping<Row>;
  readonly href?: (row: Row) => string;
  readonly rowLabel: (row: Row) => string;
  /** Rows carry buttons, which want a line of their own on a phone. */
  readonly hasButtons?: boolean;
  readonly actions?: readonly BulkAction<Row>[];
  /** What the selection holds and would do, in the bar before any dialog. */
  readonly consequences?: (selection: Selection<Row>) => ReactNode;
  readonly onEdit?: (row: Row) => void;
  /** What keys of its own do with what is selected, or else with the row the eye is on. */
  readonly keys?: Readonly<Record<string, (selection: Selection<Row>) => void>>;
  /** Shown when there is nothing at all, not even without filters. */
  readonly empty: ReactNode;
}
