import { isRecord, type Relationship, type ResourceLike, relationshipOf, totalOf } from './resource';

/**
 * The relationships a request asked to be inlined: to-many with the most rows wanted, to-one with null. Only those that may
 * rightly be empty belong here.
 */
export type Inlined = Readonly<Record<string, number | null>>;

/**
 * Resources whose inlined relationships say what the request knows of them: without a total only the number asked for
 * tells whether a list was cut short. A list that is not told stays untold, unless its total says that it is empty; what
 * a to-one relationship does not tell is empty, since only a single resource is asked for it.
 */
export function withInlined<R extends ResourceLike>(resources: readonly R[], inlined: Inlined): R[] {
  const names = Object.keys(inlined);
  if (names.length === 0) return [...resources];
  return resources.map((resource) => {
    const known = isRecord(resource.relationships) ? resource.relationships : {};
    const told = names.flatMap((name) => {
      const limit = inlined[name];
      const relationship = relationshipOf(resource, name);
      if (relationship === undefined || limit === undefined) return [];
      const clear =
        limit === null ? toOne(relationship) : toMany(relationship, limit, totalOf(resource, name));
      return clear ? [[name, clear] as const] : [];
    });
    return told.length === 0
      ? resource
      : { ...resource, relationships: { ...known, ...Object.fromEntries(told) } };
  });
}

function toOne(relationship: Relationship): Relationship | undefined {
  return relationship.data === undefined ? { ...relationship, data: null } : undefined;
}

function toMany(
  relationship: Relationship,
  limit: number,
  total: number | undefined,
): Relationship | undefined {
  if (total !== undefined) {
    return total === 0 && relationship.data === undefined ? { ...relationship, data: [] } : undefined;
  }
  if (relationship.data === undefined) return undefined;
  // A server may inline fewer than it was asked for, and then says how many.
  const told = relationship.meta?.paging?.limit;
  const least = typeof told === 'number' && told > 0 ? Math.min(told, limit) : limit;
  return { ...relationship, meta: { paging: { limit: least } } };
}

/** A resource of which a to-many relationship was asked for its total only: the rows it names are no list. */
export function withTotalOnly<R extends ResourceLike>(resource: R, name: string): R {
  const told = relationshipOf(resource, name);
  if (told === undefined) return resource;
  const { data: _few, ...rest } = told;
  return { ...resource, relationships: { ...resource.relationships, [name]: rest } };
}
