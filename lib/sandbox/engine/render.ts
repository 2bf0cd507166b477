import type { Facts, RelationshipFact } from '../checks/facts';
import type { Query } from '../checks/query-check';
import type { Resource } from './resource';
import type { Store } from './store';

/** How much of related lists an `include` inlines when the request does not say. */
const DEFAULT_INCLUDED = 10;

/** Rows from which generating them is not worth a single included one. */
const DEAR = 5_000;

export interface View {
  query: Query;
  /** Facts of one app are filled in only when the request names that app. */
  scoped: boolean;
  /** Which related resources the caller may see; absent for all. */
  sees?: (resource: Resource) => boolean;
}

/** Attributes that are computed when somebody looks, by resource type. */
export type Presenters = Readonly<
  Record<string, (resource: Resource, view: View | null) => Record<string, unknown>>
>;

interface Identifier {
  type: string;
  id: string;
}

export interface Page {
  rows: readonly Resource[];
  total: number;
  limit: number;
  nextCursor: string | null;
}

type Json = Record<string, unknown>;

/** Writes JSON:API documents as App Store Connect does. */
export class Renderer {
  readonly #store: Store;
  readonly #facts: Facts;
  readonly #baseUrl: () => string;
  readonly #presenters: Presenters;

  constructor(store: Store, facts: Facts, baseUrl: () => string, presenters: Presenters) {
    this.#store = store;
    this.#facts = facts;
    this.#baseUrl = baseUrl;
    this.#presenters = presenters;
  }

  /** One resource with its included ones. */
  single(resource: Resource, view: View, self: string): Json {
    const included = new Map<string, Json>();
    const data = this.#primary(resource, view, included);
    return { data, ...this.#listed(included), links: { self } };
  }

  /** One resource without relationships' data, as an entry of `included`. */
  plain(resource: Resource): Json {
    return this.#resource(resource, null, () => null);
  }

  /** A page of resources with paging links. */
  list(page: Page, view: View, url: URL): Json {
    const included = new Map<string, Json>();
    const data = page.rows.map((row) => this.#primary(row, view, included));
    return { data, ...this.#listed(included), ...this.paging(page, url) };
  }

  /** A page of bare identifiers. */
  linkages(page: Page, url: URL): Json {
    return { data: page.rows.map(({ type, id }) => ({ type, id })), ...this.paging(page, url) };
  }

  paging(page: Pick<Page, 'total' | 'limit' | 'nextCursor'>, url: URL): Json {
    const self = this.absolute(url);
    const links: Json = { self };
    const paging: Json = { total: page.total, limit: page.limit };
    if (page.nextCursor !== null) {
      const next = new URL(self);
      next.searchParams.set('cursor', page.nextCursor);
      next.searchParams.set('limit', String(page.limit));
      const first = new URL(self);
      first.searchParams.delete('cursor');
      links.first = first.href;
      links.next = next.href;
      paging.nextCursor = page.nextCursor;
    }
    return { links, meta: { paging } };
  }

  /** The address as asked, with brackets escaped: clients may send them bare, a link may not carry them so. */
  absolute(url: URL): string {
    const search = url.search.replaceAll('[', '%5B').replaceAll(']', '%5D');
    return `${this.#baseUrl()}${url.pathname}${search}`;
  }

  #listed(included: ReadonlyMap<string, Json>): Json {
    return included.size > 0 ? { included: [...included.values()] } : {};
  }

  #primary(resource: Resource, view: View, included: Map<string, Json>): Json {
    return this.#resource(resource, view, (relationship) => {
      if (!view.query.include.includes(relationship.name)) return null;
      return this.#inline(resource, relationship, view, included);
    });
  }

  #resource(
    resource: Resource,
    view: View | null,
    inline: (relationship: RelationshipFact) => Json | null,
  ): Json {
    const { type, id } = resource;
    const facts = this.#facts.get(type);
    const wanted = view?.query.fields.get(type);
    const out: Json = { type, id };
    if (facts && facts.attributes.length > 0) {
      const present = this.#presenters[type];
      const values = present ? present(resource, view) : resource.attributes;
      const attributes: Json = {};
      for (const name of facts.attributes)
        if (!wanted || wanted.has(name)) attributes[name] = values[name] ?? null;
      out.attributes = attributes;
    }
    const self = `${this.#baseUrl()}/v1/${type}/${encodeURIComponent(id)}`;
    const relationships: Json = {};
    let any = false;
    for (const relationship of facts?.relationships ?? []) {
      const data = inline(relationship);
      if (wanted && !wanted.has(relationship.name)) continue;
      const links = this.#links(self, relationship);
      if (!data && !links) continue;
      relationships[relationship.name] = { ...data, ...(links ? { links } : {}) };
      any = true;
    }
    if (any) out.relationships = relationships;
    out.links = { self };
    return out;
  }

  #links(self: string, { name, self: hasSelf, related }: RelationshipFact): Json | null {
    if (!hasSelf && !related) return null;
    return {
      ...(hasSelf ? { self: `${self}/relationships/${name}` } : {}),
      ...(related ? { related: `${self}/${name}` } : {}),
    };
  }

  #inline(resource: Resource, relationship: RelationshipFact, view: View, included: Map<string, Json>): Json {
    const { name, many, target } = relationship;
    if (!many) {
      const one = this.#store.relatedOne(resource, name);
      if (!one || view.sees?.(one) === false) return { data: null };
      this.#include(one, view, included);
      return { data: { type: one.type, id: one.id } };
    }
    const limit = view.query.limits.get(name) ?? DEFAULT_INCLUDED;
    const total = view.sees
      ? this.#store.related(resource, name).filter(view.sees).length
      : this.#store.relatedCount(resource, name);
    const data: Identifier[] = [];
    // Whoever asks for one row wants the total: a whole large app is not generated for that.
    const isTooDear = limit === 1 && this.#store.costOf(resource, name) >= DEAR;
    if (target !== null && total > 0 && !isTooDear)
      for (const id of this.#store.relatedIds(resource, name)) {
        if (data.length >= limit) break;
        const one = this.#store.get(this.#store.targetOf(resource.type, name) ?? target, id, resource.appId);
        if (!one || view.sees?.(one) === false) continue;
        this.#include(one, view, included);
        data.push({ type: one.type, id: one.id });
      }
    return { meta: { paging: { total, limit } }, data };
  }

  #include(resource: Resource, view: View, included: Map<string, Json>): void {
    const key = `${resource.type}/${resource.id}`;
    if (!included.has(key))
      included.set(
        key,
        this.#resource(resource, view, () => null),
      );
  }
}
