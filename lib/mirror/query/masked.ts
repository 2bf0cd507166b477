import type { Database } from '@/lib/store/database';
import type { FilterFact, TypeFacts } from './facts';
import { type CursorValue, cursorOf, type OrderColumn, rawCursor } from './order';
import { MirrorQueryError } from './types';

/** Columns that hold e-mail addresses, wherever they stand in an expression. */
const holdsAddress = (expression: string): boolean => /\bemail(?:Lower)?\b/.test(expression);

const known = new Map<TypeFacts, TypeFacts>();

/**
 * What can be asked by somebody who sees e-mail addresses masked: by what an answer hides, it can neither be filtered,
 * nor searched, nor sorted. Addresses written into other texts are masked too, so such texts are not searched.
 */
export function maskedFacts(facts: TypeFacts): TypeFacts {
  const made = known.get(facts) ?? mask(facts);
  known.set(facts, made);
  return made;
}

function mask(facts: TypeFacts): TypeFacts {
  const sortable = Object.entries(facts.sort)
    .map(([name, columns]) => [name, columns.filter((column) => !holdsAddress(column))] as const)
    .filter(([, columns]) => columns.length > 0);
  return {
    ...facts,
    filter: Object.fromEntries(
      Object.entries(facts.filter).filter(([, fact]) => !holdsAddress(expressionOf(fact))),
    ),
    sort: Object.fromEntries(sortable),
    search: facts.search
      .filter((expression) => !holdsAddress(expression))
      .map((expression) => `CASE WHEN instr(${expression}, '@') = 0 THEN ${expression} END`),
  };
}

const expressionOf = (fact: FilterFact): string =>
  'column' in fact ? fact.column : 'where' in fact ? fact.where : fact.rowsBy;

/** Stands in a cursor for a value that must not be told. */
const HIDDEN = false;

/** The same place without what an address might be read from. */
export function maskedCursor(order: readonly OrderColumn[], values: readonly CursorValue[]): string {
  return cursorOf(
    order,
    values.map((value) => (typeof value === 'string' && value.includes('@') ? HIDDEN : value)),
  );
}

/** A cursor with its hidden values again, from the row it stands behind. @throws MirrorQueryError when that is gone */
export async function revealedCursor(
  db: Database,
  facts: TypeFacts,
  order: readonly OrderColumn[],
  cursor: string,
  valuesOf: (row: Readonly<Record<string, unknown>>) => Promise<CursorValue[]>,
): Promise<string> {
  const values = rawCursor(order, cursor);
  if (!values.includes(HIDDEN)) return cursor;
  const keys = facts.key.map((name) => values[order.findIndex(({ column }) => column === name)]);
  const isPlain = keys.every((key) => typeof key === 'string' || typeof key === 'number');
  const [row] = isPlain
    ? await db.query<Record<string, unknown>>(
        `SELECT t.* FROM "${facts.table}" AS t WHERE ${facts.key.map((name) => `t."${name}" = ?`).join(' AND ')}`,
        keys as (string | number)[],
      )
    : [];
  if (!row) throw new MirrorQueryError('cursor', 'The list has changed. Begin again at its first page.');
  return cursorOf(order, await valuesOf(row));
}
