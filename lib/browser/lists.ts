import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import type { Total } from '@/lib/format/numbers';
import { api } from './api';
import { isOwnList, keys, type ListType } from './keys';
import { withFields } from './listed-fields';
import type { DocumentMeta, ListDocument, OneDocument, ResourceObject } from './types';

/** One filter of a list: `param` in the address bar and of the API's `filter[param]`. */
export interface FilterFact {
  readonly param: string;
  /** The values offered; absent means free text or values known at run time. */
  readonly values?: readonly string[];
  /** One of its values always holds, shown as tabs: this one where the address says nothing. */
  readonly tab?: string;
}

/** What a list asks of the API, as data that server and browser both read. */
export interface ListSpec {
  readonly type: ListType;
  readonly filters: readonly FilterFact[];
  /** Columns the API sorts by; `-` in front reverses. */
  readonly sorts: readonly string[];
  readonly defaultSort: string;
  readonly include?: readonly string[];
  /** What its rows can stand in groups by, and by which sorts they do so unless somebody chose otherwise. */
  readonly grouping?: { readonly by: string; readonly unasked: readonly string[] };
}

/** What a person chose, from the address bar. */
export interface ListState {
  readonly q: string;
  readonly sort: string;
  /** By the filter's name: what is wanted, and under `not.` and the name what is not. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly isGrouped: boolean;
  /** The ids of closed groups; after `all`, of those that are open. */
  readonly closed: readonly string[];
}

/** In front of the ids of groups: all are closed but these. */
export const ALL_CLOSED = 'all';

/** In the address: the rows stand in no groups. */
export const UNGROUPED = 'none';

/** In front of a filter's name, in the address bar and in the API: “is not”. */
export const NOT = 'not.';

/** Filters a page sets and nobody can take off: the app, the group. */
export type ListScope = Readonly<Record<string, string>>;

/** Two tall screens: what the first answer carries, the page carries twice, as text and as data. */
export const PAGE_SIZE = 50;

/** The query string of a list, without its cursor; sorted by construction, so it serves as the cache key. */
export function listQuery(spec: ListSpec, state: ListState, scope: ListScope): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(scope)) params.append(`filter[${name}]`, value);
  for (const { param } of spec.filters) {
    for (const name of [param, NOT + param]) {
      const values = state.filters[name] ?? [];
      // A scope is a fact of the page: what one asks of the same filter would change the page's subject.
      if (values.length > 0 && !(param in scope)) params.append(`filter[${name}]`, values.join(','));
    }
  }
  if (state.q.trim()) params.append('search', state.q.trim());
  params.append('sort', state.sort || spec.defaultSort);
  if (spec.include) params.append('include', spec.include.join(','));
  if (spec.grouping && state.isGrouped) params.append('group', spec.grouping.by);
  params.append('limit', String(PAGE_SIZE));
  return params.toString();
}

/** The same for the rows that are shown: without those of closed groups, which the list holds all the same. */
export function rowsQuery(query: string, { isGrouped, closed }: ListState): string {
  return isGrouped && closed.length > 0 ? `${query}&closed=${encodeURIComponent(closed.join(','))}` : query;
}

/** The state of a list from a page's search parameters; what is not offered is left out. */
export function listState(
  spec: ListSpec,
  params: Readonly<Record<string, string | readonly string[] | undefined>>,
): ListState {
  const first = (name: string) => {
    const value = params[name];
    return typeof value === 'string' ? value : (value?.[0] ?? '');
  };
  const filters = spec.filters
    .flatMap(({ param, tab }) => [[param, tab] as const, [NOT + param, undefined] as const])
    .map(([name, tab = '']) => [name, (first(name) || tab).split(',').filter(Boolean)] as const);
  const asked = first('sort');
  const sort = spec.sorts.includes(asked.replace(/^-/, '')) ? asked : spec.defaultSort;
  const { by, unasked } = spec.grouping ?? { by: '', unasked: [] };
  const group = first('group') || (unasked.includes(sort.replace(/^-/, '')) ? by : UNGROUPED);
  return {
    ...{ q: first('q'), sort, filters: Object.fromEntries(filters) },
    ...{ isGrouped: spec.grouping !== undefined && group === by },
    closed: first('closed').split(',').filter(Boolean),
  };
}

/** Where a list is read. */
export function pathOfList(type: ListType): string {
  return isOwnList(type) ? `/api/${type}` : `/api/v1/${type}`;
}

/** A list page by page; `query` comes from `listQuery`. By default of the account that the page shows. */
export function listOptions<Row extends ResourceObject>(
  type: ListType,
  query: string,
  // The apps are what one chooses an account by.
  accountId: string | undefined = type === 'apps' ? '' : undefined,
) {
  return infiniteQueryOptions({
    queryKey: keys.list(type, accountId ? `${query} of ${accountId}` : query),
    queryFn: ({ pageParam, signal }) =>
      api<ListDocument<Row>>(
        `${pathOfList(type)}?${withFields(type, query)}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        { signal, accountId },
      ),
    initialPageParam: '',
    getNextPageParam: nextCursor,
  });
}

/** Resources by their ids, for what they are called. */
export function namesOptions(type: ResourceType, ids: readonly string[]) {
  const query = `filter[id]=${encodeURIComponent(ids.join(','))}&limit=200`;
  return queryOptions({
    queryKey: keys.list(type, `names ${query}`),
    queryFn: ({ signal }) => api<ListDocument>(`/api/v1/${type}?${query}`, { signal }),
    staleTime: 300_000,
  });
}

/** What narrows a list, of its whole query string. */
export function narrowing(query: string): URLSearchParams {
  const params = new URLSearchParams(query);
  for (const name of ['limit', 'sort', 'include', 'cursor', 'group', 'closed']) params.delete(name);
  return params;
}

/** How many rows the whole list holds, as its first page says it. */
export function totalOf(meta: DocumentMeta | undefined): Total | undefined {
  const count = meta?.total ?? meta?.paging?.total;
  return count === undefined ? undefined : { count, isLowerBound: meta?.isTotalLowerBound === true };
}

/** The cursor of the page after, or undefined at the end. */
export function nextCursor(page: ListDocument<unknown>): string | undefined {
  return page.meta?.paging?.nextCursor ?? undefined;
}

/** One resource; `query` may hold include and fields. */
export function oneOptions<Row extends ResourceObject>(type: ResourceType, id: string, query = '') {
  return queryOptions({
    queryKey: keys.one(type, id, query),
    queryFn: ({ signal }) =>
      api<OneDocument<Row>>(`/api/v1/${type}/${encodeURIComponent(id)}${query && `?${query}`}`, { signal }),
  });
}
