import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';
import { forms } from '@/lib/store/shape';
import type { SqlValue, Store } from '@/lib/store/store';
import { isWhole } from '../resource';
import { fold } from '../text';
import { always, type Condition, type Given } from './condition';
import type { GroupFact, TypeFacts } from './fact-types';
import { type MirrorQuery, MirrorQueryError, type SortKind } from './types';

export interface OrderColumn {
  readonly column: string;
  readonly isDescending: boolean;
  /** What its values are. */
  readonly kind: SortKind;
  /** The value over `t`, where it stands in no column. */
  readonly computed?: (dialect: Dialect) => RawBuilder<unknown>;
}

/**
 * How a list is grouped; undefined for one that is not.
 * @throws MirrorQueryError for a grouping that the list does not have
 */
export function groupingOf(facts: TypeFacts, { group }: Pick<MirrorQuery, 'group'>): GroupFact | undefined {
  if (group === undefined) return undefined;
  const known = facts.groups ?? {};
  const fact = Object.hasOwn(known, group) ? known[group] : undefined;
  if (!fact) throw new MirrorQueryError('group', `'${group}' is nothing this list is grouped by.`);
  return fact;
}

/** The columns of a sort, those of its groups in front, ended by the unique key so that the order is total. */
export function orderOf(
  facts: TypeFacts,
  query: Pick<MirrorQuery, 'sort' | 'group' | 'filter'>,
): OrderColumn[] {
  const { sort } = query;
  const wanted = sort && sort.length > 0 ? sort : facts.defaultSort;
  const order: OrderColumn[] = [];
  const add = (column: string, isDescending: boolean) => {
    if (order.some((known) => known.column === column)) return;
    const computed = facts.computed?.[column];
    const kind = facts.kinds?.[column] ?? 'text';
    order.push({ column, isDescending, kind, ...(computed === undefined ? {} : { computed }) });
  };
  const grouping = groupingOf(facts, query);
  if (grouping) {
    if (query.filter?.app?.length !== 1) add(grouping.acrossApps, false);
    const isUpwards = grouping.along.includes(wanted[0] ?? '');
    for (const column of grouping.order) add(column, !isUpwards);
  }
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

/** What stands behind `ORDER BY`, over the columns of `t`. Rows without a value come first, from the other end last. */
export function orderSql(order: readonly OrderColumn[], dialect: Dialect): RawBuilder<unknown> {
  return sql.join(order.map((one) => directed(columnSql(one, dialect), one)));
}

/** The same over columns that are named as the order names them. */
export function namedOrderSql(order: readonly OrderColumn[]): RawBuilder<unknown> {
  return sql.join(order.map((one) => directed(sql.ref(`t.${one.column}`), one)));
}

function directed(value: RawBuilder<unknown>, { isDescending }: OrderColumn): RawBuilder<unknown> {
  return isDescending ? sql`${value} DESC NULLS LAST` : sql`${value} ASC NULLS FIRST`;
}

/** The same order from its other end. */
export function reversed(order: readonly OrderColumn[]): OrderColumn[] {
  return order.map((one) => ({ ...one, isDescending: !one.isDescending }));
}

const FOLDED = 'fold:';

/** What a row is sorted by, over `t`. */
export function columnSql({ column, computed }: OrderColumn, dialect: Dialect): RawBuilder<unknown> {
  if (computed !== undefined) return computed(dialect);
  if (!column.startsWith(FOLDED)) return sql.ref(`t.${column}`);
  return dialect.folded(sql.ref(`t.${column.slice(FOLDED.length)}`));
}

const computedValues = forms();

async function sortValue(db: Store, facts: TypeFacts, row: Row, one: OrderColumn): Promise<unknown> {
  const { column } = one;
  if (one.computed !== undefined) {
    const keys = facts.key.map((key) => (row[key] ?? null) as string | number | null);
    const [found] = await db.read(
      computedValues(`${facts.table} ${column}`, { keys }, (_, at, dialect) => {
        const isRow = facts.key.map((key, index) => sql`${sql.ref(`t.${key}`)} = ${at.keys[index]}`);
        return sql<{ value: unknown }>`SELECT ${columnSql(one, dialect)} AS value
          FROM ${sql.table(facts.table)} AS t WHERE ${sql.join(isRow, sql` AND `)}`;
      }),
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
  db: Store,
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
  return {
    form: `after ${signature(order)} ${values.map((value) => (value === null ? 'null' : '')).join()}`,
    values,
    is: (places, dialect) => after(order, values, places, dialect),
  };
}

/**
 * The same in stretches that follow each other, each a range of an index: rows with a value and rows without are together
 * none.
 * @throws MirrorQueryError as `afterCursor`
 */
export function stretchesAfter(order: readonly OrderColumn[], cursor: string): Condition[] {
  const whole = afterCursor(order, cursor);
  const [one, ...others] = order;
  const [value = null, ...values] = decodeCursor(order, cursor);
  // From below, what follows a value is a range as it is; so is what follows none from above.
  if (!one || one.isDescending === (value === null) || !isIndexed(one)) return [whole];
  const name = sql.ref(`t.${one.column}`);
  const before: Condition = {
    ...whole,
    form: `near ${whole.form}`,
    is: ([place, ...places], dialect) => {
      const rest = after(others, values, places, dialect);
      if (value === null) return sql`(${name} IS NULL AND ${rest})`;
      return sql`(${name} <= ${place} AND (${name} < ${place} OR ${rest}))`;
    },
  };
  if (value !== null) return [before, always(`${one.column} null`, sql`${name} IS NULL`)];
  // SQLite seeks a value, not what is no null.
  const valued: RawBuilder<SqlBool> = one.kind === 'text' ? sql`${name} >= ''` : sql`${name} IS NOT NULL`;
  return [before, always(`${one.column} valued`, valued)];
}

const isIndexed = ({ column, computed }: OrderColumn) => computed === undefined && !column.startsWith(FOLDED);

/** `values` tell where null stands, `places` what is compared with. */
function after(
  order: readonly OrderColumn[],
  [value = null, ...values]: readonly SqlValue[],
  [place, ...places]: readonly Given[],
  dialect: Dialect,
): RawBuilder<SqlBool> {
  const [one, ...others] = order;
  if (!one) return sql`1 = 0`;
  const rest = after(others, values, places, dialect);
  const name = columnSql(one, dialect);
  // NULL sorts before everything.
  if (value === null) {
    const same: RawBuilder<SqlBool> = sql`(${name} IS NULL AND ${rest})`;
    return one.isDescending ? same : sql`(${name} IS NOT NULL OR ${same})`;
  }
  if (one.isDescending)
    return sql`(${name} < ${place} OR ${name} IS NULL OR (${name} = ${place} AND ${rest}))`;
  // The first bound lets an index seek; the rest decides.
  return sql`(${name} >= ${place} AND (${name} > ${place} OR ${rest}))`;
}

/** Names an order. */
export function signature(order: readonly OrderColumn[]): string {
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
  if (!values.every((value, at) => isValueOf(order[at]?.kind, value))) throw foreignCursor();
  return values as CursorValue[];
}

/** An engine that knows kinds of values would fail on another kind, and one that does not would find any place. */
function isValueOf(kind: SortKind | undefined, value: unknown): boolean {
  if (value === null) return true;
  if (kind === 'boolean') return value === 0 || value === 1;
  if (kind === 'number') return isWhole(value);
  if (kind === 'large') return Number.isSafeInteger(value);
  return value === false || typeof value === 'string';
}
