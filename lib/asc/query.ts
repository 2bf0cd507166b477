import type { AscQuery, FilterValue, QueryRules } from './query-types';

/** One thing wrong with a query; `parameter` is Apple's spelling, such as `filter[app]`. */
export interface QueryProblem {
  readonly parameter: string;
  readonly message: string;
}

/**
 * The query as Apple reads it: each parameter once, lists joined by commas, in a stable order.
 * @see https://developer.apple.com/documentation/appstoreconnectapi
 */
export function buildQuery(query: AscQuery): string {
  return parametersOf(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

/** The parameters a query becomes; empty lists and undefined parts are left out. */
export function parametersOf(query: AscQuery): [name: string, value: string][] {
  const parameters: [string, string][] = [];
  const add = (name: string, value: FilterValue | undefined) => {
    if (value === undefined) return;
    const text = Array.isArray(value) ? value.join(',') : String(value);
    if (text !== '') parameters.push([name, text]);
  };
  for (const [name, value] of Object.entries(query.filter ?? {})) add(`filter[${name}]`, value);
  for (const [name, value] of Object.entries(query.exists ?? {})) add(`exists[${name}]`, value);
  add('sort', query.sort);
  add('include', query.include);
  for (const [name, value] of Object.entries(query.fields ?? {})) add(`fields[${name}]`, value);
  for (const [name, value] of Object.entries(query.limit ?? {})) {
    add(name === 'page' ? 'limit' : `limit[${name}]`, value);
  }
  add('period', query.period);
  add('groupBy', query.groupBy);
  return parameters;
}

/** The query in parts from a URL's parameters; repeated or unknown ones are reported, not guessed. */
export function parseQuery(
  rules: QueryRules,
  parameters: URLSearchParams,
): { query: AscQuery; problems: QueryProblem[] } {
  const problems: QueryProblem[] = [];
  // Without a prototype, so that a parameter named after one of its members is an unknown name like any other.
  const parts: Record<string, Record<string, unknown>> = Object.create(null);
  for (const kind of ['filter', 'exists', 'fields', 'limit']) parts[kind] = Object.create(null);
  const query: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const [parameter, text] of parameters) {
    if (seen.has(parameter)) {
      problems.push({ parameter, message: 'This parameter stands twice; join its values with commas.' });
      continue;
    }
    seen.add(parameter);
    const [, kind = parameter, name] = /^(\w+)\[([^\]]*)\]$/.exec(parameter) ?? [];
    const part = name === undefined ? undefined : parts[kind];
    if (part && name !== undefined) part[name] = parsedValue(kind, text);
    else if (parameter === 'limit' && parts.limit) parts.limit.page = Number(text);
    else if (parameter === 'period') query.period = text;
    else if (['sort', 'include', 'groupBy'].includes(parameter)) query[parameter] = text.split(',');
    else problems.push({ parameter, message: 'This parameter is not offered here.' });
  }
  for (const [kind, part] of Object.entries(parts)) if (Object.keys(part).length > 0) query[kind] = part;
  return { query, problems: [...problems, ...checkQuery(rules, query)] };
}

function parsedValue(kind: string, text: string): unknown {
  if (kind === 'limit') return Number(text);
  if (kind === 'exists') return text === 'true' ? true : text === 'false' ? false : text;
  return text.split(',');
}

/** What is wrong with a query by the catalogue's rules; an empty list means it may be sent. */
export function checkQuery(rules: QueryRules, query: AscQuery): QueryProblem[] {
  const problems: QueryProblem[] = [];
  const report = (parameter: string, message: string) => problems.push({ parameter, message });
  const known = (parameter: string, names: readonly string[], given: readonly string[] | undefined) => {
    for (const name of given ?? []) {
      if (!names.includes(name)) report(parameter, `“${name}” is not offered here.`);
    }
  };
  for (const name of Object.keys(query.filter ?? {})) {
    if (!Object.hasOwn(rules.filter, name)) report(`filter[${name}]`, `There is no filter “${name}” here.`);
  }
  for (const name of rules.required) {
    const value = query.filter?.[name];
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) {
      report(`filter[${name}]`, 'This filter is required.');
    }
  }
  for (const [name, value] of Object.entries(query.exists ?? {})) {
    if (!rules.exists.includes(name)) report(`exists[${name}]`, `“${name}” is not offered here.`);
    else if (typeof value !== 'boolean') report(`exists[${name}]`, 'The value is true or false.');
  }
  known('sort', rules.sort, query.sort);
  known('include', rules.include, query.include);
  known('groupBy', rules.groupBy, query.groupBy);
  if (query.period !== undefined) known('period', rules.period, [query.period]);
  for (const [type, names] of Object.entries(query.fields ?? {})) {
    const offered = Object.hasOwn(rules.fields, type) ? rules.fields[type] : undefined;
    if (offered === undefined) report(`fields[${type}]`, `There are no fields of “${type}” here.`);
    else known(`fields[${type}]`, offered, names);
  }
  for (const [name, value] of Object.entries(query.limit ?? {})) {
    const parameter = name === 'page' ? 'limit' : `limit[${name}]`;
    const most = Object.hasOwn(rules.limit, name) ? rules.limit[name] : undefined;
    if (most === undefined) report(parameter, 'This limit is not offered here.');
    else if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= most)) {
      report(parameter, `The limit is a whole number from 1 to ${most}.`);
    }
  }
  return problems;
}
