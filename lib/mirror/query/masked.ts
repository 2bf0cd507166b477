import { type RawBuilder, sql } from 'kysely';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { FilterFact, SearchText, TypeFacts } from './fact-types';
import { type CursorValue, cursorOf, type OrderColumn, rawCursor } from './order';
import { MirrorQueryError } from './types';

/** Columns that hold e-mail addresses. */
const holdsAddress = (column: string): boolean => /\bemail(?:Lower)?\b/.test(column);

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
    filter: Object.fromEntries(Object.entries(facts.filter).filter(([, fact]) => !tellsAddress(fact))),
    sort: Object.fromEntries(sortable),
    search: facts.search
      .filter(({ isAddress }) => !isAddress)
      .map(
        (one): SearchText =>
          'text' in one
            ? { text: withoutAddress(one.text) }
            : {
                keys: (searched) =>
                  one.keys({
                    ...searched,
                    has: (text) => searched.has(withoutAddress(text)),
                    isMasked: true,
                  }),
              },
      ),
    isMasked: true,
  };
}

const withoutAddress = (text: RawBuilder<string | null>): RawBuilder<string | null> =>
  sql`CASE WHEN ${text} NOT LIKE '%@%' THEN ${text} END`;

const tellsAddress = (fact: FilterFact): boolean =>
  'column' in fact ? holdsAddress(fact.column) : 'where' in fact && fact.isAddress === true;

/** Stands in a cursor for a value that must not be told. */
const HIDDEN = false;

/** The same place without what an address might be read from. */
export function maskedCursor(order: readonly OrderColumn[], values: readonly CursorValue[]): string {
  return cursorOf(
    order,
    values.map((value) => (typeof value === 'string' && value.includes('@') ? HIDDEN : value)),
  );
}

const rows = forms();

/** A cursor with its hidden values again, from the row it stands behind. @throws MirrorQueryError when that is gone */
export async function revealedCursor(
  db: Store,
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
    ? await db.read(
        rows(facts.table + facts.key, { keys: keys as (string | number)[] }, (_, at) => {
          const isRow = facts.key.map((name, index) => sql`${sql.ref(`t.${name}`)} = ${at.keys[index]}`);
          return sql<Record<string, unknown>>`SELECT t.* FROM ${sql.table(facts.table)} AS t
            WHERE ${sql.join(isRow, sql` AND `)}`;
        }),
      )
    : [];
  if (!row) throw new MirrorQueryError('cursor', 'The list has changed. Begin again at its first page.');
  return cursorOf(order, await valuesOf(row));
}
