import type { Seed } from '../programme/types';
import { EdgeIndex } from './edge-index';
import { type Relation, relationsAimedAt, relationsOwnedBy, sideOf } from './relations';
import type { Change, Linkage, Resource } from './resource';

/** Where resources come from that are generated only when somebody looks. */
export interface LazySource {
  /** Brings in all resources of a type, or those of one app. */
  need(type: string, appId: string | null): void;
  /** Brings in what may hold this id, the named app first. */
  find(type: string, id: string, nearAppId: string | null): void;
  /** The number of related resources without bringing them in; null when they are in already. */
  pendingCount(resource: Resource, relationship: string): number | null;
  /** How many resources reading a relationship would bring in. */
  cost(resource: Resource, relationship: string): number;
}

const EMPTY: ReadonlySet<string> = new Set();

/** Every resource of the team, by type, with an index for the far side of each relationship. */
export class Store {
  readonly #types = new Map<string, Map<string, Resource>>();
  readonly #edges = new EdgeIndex();
  #changes = 0;
  #lazy: LazySource | null = null;
  #onChange: ((change: Change) => void) | null = null;

  attach(lazy: LazySource): void {
    this.#lazy = lazy;
  }

  /** Calls back after each change made by a request or by time; loading does not report. */
  onChange(listener: (change: Change) => void): void {
    this.#onChange = listener;
  }

  /** Grows with every change, so that a remembered list knows when it is old. */
  get changes(): number {
    return this.#changes;
  }

  /** Takes in resources of the programme; seeds may name a relationship from either end. */
  load(seeds: readonly Seed[], appId: string | null): void {
    const flips: { ownerType: string; ownerId: string; relation: Relation; id: string }[] = [];
    for (const seed of seeds) {
      const relationships: Record<string, Linkage> = {};
      for (const [name, value] of Object.entries(seed.relationships)) {
        const side = sideOf(seed.type, name) ?? sideOf(seed.type, `${name}s`);
        if (!side) throw new Error(`the programme names ${seed.type}.${name}, which is no relation`);
        const ids = value === null ? [] : typeof value === 'string' ? [value] : [...value];
        if (side.side === 'owner')
          relationships[side.relation.name] = side.relation.many ? ids : (ids[0] ?? null);
        else
          for (const ownerId of ids)
            flips.push({ ownerType: side.relation.owner, ownerId, relation: side.relation, id: seed.id });
      }
      const home = seed.type === 'apps' ? seed.id : appId;
      this.#insert({ type: seed.type, id: seed.id, appId: home, attributes: seed.attributes, relationships });
    }
    for (const flip of flips) {
      const owner = this.peek(flip.ownerType, flip.ownerId);
      if (owner) this.#addLink(owner, flip.relation, flip.id);
    }
  }

  /** Replaces or adds a resource exactly as given, in its old place, without reporting it. */
  restore(resource: Resource): void {
    const before = this.peek(resource.type, resource.id);
    if (before) this.#eachOwned(before, (relation, id) => this.#edges.remove(relation, id, before.id));
    this.#insert(resource);
  }

  /** Takes one resource out without reporting it. */
  forget(type: string, id: string): void {
    const resource = this.peek(type, id);
    if (resource) this.#detach(resource);
  }

  insert(resource: Resource): Resource {
    if (resource.appId !== null) this.#lazy?.need(resource.type, resource.appId);
    this.#insert(resource);
    this.#onChange?.({ op: 'put', resource });
    return resource;
  }

  update(resource: Resource, attributes: Record<string, unknown>): void {
    resource.attributes = { ...resource.attributes, ...attributes };
    this.#touch();
    this.#onChange?.({ op: 'put', resource });
  }

