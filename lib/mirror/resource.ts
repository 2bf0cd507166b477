/** `{type, id}` */
export interface Linkage {
  readonly type: string;
  readonly id: string;
}

export interface Relationship {
  readonly data?: Linkage | readonly Linkage[] | null;
  readonly links?: Readonly<Record<string, unknown>>;
  readonly meta?: { readonly paging?: { readonly total?: number; readonly limit?: number } };
}

/** A resource object of Apple's, of whatever type; `meta` holds our additions when we answer with it. */
export interface ResourceObject {
  readonly type: string;
  readonly id: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, Relationship>>;
  readonly links?: { readonly self?: string };
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** What a caller may hand over: Apple's typed resources of any strictness. */
export interface ResourceLike {
  readonly type: string;
  readonly id: string;
  readonly attributes?: object | undefined;
  readonly relationships?: object | undefined;
}

/** The attributes as a plain record; empty when the document has none. */
export function attributesOf(resource: ResourceLike): Record<string, unknown> {
  return isRecord(resource.attributes) ? resource.attributes : {};
}

/** A relationship as it stands in the document, or undefined when it is not mentioned. */
export function relationshipOf(resource: ResourceLike, name: string): Relationship | undefined {
  const found = isRecord(resource.relationships) ? resource.relationships[name] : undefined;
  return isRecord(found) ? found : undefined;
}

/** The id a to-one relationship points at, null when it is empty, undefined when the document does not say. */
export function toOneId(resource: ResourceLike, name: string): string | null | undefined {
  const data = relationshipOf(resource, name)?.data;
  if (data === null) return null;
  return isIdentified(data) ? data.id : undefined;
}

/** The most linkages an answer surely inlines when neither a total nor what was asked for is known. */
const SURELY_INLINED = 10;

/**
 * The ids a to-many relationship names and whether that is all of them; undefined when the document does not say.
 * Apple inlines at most `limit[name]` linkages and gives the true number in `meta.paging.total`, which may be absent.
 */
export function toManyIds(
  resource: ResourceLike,
  name: string,
): { ids: string[]; isComplete: boolean } | undefined {
  const relationship = relationshipOf(resource, name);
  if (!Array.isArray(relationship?.data)) return undefined;
  const ids = relationship.data.filter(isIdentified).map((linkage) => linkage.id);
  const total = totalOf(resource, name);
  const told = relationship.meta?.paging?.limit;
  const limit = typeof told === 'number' ? told : SURELY_INLINED;
  const areAllRead = ids.length === relationship.data.length;
  return { ids, isComplete: areAllRead && (total === undefined ? ids.length < limit : total <= ids.length) };
}

/** Everything that a resource names, by whichever relationship. */
export function linkagesOf({ relationships }: ResourceLike): Linkage[] {
  return Object.values(relationships ?? {})
    .flatMap((one: unknown) => (isRecord(one) ? one.data : undefined))
    .filter(isIdentified);
}

/** How many a to-many relationship has in all, where Apple says so. */
export function totalOf(resource: ResourceLike, name: string): number | undefined {
  const total = relationshipOf(resource, name)?.meta?.paging?.total;
  return countOf(total);
}

/** Whether a value is a whole number that a column of numbers holds. */
export function isWhole(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
}

/** A number of rows as Apple tells it; undefined when it is none. */
export function countOf(total: unknown): number | undefined {
  return isWhole(total) && total >= 0 ? total : undefined;
}

/** Whether a value is an object with `type` and `id`. */
export function isIdentified(value: unknown): value is Linkage {
  return isRecord(value) && typeof value.type === 'string' && typeof value.id === 'string';
}

/** Whether a value is a plain object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
