import { answerOf } from '../checks/facts';
import type { Query } from '../checks/query-check';
import { notFound, parameterError, pathError, Refusal } from '../checks/refusal';
import type { Operation, Route, SpecDocument } from '../checks/spec';
import type { Caller } from '../http/token';
import type { Cursors } from './cursor';
import type { Page, Renderer, View } from './render';
import type { Resource } from './resource';
import { clausesOf, type Selector } from './select';
import type { Store } from './store';

const DEFAULT_PAGE = 50;
const KEPT_LISTS = 64;
const TESTER_SCOPES = ['apps', 'betaGroups', 'builds'];

export interface ReadRequest {
  route: Route;
  operation: Operation;
  query: Query;
  url: URL;
  caller: Caller;
}

type Json = Record<string, unknown>;

/** Lists, single resources, related resources and linkages: every read that is not a metric or a log. */
export class Reads {
  readonly #spec: SpecDocument;
  readonly #store: Store;
  readonly #selector: Selector;
  readonly #renderer: Renderer;
  readonly #cursors: Cursors;
  readonly #lists = new Map<string, { version: number; rows: readonly Resource[] }>();

  constructor(spec: SpecDocument, store: Store, selector: Selector, renderer: Renderer, cursors: Cursors) {
    this.#spec = spec;
    this.#store = store;
    this.#selector = selector;
    this.#renderer = renderer;
    this.#cursors = cursors;
  }

  answer(request: ReadRequest): Json {
    const { route, caller } = request;
    if (route.id === null) return this.#collection(request);
    const parent = this.visible(route.type, route.id, caller);
    if (route.name === null) return this.#renderer.single(parent, viewOf(request), this.#self(request));
    return this.#relationship(request, parent, route.name);
  }

  /** A resource the caller may see; 404 otherwise, as Apple does for both reasons. */
  visible(type: string, id: string, caller: Caller): Resource {
    const resource = this.#store.get(type, id);
    if (!resource || !isVisible(resource, caller)) throw notFound(type, id);
    return resource;
  }

  document(resource: Resource, url: URL): Json {
    return this.#renderer.single(
      resource,
      { query: EMPTY_QUERY, scoped: false },
      this.#renderer.absolute(url),
    );
  }

  /** Cuts one page out of rows that are in order. */
  page<T>(
    rows: readonly T[],
    request: Pick<ReadRequest, 'query' | 'url'>,
  ): { rows: T[] } & Omit<Page, 'rows'> {
    const limit = request.query.limit ?? DEFAULT_PAGE;
    const key = listKey(request.url);
    const { cursor } = request.query;
    const offset = cursor === null ? 0 : this.#cursors.decode(key, cursor);
    if (offset === null)
      throw new Refusal([
        parameterError('INVALID', 'cursor', `'${cursor}' is not a valid cursor for this request`),
      ]);
    const end = offset + limit;
    return {
      rows: rows.slice(offset, end),
      total: rows.length,
      limit,
      nextCursor: end < rows.length ? this.#cursors.encode(key, end) : null,
    };
  }

  #collection(request: ReadRequest): Json {
    const { route, query } = request;
    if (route.type === 'betaTesters') checkTesterFilters(query);
    const rows = this.#rows(request, () => this.#selector.select(route.type, query, null));
    const scoped = route.type === 'betaTesters' && query.values.has('filter[apps]');
    return this.#renderer.list(this.page(rows, request), viewOf(request, scoped), request.url);
  }

  #relationship(request: ReadRequest, parent: Resource, name: string): Json {
    const answer = answerOf(this.#spec, request.operation.responses['200'] ?? '');
    if (!answer) throw pathError(request.url.pathname);
    if (answer.many) {
      const rows = this.#rows(request, () =>
        this.#selector.select(answer.type, request.query, this.#store.related(parent, name)),
      );
      const page = this.page(rows, request);
      return request.route.section === 'relationships'
        ? this.#renderer.linkages(page, request.url)
        : this.#renderer.list(page, viewOf(request), request.url);
    }
    const one = this.#store.relatedOne(parent, name);
    if (!one || !isVisible(one, request.caller)) throw notFound(answer.type, `${parent.id}/${name}`);
    return request.route.section === 'relationships'
      ? { data: { type: one.type, id: one.id }, links: { self: this.#self(request) } }
      : this.#renderer.single(one, viewOf(request), this.#self(request));
  }

  #self({ url }: ReadRequest): string {
    return this.#renderer.absolute(url);
  }

  /** Remembers a filtered list as long as nothing changes, so that its pages cost no new scan. */
  #rows(request: ReadRequest, compute: () => readonly Resource[]): readonly Resource[] {
    const { visibleApps, keyId } = request.caller.key;
    const key = `${visibleApps === null ? '' : keyId} ${listKey(request.url)}`;
    const known = this.#lists.get(key);
    if (known && known.version === this.#store.changes) return known.rows;
    const all = compute();
    const rows = visibleApps === null ? all : all.filter((resource) => isVisible(resource, request.caller));
    if (this.#lists.size >= KEPT_LISTS) this.#lists.delete(this.#lists.keys().next().value ?? '');
    this.#lists.set(key, { version: this.#store.changes, rows });
    return rows;
  }
}

const EMPTY_QUERY: Query = {
  values: new Map(),
  include: [],
  fields: new Map(),
  limit: null,
  limits: new Map(),
  cursor: null,
};

function viewOf({ query, caller }: Pick<ReadRequest, 'query' | 'caller'>, scoped = false): View {
  const isLimited = caller.key.visibleApps !== null;
  return { query, scoped, ...(isLimited ? { sees: (resource) => isVisible(resource, caller) } : {}) };
}

function isVisible(resource: Resource, { key }: Caller): boolean {
  return key.visibleApps === null || resource.appId === null || key.visibleApps.includes(resource.appId);
}

/** What makes two requests pages of one list: path, filters and order. */
function listKey(url: URL): string {
  const parts = [...url.searchParams].filter(([name]) =>
    /^(filter|exists)\[|^(sort|period|groupBy)$/.test(name),
  );
  return `${url.pathname}?${parts
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')}`;
}

function checkTesterFilters(query: Query): void {
  const scopes = clausesOf(query).filter((clause) => TESTER_SCOPES.includes(clause.name));
  const [, second] = scopes;
  if (second)
    throw new Refusal([
      parameterError(
        'ILLEGAL',
        `filter[${second.name}]`,
        'Only one relationship filter can be used with betaTesters',
      ),
    ]);
}
