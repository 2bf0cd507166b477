import { type OperationAddress, queryRules } from '@/lib/asc/operations';
import { parseQuery } from '@/lib/asc/query';
import type { AscQuery } from '@/lib/asc/query-types';
import { badParameter, badParameters } from '../errors';

/** Parameters that are Flightdeck's own and never sent to Apple. */
const OURS = ['search', 'cursor', 'offset', 'refresh', 'group', 'closed'] as const;
type Own = { readonly [Name in (typeof OURS)[number]]?: string };

/** A list's parameters in parts, before anybody has judged them. Its records have no prototype. */
export interface ListQuery extends Own {
  readonly filter: Readonly<Record<string, readonly string[]>>;
  readonly exists: Readonly<Record<string, boolean>>;
  readonly sort: readonly string[];
  readonly include: readonly string[];
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly limit: number;
  /** Whether the limit was given. */
  readonly isLimited: boolean;
  /** The most linkages per row, by relationship; not a number where none was given. */
  readonly limits: Readonly<Record<string, number>>;
  /** Parameters of Apple's with an empty value. */
  readonly empty: readonly string[];
}

const DEFAULT_LIMIT = 50;
const MOST = 1000;

/** Splits our own parameters from Apple's. @throws RefusedError (400) when one of ours stands twice */
export function splitOwn(parameters: URLSearchParams): { own: Own; apple: URLSearchParams } {
  const apple = new URLSearchParams(parameters);
  const own: Record<string, string> = {};
  for (const name of OURS) {
    const [value, ...more] = apple.getAll(name);
    if (more.length > 0) throw badParameter(name, 'This parameter stands twice.');
    if (value !== undefined && value !== '') own[name] = value;
    apple.delete(name);
  }
  return { own, apple };
}

/** Apple's parameters as the catalogue allows them. @throws RefusedError (400) naming every wrong parameter */
export function appleQuery(address: OperationAddress, apple: URLSearchParams): AscQuery {
  const { query, problems } = parseQuery(queryRules(address), apple);
  const empty = [...apple].flatMap(([parameter, text]) =>
    text.split(',').includes('') ? [{ parameter, message: 'The value is empty.' }] : [],
  );
  const all = [...problems, ...empty];
  if (all.length > 0) throw badParameters(all);
  return query;
}

const record = <Value>(): Record<string, Value> => Object.create(null) as Record<string, Value>;

/** A list's parameters by form alone; which names are known is for the mirror and the catalogue to say. */
export function listQuery(parameters: URLSearchParams): ListQuery {
  const { own, apple } = splitOwn(parameters);
  const filter = record<string[]>();
  const exists = record<boolean>();
  const fields = record<string[]>();
  const limits = record<number>();
  const words = new Map<string, string[]>();
  const seen = new Set<string>();
  const empty: string[] = [];
  for (const [parameter, text] of apple) {
    if (seen.has(parameter))
      throw badParameter(parameter, 'This parameter stands twice; join its values with commas.');
    seen.add(parameter);
    const [, kind = parameter, name] = /^(\w+)\[([^\]]+)\]$/.exec(parameter) ?? [];
    const values = text.split(',');
    if (values.includes('')) empty.push(parameter);
    if (name === undefined && ['sort', 'include', 'limit'].includes(kind)) words.set(kind, values);
    else if (name !== undefined && kind === 'filter') filter[name] = values;
    else if (name !== undefined && kind === 'exists') exists[name] = flag(parameter, text);
    else if (name !== undefined && kind === 'fields') fields[name] = values;
    else if (name !== undefined && kind === 'limit') limits[name] = wholeNumber(text);
    else throw badParameter(parameter, 'This parameter is not offered here.');
  }
  const [limit] = words.get('limit') ?? [];
  return {
    ...own,
    filter,
    exists,
    sort: named(words.get('sort')),
    include: named(words.get('include')),
    fields,
    limit: limitOf(limit),
    isLimited: limit !== undefined,
    limits,
    empty,
  };
}

const named = (values: readonly string[] = []): string[] => values.filter((value) => value !== '');

/** The relationships an address asks to be included. */
export function includesOf(parameters: URLSearchParams): string[] {
  return named(parameters.get('include')?.split(','));
}

function flag(parameter: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw badParameter(parameter, 'The value is true or false.');
}

function wholeNumber(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = wholeNumber(text);
  if (!(limit >= 1 && limit <= MOST))
    throw badParameter('limit', `The limit is a whole number from 1 to ${MOST}.`);
  return limit;
}
