import type { SqlValue } from '@/lib/store/database';
import { fold, spellings } from '../text';
import type { FilterFact, TypeFacts } from './facts';
import { type MirrorQuery, MirrorQueryError } from './types';

/** A condition in SQL with its values. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

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
  if (facts.where) conditions.push({ sql: facts.where, params: [] });
  if (query.accountId !== undefined) conditions.push({ sql: 't."accountId" = ?', params: [query.accountId] });
  for (const [name, values] of Object.entries(query.filter ?? {})) {
    const fact = filterFact(facts, name);
    if (!fact) throw new MirrorQueryError(`filter[${name}]`, `'${name}' is not a filter of this list.`);
    if (values.length === 0) continue;
    const isNot = name.startsWith(NOT);
    const condition = filterCondition(isNot ? name.slice(NOT.length) : name, fact, values);
    // Whoever has no value at all does not have this one.
    conditions.push(isNot ? { ...condition, sql: `NOT coalesce(${condition.sql}, 0)` } : condition);
  }
  for (const [name, isThere] of Object.entries(query.exists ?? {})) {
    const column = Object.hasOwn(facts.exists ?? {}, name) ? facts.exists?.[name] : undefined;
    if (!column) throw new MirrorQueryError(`exists[${name}]`, `'${name}' cannot be asked for here.`);
    conditions.push({ sql: `t."${column}" IS ${isThere ? 'NOT ' : ''}NULL`, params: [] });
  }
  const search = searchCondition(facts, query.search);
  if (search) conditions.push(search);
  return conditions;
}

/** A substring search over the type's expressions, or undefined when nothing was typed. */
export function searchCondition(facts: TypeFacts, typed: string | undefined): Condition | undefined {
  const wanted = fold((typed ?? '').trim());
  if (wanted === '') return undefined;
  if (facts.search.length === 0) throw new MirrorQueryError('search', 'This list cannot be searched.');
  const either = spellings(wanted).flatMap((words) => facts.search.map((each) => [each, words] as const));
  return {
    sql: `(${either.map(([expression]) => `instr(${expression}, ?) > 0`).join(' OR ')})`,
    params: either.map(([, words]) => words),
  };
}

function filterCondition(name: string, fact: FilterFact, values: readonly string[]): Condition {
  if ('rowsBy' in fact) return rowsCondition(name, fact.rowsBy, values);
  const kind = 'column' in fact ? (fact.kind ?? 'text') : 'text';
  const params = values.map((value) => sqlValue(name, value, kind));
  const marks = `(${values.map(() => '?').join(', ')})`;
  if ('where' in fact) {
    const wanted = name === 'email' ? values.map((value) => value.toLowerCase()) : params;
    const parts = fact.where.split('(?)');
    return {
      sql: parts.join(marks),
      params: Array(parts.length - 1)
        .fill(wanted)
        .flat(),
    };
  }
  // The word “none” stands for rows without a value: Apple leaves out what it does not know.
  const given = params.filter((value) => value !== 'none');
  const parts: string[] = [];
  if (given.length > 0) parts.push(`t."${fact.column}" IN (${given.map(() => '?').join(', ')})`);
  if (given.length < params.length) parts.push(`t."${fact.column}" IS NULL`);
  return { sql: parts.length > 1 ? `(${parts.join(' OR ')})` : (parts[0] ?? '1'), params: given };
}

/** By the ids first, which have an index; the whole key then tells twins apart. */
function rowsCondition(name: string, app: string, values: readonly string[]): Condition {
  const ids = values.map((value) => {
    const [account, appId, ...id] = value.split('~');
    if (account && appId && id.length > 0) return id.join('~');
    throw new MirrorQueryError(`filter[${name}]`, `'${value}' is not a row: write <account>~<app>~<id>.`);
  });
  const marks = `(${values.map(() => '?').join(', ')})`;
  const row = `t."accountId" || '~' || t."${app}" || '~' || t."id"`;
  return { sql: `(t."id" IN ${marks} AND ${row} IN ${marks})`, params: [...ids, ...values] };
}

function sqlValue(name: string, value: string, kind: 'text' | 'boolean' | 'number'): SqlValue {
  if (kind === 'text' || value === 'none') return value;
  if (kind === 'number' && /^-?\d+$/.test(value)) return Number(value);
  if (kind === 'boolean' && (value === 'true' || value === 'false')) return Number(value === 'true');
  throw new MirrorQueryError(`filter[${name}]`, `'${value}' is not a value of '${name}'.`);
}

/** Joins conditions; `1` when there are none. */
export function allOf(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return { sql: '1', params: [] };
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND '),
    params: conditions.flatMap(({ params }) => params),
  };
}
