import type { ResourceType } from './catalogue/types';
import { AscError } from './errors';
import { withoutSecrets } from './secrets';
import { isIdentified, isRecord } from './shape';
import type { AnyRelationship, AnyResource, Linkage, ManyDocument, OneDocument, Resource } from './types';

/** Where a document came from, for the error when it is not one. */
export interface DocumentSource {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestId: string | undefined;
}

/** A list document; throws `malformed_response` when `data` is no list of resource objects. */
export function manyDocument<D>(json: unknown, source: DocumentSource): ManyDocument<D> {
  const document = documentOf(json, source);
  if (!Array.isArray(document.data)) throw malformed(source, '`data` is not a list');
  for (const item of document.data)
    if (!isIdentified(item)) throw malformed(source, 'an entry has no type or id');
  return { ...document, links: isRecord(document.links) ? document.links : {} } as unknown as ManyDocument<D>;
}

/** A document of one resource or null; throws `malformed_response` when `data` is missing or something else. */
export function oneDocument<D>(json: unknown, source: DocumentSource): OneDocument<D> {
  const document = documentOf(json, source);
  if (document.data !== null && !isIdentified(document.data))
    throw malformed(source, '`data` has no type or id');
  return document as unknown as OneDocument<D>;
}

/** A document of figures, whose entries have neither type nor id. */
export function figuresDocument<D>(json: unknown, source: DocumentSource): ManyDocument<D> {
  const document = documentOf(json, source);
  if (!Array.isArray(document.data) || !document.data.every(isRecord)) {
    throw malformed(source, '`data` is not a list of figures');
  }
  const data = document.data.map((group) => ({ ...group, dataPoints: listOf(group.dataPoints) }));
  return {
    ...document,
    data,
    links: isRecord(document.links) ? document.links : {},
  } as unknown as ManyDocument<D>;
}

function documentOf(json: unknown, source: DocumentSource): Record<string, unknown> {
  if (!isRecord(json) || !('data' in json)) throw malformed(source, '`data` is missing');
  const { included } = json;
  if (included === undefined || included === null) return withoutSecrets(json);
  if (!Array.isArray(included) || !included.every(isIdentified)) {
    throw malformed(source, '`included` is not a list of resources');
  }
  return withoutSecrets(json);
}

function malformed({ method, path, status, requestId }: DocumentSource, what: string): AscError {
  return new AscError({
    kind: 'malformed_response',
    message: `App Store Connect sent a document that cannot be read: ${what}.`,
    method,
    path,
    status,
    requestId,
  });
}

/** The included resources of one or more documents, by type and id together. */
export class IncludedIndex {
  readonly #byKey = new Map<string, AnyResource>();

  constructor(...documents: readonly { readonly included?: readonly AnyResource[] | null }[]) {
    for (const { included } of documents) for (const resource of included ?? []) this.add(resource);
  }

  add(resource: AnyResource): void {
    this.#byKey.set(keyOf(resource), resource);
  }

  /** The included resource, or undefined when the document named it without carrying it. */
  get<T extends ResourceType>(type: T, id: string): Resource<T> | undefined {
    const found = this.#byKey.get(keyOf({ type, id }));
    return found !== undefined && isResource(found, type) ? found : undefined;
  }

  /** The included resources of a type. */
  all<T extends ResourceType>(type: T): Resource<T>[] {
    return [...this.#byKey.values()].filter((resource): resource is AnyResource & Resource<T> =>
      isResource(resource, type),
    );
  }

  /**
   * What a relationship points at, as far as it is included; `missing` are the linkages named but not carried.
   * Undefined when the document says nothing about the relationship, which is not the same as empty.
   */
  resolve(
    from: { readonly id: string; readonly relationships?: unknown },
    name: string,
  ): { found: AnyResource[]; missing: Linkage[] } | undefined {
    const linkages = linkagesOf(from, name);
    if (linkages === undefined) return undefined;
    const found: AnyResource[] = [];
    const missing: Linkage[] = [];
    for (const linkage of linkages) {
      const resource = this.#byKey.get(keyOf(linkage));
      if (resource) found.push(resource);
      else missing.push(linkage);
    }
    return { found, missing };
  }
}

function keyOf({ type, id }: Linkage): string {
  return `${type} ${id}`;
}

/** Whether a resource of whatever type is of this one. */
export function isResource<T extends ResourceType>(
  resource: { readonly type: string },
  type: T,
): resource is Resource<T> {
  return resource.type === type;
}

/** The linkages of a relationship; empty when it is empty, undefined when the document does not say. */
export function linkagesOf(resource: { relationships?: unknown }, name: string): Linkage[] | undefined {
  const data = relationship(resource, name)?.data;
  if (data === undefined) return undefined;
  if (data === null) return [];
  return (Array.isArray(data) ? data : [data]).filter(isIdentified);
}

/** How many rows a to-many relationship has in all, where Apple says so. */
export function relationshipTotal(resource: { relationships?: unknown }, name: string): number | undefined {
  const total = relationship(resource, name)?.meta?.paging?.total;
  return typeof total === 'number' ? total : undefined;
}

function relationship(resource: { relationships?: unknown }, name: string): AnyRelationship | undefined {
  const { relationships } = resource;
  const found =
    isRecord(relationships) && Object.hasOwn(relationships, name) ? relationships[name] : undefined;
  return isRecord(found) ? (found as AnyRelationship) : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
