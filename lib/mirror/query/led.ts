import { type RawBuilder, sql } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { allOf, type Condition, type Given } from './condition';
import type { TypeFacts } from './fact-types';
import { type OrderColumn, orderSql, signature } from './order';
import type { MirrorRow } from './rows';

/** Rows `t` that meet conditions: what stands after FROM. */
export interface RowSource {
  readonly form: string;
  readonly values: readonly Given[];
  from(values: readonly Given[], dialect: Dialect): RawBuilder<unknown>;
  /** Whether indexes lead to its rows, so that no other is looked at. */
  readonly isLed: boolean;
}

/** The rows that meet all conditions; what knows the keys of its rows comes first, and leads to them. */
export function rowsWhere(facts: TypeFacts, conditions: readonly Condition[]): RowSource {
  const leader = conditions.find(({ keys }) => keys !== undefined);
  const where = allOf(conditions.filter((one) => one !== leader));
  const table = sql`${sql.table(facts.table)} AS t`;
  const { keys, values: led = [], form = '' } = leader ?? {};
  if (!keys) {
    const from: RowSource['from'] = (values, dialect) => sql`${table} WHERE ${where.is(values, dialect)}`;
    return { form: where.form, values: where.values, from, isLed: false };
  }
  return {
    form: `${form} leads ${where.form}`,
    values: [...led, ...where.values],
    // CROSS JOIN keeps SQLite from walking the table and asking for each row whether it was found.
    from: (values, dialect) => sql`${keys(values.slice(0, led.length), dialect)} AS k CROSS JOIN ${table}
      WHERE ${isKeyed(facts)} AND ${where.is(values.slice(led.length), dialect)}`,
    isLed: true,
  };
}

/** Whether the row `t` has the keys of `k`. */
const isKeyed = ({ key }: TypeFacts) =>
  sql.join(
    key.map((name) => sql`${sql.ref(`t.${name}`)} = ${sql.ref(`k.${name}`)}`),
    sql` AND `,
  );

const pages = forms();
const rows = forms();

/** The first rows of a led source in order, and how many there are in all: one question, asked of keys alone. */
export async function ledPage(
  db: Store,
  facts: TypeFacts,
  source: RowSource,
  { order, most, offset }: { order: readonly OrderColumn[]; most: number; offset: number },
): Promise<{ rows: MirrorRow[]; total: number | undefined }> {
  const key = sql.join(facts.key.map((name) => sql.ref(`t.${name}`)));
  const given = { source: source.values, most, offset };
  const page = await db.read(
    pages(
      `${facts.table} ${source.form} by ${signature(order)}`,
      given,
      (_, at, dialect) => sql<
        Record<string, string> & { matches: number }
      >`SELECT ${key}, COUNT(*) OVER () AS "matches"
        FROM ${source.from(at.source, dialect)} ORDER BY ${orderSql(order, dialect)} LIMIT ${at.most} OFFSET ${at.offset}`,
    ),
  );
  const keys = page.map((row) => facts.key.map((name) => String(row[name])));
  const total = page[0] ? Number(page[0].matches) : offset === 0 ? 0 : undefined;
  return { rows: keys.length === 0 ? [] : await rowsOf(db, facts, keys), total };
}

/** Rows by their keys, in the order of the keys. */
async function rowsOf(db: Store, facts: TypeFacts, keys: readonly string[][]): Promise<MirrorRow[]> {
  const read = await db.read(
    // The whole list is one place.
    rows(
      facts.table,
      { keys: [keys] },
      (
        _,
        { keys: [all = []] },
        dialect,
      ) => sql<MirrorRow>`SELECT t.* FROM ${dialect.listed(all, facts.key)} AS k
        JOIN ${sql.table(facts.table)} AS t ON ${isKeyed(facts)}`,
    ),
  );
  const found = new Map(read.map((row) => [facts.key.map((name) => row[name]).join('\n'), row]));
  return keys.flatMap((key) => found.get(key.join('\n')) ?? []);
}
