import type { ColumnFacts } from './column-facts';
import { isInLocalPart } from './mailboxes';
import type { TableRow } from './read-table';

/** Columns with addresses where there is more than one. */
export interface AddressColumns {
  readonly taken: number;
  readonly others: readonly {
    readonly index: number;
    /** Whether they look like those of other people, such as owners. */
    readonly isOthers: boolean;
    /** Rows whose cell in the taken column is empty and that have an address here. */
    readonly fills: number;
  }[];
  /** Rows whose cell in the taken column is empty. */
  readonly lacking: number;
}

/** The column with the addresses of the people themselves; null when none can be told. */
export function chooseAddress(columns: readonly ColumnFacts[], body: readonly TableRow[]): number | null {
  const usable = columns.filter((column) => !column.isSecret && !column.hint.isOthers);
  const holding = usable.filter((column) => column.share('address') >= 0.25 || column.atShare >= 0.5);
  const isHeld = columns.some((column) => column.share('address') >= 0.25);
  // Only a header and no address anywhere: the rows will say what is wrong with them.
  const candidates = isHeld
    ? holding
    : usable.filter(({ hint }) => hint.field === 'email' && hint.strength === 2);
  const score = new Map(candidates.map((column) => [column, scoreOf(column, columns, body)]));
  const [best] = candidates.toSorted((a, b) => (score.get(b) ?? 0) - (score.get(a) ?? 0));
  return best?.index ?? null;
}

function scoreOf(column: ColumnFacts, all: readonly ColumnFacts[], body: readonly TableRow[]): number {
  const { hint } = column;
  const header = hint.field === 'email' ? hint.strength * 0.8 : 0;
  const names = all.filter((one) => one !== column && one.share('name') >= 0.6 && !one.hint.isOthers);
  return (
    header +
    column.share('address') * 2 +
    (body.length === 0 ? 0 : (column.filled / body.length) * 0.5) +
    (hint.isPrimary ? 0.7 : 0) -
    (hint.isSecondary ? 1.6 : 0) -
    (column.isRepeated ? 3 : 0) +
    Math.max(0, ...names.map((name) => sharedParts(name, column)))
  );
}

/** How often the name of a row stands before its @. */
function sharedParts(name: ColumnFacts, column: ColumnFacts): number {
  const pairs = name.cells.flatMap((cell, row) => {
    const address = column.cells[row] ?? '';
    return cell !== '' && address.includes('@') ? [isInLocalPart(cell, address)] : [];
  });
  return pairs.length === 0 ? 0 : pairs.filter(Boolean).length / pairs.length;
}
