import type { Body, BodyResource, Identifier } from '../checks/body-check';
import { notFound, relationshipRefusal } from '../checks/refusal';
import { linkRules, typeRules } from '../rules/registry';
import { sideOf } from './relations';
import type { Resource } from './resource';
import type { Store } from './store';
import { type Draft, type Edge, insertNew, type World } from './world';

const LOCAL_ID = /^\$\{.+\}$/;

function asList(data: Identifier | Identifier[] | null | undefined): Identifier[] {
  if (data === null || data === undefined) return [];
  return Array.isArray(data) ? data : [data];
}

/** Creates, changes, deletes and links resources under the rules of their type. */
export class Writes {
  readonly #world: World;
  readonly #store: Store;

  constructor(world: World) {
    this.#world = world;
    this.#store = world.store;
  }

  create(body: Body, sees: (resource: Resource) => boolean): Resource {
    const given = body.data as BodyResource;
    const draft = this.#draft(given, sees, body.included ?? []);
    const rules = typeRules[draft.type];
    const made = rules?.create?.(this.#world, draft) ?? this.#insert(draft);
    rules?.created?.(this.#world, made);
    return made;
  }

  update(resource: Resource, body: Body, sees: (resource: Resource) => boolean): Resource {
    const draft = this.#draft(body.data as BodyResource, sees);
    const rules = typeRules[resource.type];
    const before = resource.attributes;
    const changes = rules?.update?.(this.#world, resource, draft.attributes, draft) ?? draft.attributes;
    this.#store.update(resource, changes);
    for (const [name, ids] of Object.entries(draft.relationships)) this.#store.link(resource, name, ids);
    rules?.updated?.(this.#world, resource, before);
    return resource;
  }

  remove(resource: Resource): void {
    if (!typeRules[resource.type]?.remove?.(this.#world, resource)) this.#store.remove(resource);
  }

  /** Adds, removes or replaces linkages; the rules see edges from the owning end, whichever end was named. */
  link(
    resource: Resource,
    name: string,
    how: 'add' | 'remove' | 'replace',
    body: Body,
    sees: (resource: Resource) => boolean,
  ): void {
    const side = sideOf(resource.type, name);
    if (!side) throw notFound(resource.type, `${resource.id}/${name}`);
    const rules = linkRules[`${side.relation.owner}.${side.relation.name}`];
    const ids = asList(body.data as Identifier[]).map((one) => one.id);
    const edges: Edge[] = ids.map((id) => {
      const other = this.#linked(resource, name, id, sees);
      return side.side === 'owner' ? { owner: resource, target: other } : { owner: other, target: resource };
    });
    if (how === 'remove') {
      if (!rules?.remove?.(this.#world, edges)) this.#store.unlink(resource, name, ids);
      return;
    }
    rules?.add?.(this.#world, edges);
    this.#store.link(resource, name, ids);
    rules?.added?.(this.#world, edges);
  }

  #linked(
    { type, appId }: Resource,
    name: string,
    id: string,
    sees: (resource: Resource) => boolean,
  ): Resource {
    const target = this.#store.targetOf(type, name);
    const found = target === null ? undefined : this.#store.get(target, id, appId);
    if (!found || !sees(found))
      throw relationshipRefusal(
        name,
        'INVALID',
        `There is no resource of type '${target ?? name}' with id '${id}'`,
      );
    return found;
  }

  #draft(
    given: BodyResource,
    sees: (resource: Resource) => boolean,
    included: readonly BodyResource[] = [],
  ): Draft {
    const relationships: Record<string, readonly string[]> = {};
    const app = given.relationships?.app?.data;
    const near = app && !Array.isArray(app) ? app.id : null;
    for (const [name, { data }] of Object.entries(given.relationships ?? {})) {
      const list = asList(data);
      for (const { type, id } of list) {
        if (LOCAL_ID.test(id)) continue;
        const found = this.#store.get(type, id, near);
        if (!found || !sees(found))
          throw relationshipRefusal(
            name,
            'INVALID',
            `There is no resource of type '${type}' with id '${id}'`,
          );
      }
      relationships[name] = list.map((one) => one.id);
    }
    const inline = included.map(({ id, type, attributes }) => ({
      localId: id ?? '',
      type,
      attributes: attributes ?? {},
    }));
    return { type: given.type, attributes: given.attributes ?? {}, relationships, included: inline };
  }

  #insert(draft: Draft): Resource {
    const appId = appOf(this.#store, draft);
    const made = insertNew(this.#world, draft.type, appId, draft.attributes, {});
    for (const [name, ids] of Object.entries(draft.relationships))
      if (sideOf(draft.type, name)) this.#store.link(made, name, ids);
    return made;
  }
}

/** The app a draft will belong to: named directly, or through whatever it is attached to. */
function appOf(store: Store, draft: Draft): string | null {
  const named = draft.relationships.app?.[0] ?? draft.relationships.apps?.[0];
  if (named !== undefined) return named;
  for (const [name, ids] of Object.entries(draft.relationships)) {
    const target = store.targetOf(draft.type, name);
    const parent = target !== null && ids[0] !== undefined ? store.get(target, ids[0]) : undefined;
    if (parent) return parent.appId;
  }
  return null;
}