  remove(resource: Resource): void {
    for (const relation of relationsAimedAt(resource.type)) {
      if (!relation.inverse) continue;
      if (relation.owner === 'betaTesters') this.#lazy?.need('betaTesters', resource.appId);
      for (const ownerId of [...this.#edges.owners(relation, resource.id)]) {
        const owner = this.peek(relation.owner, ownerId);
        if (!owner) continue;
        if (relation.part) this.remove(owner);
        else this.#unlink(owner, relation, resource.id);
      }
    }
    if (!this.peek(resource.type, resource.id)) return;
    this.#detach(resource);
    this.#onChange?.({ op: 'delete', type: resource.type, id: resource.id, appId: resource.appId });
  }

  /** Adds ids to a to-many relationship named from either end, or sets a to-one. */
  link(resource: Resource, name: string, ids: readonly string[]): void {
    this.#eachEdge(resource, name, ids, (owner, relation, id) => {
      if (relation.many) this.#addLink(owner, relation, id);
      else this.#setOne(owner, relation, id);
    });
  }

  /** Takes ids out of a relationship named from either end. */
  unlink(resource: Resource, name: string, ids: readonly string[]): void {
    this.#eachEdge(resource, name, ids, (owner, relation, id) => this.#unlink(owner, relation, id));
  }

  /** Finds a resource; naming the app it is likely to be of spares generating others. */
  get(type: string, id: string, nearAppId: string | null = null): Resource | undefined {
    const found = this.peek(type, id);
    if (found) return found;
    this.#lazy?.find(type, id, nearAppId);
    return this.peek(type, id);
  }

  /** What is in already, without generating anything. */
  peek(type: string, id: string): Resource | undefined {
    return this.#types.get(type)?.get(id);
  }

  all(type: string): ReadonlyMap<string, Resource> {
    this.#lazy?.need(type, null);
    return this.#types.get(type) ?? new Map();
  }

  /** Types of which there is anything. */
  types(): string[] {
    return [...this.#types.keys()];
  }

  /** Resources of a type that are in already, without generating more. */
  inStock(type: string): Iterable<Resource> & { readonly length: number } {
    return [...(this.#types.get(type)?.values() ?? [])];
  }

  /** Ids at the other end of a relationship, in the order in which they were linked. */
  relatedIds(resource: Resource, name: string): Iterable<string> & { readonly size?: number } {
    const side = sideOf(resource.type, name);
    if (!side) return EMPTY;
    if (side.side === 'owner') {
      const value = resource.relationships[name] ?? null;
      return value === null ? EMPTY : typeof value === 'string' ? [value] : value;
    }
    this.#lazy?.need(side.relation.owner, resource.appId);
    return this.#edges.owners(side.relation, resource.id);
  }

  relatedCount(resource: Resource, name: string): number {
    const pending = this.#lazy?.pendingCount(resource, name) ?? null;
    if (pending !== null) return pending;
    const ids = this.relatedIds(resource, name);
    return Array.isArray(ids) ? ids.length : ids instanceof Set ? ids.size : [...ids].length;
  }

  /** How many resources would have to be generated to walk a relationship. */
  costOf(resource: Resource, name: string): number {
    return this.#lazy?.cost(resource, name) ?? 0;
  }

  /** The id at the other end of a to-one relationship. */
  relatedId(resource: Resource, name: string): string | null {
    for (const id of this.relatedIds(resource, name)) return id;
    return null;
  }

  relatedOne(resource: Resource, name: string): Resource | undefined {
    const id = this.relatedId(resource, name);
    const target = this.targetOf(resource.type, name);
    return id === null || target === null ? undefined : this.get(target, id, resource.appId);
  }

  related(resource: Resource, name: string): Resource[] {
    const target = this.targetOf(resource.type, name);
    if (target === null) return [];
    const found: Resource[] = [];
    for (const id of this.relatedIds(resource, name)) {
      const one = this.get(target, id, resource.appId);
      if (one) found.push(one);
    }
    return found;
  }

  /** Whether an edge exists, without walking the list where the index knows. */
  isRelated(resource: Resource, name: string, id: string): boolean {
    const ids = this.relatedIds(resource, name);
    return Array.isArray(ids) ? ids.includes(id) : ids instanceof Set && ids.has(id);
  }

  /** What the other end calls this relationship; null when it has no name there. */
  inverseName(type: string, name: string): string | null {
    const side = sideOf(type, name);
    if (!side) return null;
    return side.side === 'owner' ? side.relation.inverse : side.relation.name;
  }

  targetOf(type: string, name: string): string | null {
    const side = sideOf(type, name);
    if (!side) return null;
    return side.side === 'owner' ? side.relation.target : side.relation.owner;
  }

  #touch(): void {
    this.#changes += 1;
  }

  #insert(resource: Resource): void {
    const resources = this.#types.get(resource.type) ?? new Map<string, Resource>();
    this.#types.set(resource.type, resources);
    resources.set(resource.id, resource);
    this.#touch();
    this.#eachOwned(resource, (relation, id) => this.#edges.add(relation, id, resource.id));
  }

  #detach(resource: Resource): void {
    this.#eachOwned(resource, (relation, id) => this.#edges.remove(relation, id, resource.id));
    this.#types.get(resource.type)?.delete(resource.id);
    this.#touch();
  }

  #eachOwned(resource: Resource, visit: (relation: Relation, id: string) => void): void {
    for (const relation of relationsOwnedBy(resource.type)) {
      const value = resource.relationships[relation.name];
      if (value === undefined || value === null) continue;
      if (typeof value === 'string') visit(relation, value);
      else for (const id of value) visit(relation, id);
    }
  }

  #eachEdge(
    resource: Resource,
    name: string,
    ids: readonly string[],
    visit: (owner: Resource, relation: Relation, id: string) => void,
  ): void {
    const side = sideOf(resource.type, name);
    if (!side) throw new Error(`no relation ${resource.type}.${name}`);
    for (const id of ids) {
      if (side.side === 'owner') visit(resource, side.relation, id);
      else {
        const owner = this.get(side.relation.owner, id, resource.appId);
        if (owner) visit(owner, side.relation, resource.id);
      }
    }
    this.#touch();
  }

  #addLink(owner: Resource, relation: Relation, id: string): void {
    const value = owner.relationships[relation.name];
    const ids = Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
    if (ids.includes(id)) return;
    owner.relationships = { ...owner.relationships, [relation.name]: relation.many ? [...ids, id] : id };
    this.#edges.add(relation, id, owner.id);
    this.#changed(owner);
  }

  #setOne(owner: Resource, relation: Relation, id: string): void {
    const before = owner.relationships[relation.name];
    if (typeof before === 'string') this.#edges.remove(relation, before, owner.id);
    owner.relationships = { ...owner.relationships, [relation.name]: id };
    this.#edges.add(relation, id, owner.id);
    this.#changed(owner);
  }

  #unlink(owner: Resource, relation: Relation, id: string): void {
    const value = owner.relationships[relation.name];
    const rest = Array.isArray(value) ? value.filter((one) => one !== id) : null;
    owner.relationships = { ...owner.relationships, [relation.name]: rest };
    this.#edges.remove(relation, id, owner.id);
    this.#changed(owner);
  }

  #changed(owner: Resource): void {
    this.#touch();
    this.#onChange?.({ op: 'put', resource: owner });
  }
}
