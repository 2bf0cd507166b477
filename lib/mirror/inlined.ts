import { isRecord, type ResourceLike, totalOf } from './resource';

/**
 * The relationships a request asked to be inlined: to-many with the most rows wanted, to-one with null. Only those that may
 * rightly be empty belong here.
 */
export type Inlined = Readonly<Record<string, number | null>>;

/**
 * Resources whose inlined relationships say what the request knows of them, for answers that do not: an empty one may
 * come without `data`, and without a total only the number asked for tells whether a list was cut short.
 */
export function withInlined<R extends ResourceLike>(resources: readonly R[], inlined: Inlined): R[] {
  const names = Object.keys(inlined);
  if (names.length === 0) return [...resources];
  return resources.map((resource) => {
    const known = isRecord(resource.relationships) ? resource.relationships : {};
    const told = names.flatMap((name) => {
      const relationship = known[name];
      const limit = inlined[name];
      if (!isRecord(relationship) || limit === undefined || totalOf(resource, name) !== undefined) return [];
      const { data = limit === null ? null : [] } = relationship;
      return [[name, { ...relationship, data, ...(limit === null ? {} : { meta: { paging: { limit } } }) }]];
    });
    return told.length === 0
      ? resource
      : { ...resource, relationships: { ...known, ...Object.fromEntries(told) } };
  });
}
