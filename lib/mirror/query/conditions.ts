import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { addressKey } from '../text';
import { type Condition, columnIs, oneOf } from './condition';
import type { FilterFact, TypeFacts } from './fact-types';
import { searchCondition } from './search';
import { type MirrorQuery, MirrorQueryError } from './types';

/** In front of a filter's name it means “is not”: `not.state` leaves out who has one of the values. */
const NOT = 'not.';

/** The fact of a filter by its name in a query, “is not” or not; undefined when the list has no such filter. */
export function filterFact(facts: TypeFacts, name: string): FilterFact | undefined {
  const plain = name.startsWith(NOT) ? name.slice(NOT.length) : name;
  return Object.hasOwn(facts.filter, plain) ? facts.filter[plain] : undefined;
}

/** The conditions of a query's filters, `exists` and search, without its cursor. */
export function conditionsOf(facts: TypeFacts, query: MirrorQuery): Condition[] {
  const conditions: Condition[] = [];
  if (facts.where) conditions.push(facts.where);
  if (query.accountId !== undefined) conditions.push(columnIs('accountId', [query.accountId]));
  const joined = togetherCondition(facts, query);
  if (joined) conditions.push(joined);
  for (const [name, values] of Object.entries(query.filter ?? {})) {
    if (joined && facts.together?.of.includes(name)) continue;
    const fact = filterFact(facts, name);
    if (!fact) throw new MirrorQueryError(`filter[${name}]`, `'${name}' is not a filter of this list.`);
    if (values.length === 0) continue;
    const isNot = name.startsWith(NOT);
    const plain = isNot ? name.slice(NOT.length) : name;
    const condition = filterCondition(plain, fact, values, query.now ?? Date.now());
    // Whoever has no value at all does not have this one.
    conditions.push(isNot ? not(condition) : condition);
  }
  for (const [name, isThere] of Object.entries(query.exists ?? {})) {
    const column = Object.hasOwn(facts.exists ?? {}, name) ? facts.exists?.[name] : undefined;
    if (!column) throw new MirrorQueryError(`exists[${name}]`, `'${name}' cannot be asked for here.`);
    conditions.push(isThere ? not(isNull(column)) : isNull(column));
  }
  const search = searchCondition(facts, query.search);
  if (search) conditions.push(search);
  return conditions;
}

/** What several filters ask of one and the same thing of a row; each that stands alone is a filter as any other. */
function togetherCondition({ together }: TypeFacts, { filter = {} }: MirrorQuery): Condition | undefined {
  const asked = (together?.of ?? []).flatMap((name) => {
    const values = Object.hasOwn(filter, name) ? (filter[name] ?? []) : [];
    return values.length > 0 ? [{ name, one: oneOf(values) }] : [];
  });
  if (!together || asked.length < 2) return undefined;
  return {
    form: asked.map(({ name, one }) => `${name} in ${one.form}`).join(' of one with '),
    values: asked.flatMap(({ one }) => one.values),
    is: (places, dialect) => {
      let at = 0;
      const each = asked.map(({ name, one }) => {
        const own = places.slice(at, at + one.values.length);
        at += one.values.length;
        return [name, (text: RawBuilder<unknown>) => one.is(text, own, dialect)] as const;
      });
      return together.where(each, dialect);
    },
  };
}

const not = ({ form, values, is, ofIssue }: Condition): Condition => ({
  form: `not(${form})`,
  values,
  is: (places, dialect) => sql`(${is(places, dialect)}) IS NOT TRUE`,
  ...(ofIssue
    ? { ofIssue: (places, dialect) => sql<SqlBool>`(${ofIssue(places, dialect)}) IS NOT TRUE` }
    : {}),
});

const isNull = (column: string): Condition => ({
  form: `${column} null`,
  values: [],
  is: () => sql`${sql.ref(`t.${column}`)} IS NULL`,
});

function filterCondition(name: string, fact: FilterFact, values: readonly string[], now: number): Condition {
  if ('rowsBy' in fact) return rowsCondition(name, fact.rowsBy, values);
  if ('made' in fact) return fact.made(values, now);
  if ('where' in fact) {
    const one = oneOf(fact.isLower ? values.map(addressKey) : values);
    const { ofIssue } = fact;
    return {
      form: `${name} in ${one.form}`,
      values: one.values,
      is: (places, dialect) => fact.where((text) => one.is(text, places, dialect), dialect),
      ...(ofIssue ? { ofIssue: (places, dialect) => ofIssue((text) => one.is(text, places, dialect)) } : {}),
    };
  }
  // The word “none” stands for rows without a value: Apple leaves out what it does not know.
  const given = values.filter((value) => value !== 'none').map((value) => sqlValue(name, value, fact.kind));
  if (given.length === values.length) return columnIs(fact.column, given);
  const none = isNull(fact.column);
  if (given.length === 0) return none;
  const known = columnIs(fact.column, given);
  return {
    ...known,
    form: `${known.form} or null`,
    is: (places, dialect) => sql`(${known.is(places, dialect)} OR ${none.is([], dialect)})`,
  };
}

/** By the ids first, which have an index; the whole key then tells twins apart. */
function rowsCondition(name: string, app: string, values: readonly string[]): Condition {
  const ids = oneOf(
    values.map((value) => {
      const [account, appId, ...id] = value.split('~');
      if (account && appId && id.length > 0) return id.join('~');
      throw new MirrorQueryError(`filter[${name}]`, `'${value}' is not a row: write <account>~<app>~<id>.`);
    }),
  );
  const rows = oneOf(values);
  const row: RawBuilder<string> = sql`t."accountId" || '~' || ${sql.ref(`t.${app}`)} || '~' || t."id"`;
  return {
    form: `${name} in ${ids.form} ${rows.form}`,
    values: [...ids.values, ...rows.values],
    is: (places, dialect) => {
      const isId = ids.is(sql`t."id"`, places.slice(0, ids.values.length), dialect);
      return sql`(${isId} AND ${rows.is(row, places.slice(ids.values.length), dialect)})`;
    },
  };
}

function sqlValue(name: string, value: string, kind: 'text' | 'boolean' = 'text'): string | number {
  if (kind === 'text') return value;
  if (value === 'true' || value === 'false') return Number(value === 'true');
  throw new MirrorQueryError(`filter[${name}]`, `'${value}' is not a value of '${name}'.`);
}
