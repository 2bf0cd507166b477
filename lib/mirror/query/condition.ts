import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';
import type { SqlValue } from '@/lib/store/store';

/** A place in a query: a value, or a list that is one parameter. */
export type Given = SqlValue | readonly string[];

/** A condition on the row `t` with its values. */
export interface Condition {
  /** Its wording: two of one form on one table differ in nothing but their values. */
  readonly form: string;
  readonly values: readonly Given[];
  /** The condition with these values, or with their places. */
  is(values: readonly Given[], dialect: Dialect): RawBuilder<SqlBool>;
  /** The same of a report asked of its issue `i` alone, where that can tell: an issue knows how many reports it has. */
  ofIssue?(values: readonly Given[], dialect: Dialect): RawBuilder<SqlBool>;
  /** The keys of all rows that meet it, each once, where indexes tell them all without a look at other rows. */
  keys?(values: readonly Given[], dialect: Dialect): RawBuilder<unknown>;
}

/** A condition without values. */
export function always(form: string, is: RawBuilder<SqlBool>, ofIssue?: RawBuilder<SqlBool>): Condition {
  return { form, values: [], is: () => is, ...(ofIssue ? { ofIssue: () => ofIssue } : {}) };
}

/** Joins conditions; true when there are none. */
export function allOf(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return always('', sql`1 = 1`, sql`1 = 1`);
  const joined =
    (which: 'is' | 'ofIssue'): Condition['is'] =>
    (values, dialect) => {
      let at = 0;
      const parts = conditions.map((one) => {
        const from = at;
        at += one.values.length;
        return one[which]?.(values.slice(from, at), dialect);
      });
      return sql`${sql.join(parts, sql` AND `)}`;
    };
  return {
    form: conditions.map(({ form }) => form).join(' & '),
    values: conditions.flatMap(({ values }) => values),
    is: joined('is'),
    ...(conditions.every(({ ofIssue }) => ofIssue !== undefined) ? { ofIssue: joined('ofIssue') } : {}),
  };
}

/** So many values stand as parameters of their own, for the sake of an index; more as one list. */
const FEW = 8;

/** Whether a text is one of values, known by how many they are. */
export interface OneOf {
  readonly form: string;
  readonly values: readonly Given[];
  is(text: RawBuilder<unknown>, values: readonly Given[], dialect: Dialect): RawBuilder<SqlBool>;
}

/** Being one of some values; booleans are given as 0 and 1. */
export function oneOf(given: readonly (string | number)[]): OneOf {
  const values = [...new Set(given)];
  if (values.length <= FEW) {
    return {
      form: String(values.length),
      values,
      is: (text, places) => sql`${text} IN (${sql.join(places)})`,
    };
  }
  return {
    form: 'many',
    values: [values.map(String)],
    is: (text, [list], dialect) =>
      dialect.among(text as RawBuilder<string | null>, list as readonly string[]),
  };
}

/** What a report and its issue have alike. */
const SHARED = new Set(['accountId', 'appId']);

/** Whether a column of `t` is one of some texts. */
export function columnIs(column: string, given: readonly (string | number)[]): Condition {
  const one = oneOf(given);
  const of =
    (row: 't' | 'i'): Condition['is'] =>
    (values, dialect) =>
      one.is(sql`${sql.ref(`${row}.${column}`)}`, values, dialect);
  return {
    form: `${column} in ${one.form}`,
    values: one.values,
    is: of('t'),
    ...(SHARED.has(column) ? { ofIssue: of('i') } : {}),
  };
}
