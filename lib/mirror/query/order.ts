import type { Database, SqlValue } from '@/lib/store/database';
import { fold } from '../text';
import type { Condition } from './conditions';
import type { TypeFacts } from './facts';
import { MirrorQueryError } from './types';

export interface OrderColumn {
  readonly column: string;
  readonly isDescending: boolean;
  /** SQL over `t` where the value stands in no column. */
  readonly expression?: string;
}

/** The columns of a sort, ended by the unique key so that the order is total. */
export function orderOf(facts: TypeFacts, sort: readonly string[] | undefined): OrderColumn[] {
  const wanted = sort && sort.length > 0 ? sort : facts.defaultSort;
  const order: OrderColumn[] = [];
  const add = (column: string, isDescending: boolean) => {
    if (order.some((known) => known.column === column)) return;
    const expression = facts.computed?.[column];
    order.push({ column, isDescending, ...(expression === undefined ? {} : { expression }) });
  };
  for (const word of wanted) {
    const isDescending = word.startsWith('-');
    const name = isDescending ? word.slice(1) : word;
    const columns = Object.hasOwn(facts.sort, name) ? facts.sort[name] : undefined;
    if (!columns) throw new MirrorQueryError('sort', `'${name}' is not a sort of this list.`);
    for (const column of columns) add(column, isDescending);
  }
  // The key runs with the sort, so that an index can be read backwards.
  const last = order.at(-1)?.isDescending ?? false;
  for (const column of facts.key) add(column, last);
  return order;
}

/** `ORDER BY …` over the columns of `t`. */
export function orderSql(order: readonly OrderColumn[]): string {
  return order.map((one) => `${columnSql(one)}${one.isDescending ? ' DESC' : ''}`).join(', ');
}

/** The same order from its other end. */
export function reversed(order: readonly OrderColumn[]): OrderColumn[] {
  return order.map((one) => ({ ...one, isDescending: !one.isDescending }));
}

const FOLDED = 'fold:';

/** What a row is sorted by, as SQL over `t`. */
export function columnSql({ column, expression }: OrderColumn): string {
  if (expression !== undefined) return expression;
  return column.startsWith(FOLDED) ? `fold(t."${column.slice(FOLDED.length)}")` : `t."${column}"`;
}

async function sortValue(db: Database, facts: TypeFacts, row: Row, one: OrderColumn): Promise<unknown> {
  const { column } = one;
  if (one.expression !== undefined) {
    const isRow = facts.key.map((key) => `t."${key}" = ?`).join(' AND ');
    const [found] = await db.query<{ value: unknown }>(
      `SELECT ${one.expression} AS value FROM "${facts.table}" AS t WHERE ${isRow}`,
      facts.key.map((key) => (row[key] ?? null) as SqlValue),
    );
    return found?.value ?? null;
  }
  if (!column.startsWith(FOLDED)) return row[column] ?? null;
  const value = row[column.slice(FOLDED.length)];
  return typeof value === 'string' ? fold(value) : null;
}

type Row = Readonly<Record<string, unknown>>;

/** A value of a cursor; `false` stands for one that must not be told. */
export type CursorValue = string | number | null | false;

/** A row's values in an order. */
export async function cursorValues(
  db: Database,
  facts: TypeFacts,
  order: readonly OrderColumn[],
  row: Row,
): Promise<CursorValue[]> {
  return await Promise.all(order.map(async (one) => (await sortValue(db, facts, row, one)) as CursorValue));
}

/** The place after a row with these values, opaque to clients. */
export function cursorOf(order: readonly OrderColumn[], values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([signature(order), ...values])).toString('base64url');
}

/**
 * The rows after a cursor.
 * @throws MirrorQueryError when the cursor is not one, or of another sort
 */
export function afterCursor(order: readonly OrderColumn[], cursor: string): Condition {
  const values = decodeCursor(order, cursor);
  const after = (at: number): Condition => {
    const one = order[at] ?? { column: '', isDescending: false };
    const { isDescending } = one;
    const value = values[at] ?? null;
    const isLast = at === order.length - 1;
    const rest = isLast ? { sql: '0', params: [] } : after(at + 1);
    const name = columnSql(one);
    // SQLite sorts NULL before everything.
    if (value === null) {
      const same = `(${name} IS NULL AND ${rest.sql})`;
      return isDescending
        ? { sql: same, params: rest.params }
        : { sql: `(${name} IS NOT NULL OR ${same})`, params: rest.params };
    }
    if (isDescending) {
      return {
        sql: `(${name} < ? OR ${name} IS NULL OR (${name} = ? AND ${rest.sql}))`,
        params: [value, value, ...rest.params],
      };
    }
    // The first bound lets an index seek; the rest decides.
    return {
      sql: `(${name} >= ? AND (${name} > ? OR ${rest.sql}))`,
      params: [value, value, ...rest.params],
    };
  };
  return after(0);
}

function signature(order: readonly OrderColumn[]): string {
  return order.map(({ column, isDescending }) => (isDescending ? '-' : '') + column).join();
}

/** The values of a cursor, one per column of the order. */
export function decodeCursor(order: readonly OrderColumn[], cursor: string): SqlValue[] {
  const values = rawCursor(order, cursor);
  if (values.includes(false)) throw foreignCursor();
  return values as SqlValue[];
}

const foreignCursor = () => new MirrorQueryError('cursor', 'The cursor does not belong to this list.');

/** The same, with what is hidden. @throws MirrorQueryError when it is no cursor, or of another sort */
export function rawCursor(order: readonly OrderColumn[], cursor: string): CursorValue[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw foreignCursor();
  }
  if (!Array.isArray(parsed) || parsed.length !== order.length + 1 || parsed[0] !== signature(order)) {
    throw foreignCursor();
  }
  const values: unknown[] = parsed.slice(1);
  const isValue = (value: unknown) =>
    value === null || value === false || typeof value === 'string' || typeof value === 'number';
  if (!values.every(isValue)) throw foreignCursor();
  return values as CursorValue[];
}
