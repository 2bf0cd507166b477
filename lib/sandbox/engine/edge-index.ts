import type { Relation } from './relations';

const NONE: ReadonlySet<string> = new Set();

/** The far side of every relation: owners by target, in the order in which they were linked. */
export class EdgeIndex {
  readonly #byRelation = new Map<Relation, Map<string, Set<string>>>();

  owners(relation: Relation, targetId: string): ReadonlySet<string> {
    return this.#byRelation.get(relation)?.get(targetId) ?? NONE;
  }

  add(relation: Relation, targetId: string, ownerId: string): void {
    const byTarget = this.#byRelation.get(relation) ?? new Map<string, Set<string>>();
    this.#byRelation.set(relation, byTarget);
    const owners = byTarget.get(targetId);
    if (owners) owners.add(ownerId);
    else byTarget.set(targetId, new Set([ownerId]));
  }

  remove(relation: Relation, targetId: string, ownerId: string): void {
    this.#byRelation.get(relation)?.get(targetId)?.delete(ownerId);
  }
}
