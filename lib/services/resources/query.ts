import { isResourceType } from '@/lib/asc/catalogue';
import { INCLUDED_ONLY_FIELDS } from '@/lib/asc/catalogue/included-only';
import type { TargetType } from '@/lib/asc/catalogue/types';
import { fieldsOf, type OperationAddress, queryRules } from '@/lib/asc/operations';
import { parseQuery } from '@/lib/asc/query';
import type { AscQuery } from '@/lib/asc/query-types';
import { badParameter, RefusedError } from '../errors';

/** Parameters that are Flightdeck's own and never sent to Apple. */
const OURS = ['search', 'cursor', 'offset', 'refresh'] as const;
type Own = { readonly [Name in (typeof OURS)[number]]?: string };

/** A list's parameters in parts, before anybody has judged them. */
export interface ListQuery extends Own {
  readonly filter: Readonly<Record<string, readonly string[]>>;
  readonly exists: Readonly<Record<string, boolean>>;
  readonly sort: readonly string[];
  readonly include: readonly string[];
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly limit: number;
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
  if (problems.length === 0) return query;
  throw new RefusedError(
    problems.map(({ parameter, message }) => ({
      status: 400,
      code: 'FLIGHTDECK.PARAMETER',
      title: 'A parameter is wrong',
      detail: message,
      source: { parameter },
    })),
  );
}

/** A list's parameters by form alone; which names are known is for the mirror or the catalogue to say. */
export function listQuery(parameters: URLSearchParams): ListQuery {
  const { own, apple } = splitOwn(parameters);
  const filter: Record<string, string[]> = {};
  const exists: Record<string, boolean> = {};
  const fields: Record<string, string[]> = {};
  const words: Record<string, string[]> = {};
  const seen = new Set<string>();
  for (const [parameter, text] of apple) {
    if (seen.has(parameter))
      throw badParameter(parameter, 'This parameter stands twice; join its values with commas.');
    seen.add(parameter);
    const [, kind = parameter, name] = /^(\w+)\[([^\]]+)\]$/.exec(parameter) ?? [];
    const values = text.split(',').filter((value) => value !== '');
    if (name === undefined && ['sort', 'include', 'limit'].includes(kind)) words[kind] = values;
    else if (name !== undefined && kind === 'filter') filter[name] = values;
    else if (name !== undefined && kind === 'exists') exists[name] = flag(parameter, text);
    else if (name !== undefined && kind === 'fields') fields[name] = knownFields(parameter, name, values);
    else if (name === undefined || kind !== 'limit')
      throw badParameter(parameter, 'This parameter is not offered here.');
  }
  const { sort = [], include = [] } = words;
  return { ...own, filter, exists, sort, include, fields, limit: limitOf(words.limit?.[0]) };
}

function flag(parameter: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw badParameter(parameter, 'The value is true or false.');
}

function knownFields(parameter: string, type: string, names: string[]): string[] {
  if (!isResourceType(type) && !Object.hasOwn(INCLUDED_ONLY_FIELDS, type)) {
    throw badParameter(parameter, `There are no fields of “${type.slice(0, 60)}” here.`);
  }
  const unknown = names.find((name) => !fieldsOf(type as TargetType).includes(name));
  if (unknown !== undefined) throw badParameter(parameter, `“${unknown.slice(0, 60)}” is not offered here.`);
  return names;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MOST)
    throw badParameter('limit', `The limit is a whole number from 1 to ${MOST}.`);
  return limit;
}
