import { entryOf, isResourceType } from './catalogue';
import { INCLUDED_ONLY_FIELDS } from './catalogue/included-only';
import { INCLUDE_LIMIT, PAGE_LIMIT } from './catalogue/limits';
import {
  type CatalogueEntry,
  type LinkageOperation,
  type Permission,
  type QueryFacts,
  RESOURCE_TYPES,
  type ResourceOperation,
  type ResourceType,
  type TargetType,
} from './catalogue/types';
import type { AscQuery, QueryRules } from './query-types';

export type CallOperation =
  | ResourceOperation
  | 'related'
  | 'linkage'
  | 'addLinkage'
  | 'removeLinkage'
  | 'replaceLinkage'
  | 'metrics'
  | 'report';

/** What changes something at Apple. */
export type WriteOperation =
  | 'create'
  | 'update'
  | 'delete'
  | 'addLinkage'
  | 'removeLinkage'
  | 'replaceLinkage';
export type ReadOperation = Exclude<CallOperation, WriteOperation>;

/** The address of an operation, without the id. */
export interface OperationAddress<Operation extends CallOperation = CallOperation> {
  readonly type: ResourceType;
  readonly operation: Operation;
  /** The relationship's, metric's or report's name, for operations below `/{id}/`. */
  readonly name?: string;
}

/** An operation with everything that goes into one request. */
export interface Call<Operation extends CallOperation = CallOperation> extends OperationAddress<Operation> {
  readonly id?: string;
  readonly query?: AscQuery;
  /** For create and update `{attributes?, relationships?, included?}`, for linkages the identifiers. */
  readonly input?: unknown;
}

export type ReadCall = Call<ReadOperation>;
export type WriteCall = Call<WriteOperation>;

const METHODS = {
  list: 'GET',
  get: 'GET',
  related: 'GET',
  linkage: 'GET',
  metrics: 'GET',
  report: 'GET',
  create: 'POST',
  addLinkage: 'POST',
  update: 'PATCH',
  replaceLinkage: 'PATCH',
  delete: 'DELETE',
  removeLinkage: 'DELETE',
} as const satisfies Record<CallOperation, string>;

const LINKAGE_VERBS: Readonly<Record<string, LinkageOperation>> = {
  linkage: 'get',
  addLinkage: 'add',
  removeLinkage: 'remove',
  replaceLinkage: 'replace',
};

/** The HTTP method of an operation. */
export function methodOf(operation: CallOperation): 'GET' | 'POST' | 'PATCH' | 'DELETE' {
  return METHODS[operation];
}

/** Whether an operation changes something at Apple. */
export function isWrite(operation: CallOperation): operation is WriteOperation {
  return METHODS[operation] !== 'GET';
}

/** Whether a word, such as the action of an entry in the trail, names an operation that changes something at Apple. */
export function isWriteOperation(word: string): word is WriteOperation {
  return Object.hasOwn(METHODS, word) && isWrite(word as CallOperation);
}

/** The path of an operation; pass `{id}` as id for the template. */
export function pathOf({ type, operation, name = '' }: OperationAddress, id = ''): string {
  const instance = `/v1/${type}/${id === '{id}' ? id : encodeURIComponent(id)}`;
  if (operation === 'list' || operation === 'create') return `/v1/${type}`;
  if (operation === 'get' || operation === 'update' || operation === 'delete') return instance;
  if (operation === 'metrics') return `${instance}/metrics/${name}`;
  if (operation === 'related' || operation === 'report') return `${instance}/${name}`;
  return `${instance}/relationships/${name}`;
}

/** Whether Apple offers the operation. */
export function isOffered({ type, operation, name = '' }: OperationAddress): boolean {
  const entry = entryOf(type);
  const verb = LINKAGE_VERBS[operation];
  if (verb) return Object.hasOwn(entry.linkages, name) && (entry.linkages[name] ?? []).includes(verb);
  if (operation === 'related') return Object.hasOwn(entry.related, name);
  if (operation === 'metrics') return Object.hasOwn(entry.metrics ?? {}, name);
  if (operation === 'report') return Object.hasOwn(entry.reports ?? {}, name);
  return (entry.operations as readonly string[]).includes(operation);
}

/** Every operation of the catalogue. */
export function allOperations(): OperationAddress[] {
  return RESOURCE_TYPES.flatMap((type) => {
    const entry = entryOf(type);
    const named = (operation: CallOperation, names: object | undefined) =>
      Object.keys(names ?? {}).map((name) => ({ type, operation, name }));
    return [
      ...entry.operations.map((operation) => ({ type, operation })),
      ...named('related', entry.related),
      ...Object.keys(LINKAGE_VERBS)
        .flatMap((operation) => named(operation as CallOperation, entry.linkages))
        .filter(isOffered),
      ...named('metrics', entry.metrics),
      ...named('report', entry.reports),
    ];
  });
}

/** The relationship's target type and whether it is a list; undefined for an unknown name. */
export function relationshipOf(
  type: ResourceType,
  name: string,
): { target: TargetType; many: boolean } | undefined {
  const { toOne, toMany } = entryOf(type);
  if (Object.hasOwn(toMany, name)) return { target: toMany[name] as TargetType, many: true };
  if (Object.hasOwn(toOne, name)) return { target: toOne[name] as TargetType, many: false };
  return undefined;
}

/**
 * The filter by which the list of a relationship's target tells which of some ids are members, instead of reading all
 * of them; undefined where the target has no such list.
 */
export function memberFilter(type: ResourceType, name: string): string | undefined {
  const target = relationshipOf(type, name)?.target;
  if (target === undefined || !isResourceType(target)) return undefined;
  const { list, toOne, toMany } = entryOf(target);
  const filters = list?.filter ?? {};
  if (!Object.hasOwn(filters, 'id')) return undefined;
  const back = Object.entries<string>({ ...toOne, ...toMany }).filter(
    ([own, of]) => of === type && Object.hasOwn(filters, own),
  );
  return back.length === 1 ? back[0]?.[0] : undefined;
}

/** The facts of a type that may be any word; nothing is known of one that is not in the catalogue. */
export function factsOf(type: string): Partial<CatalogueEntry> {
  return isResourceType(type) ? entryOf(type) : {};
}

/** Whether the answer is a list with pages. */
export function isPaged({ type, operation, name = '' }: OperationAddress): boolean {
  if (operation === 'list' || operation === 'metrics') return true;
  if (operation === 'report') return entryOf(type).reports?.[name]?.hasLimit === true;
  return (operation === 'related' || operation === 'linkage') && relationshipOf(type, name)?.many === true;
}

const NO_RULES: QueryRules = {
  filter: {},
  required: [],
  exists: [],
  sort: [],
  include: [],
  fields: {},
  limit: {},
  period: [],
  groupBy: [],
};

/** Everything the operation accepts in its query; nothing for operations that are not offered. */
export function queryRules(address: OperationAddress): QueryRules {
  const { type, operation, name = '' } = address;
  if (!isOffered(address)) return NO_RULES;
  const entry = entryOf(type);
  const page = isPaged(address) ? { page: PAGE_LIMIT } : {};
  if (operation === 'list')
    return { ...NO_RULES, ...factRules(entry.list ?? {}), ...readRules(entry, true, page) };
  if (operation === 'get') return { ...NO_RULES, ...readRules(entry, true, page) };
  if (operation === 'linkage') return { ...NO_RULES, limit: page };
  if (operation === 'metrics') return { ...NO_RULES, ...(entry.metrics?.[name] ?? {}), limit: page };
  if (operation === 'report') {
    return { ...NO_RULES, filter: entry.reports?.[name]?.filter ?? {}, limit: page };
  }
  if (operation !== 'related') return NO_RULES;
  const read = entry.related[name] ?? {};
  const target = relationshipOf(type, name)?.target;
  if (target === undefined || !isResourceType(target)) return NO_RULES;
  const targetEntry = entryOf(target);
  return { ...NO_RULES, ...factRules(read), ...readRules(targetEntry, read.include === true, page) };
}

function factRules(facts: QueryFacts): Pick<QueryRules, 'filter' | 'required' | 'exists' | 'sort'> {
  return {
    filter: facts.filter ?? {},
    required: facts.required ?? [],
    exists: facts.exists ?? [],
    sort: (facts.sort ?? []).flatMap((word) => [word, `-${word}`]),
  };
}

function readRules(entry: CatalogueEntry, withInclude: boolean, page: Record<string, number>) {
  const include = withInclude ? entry.include : [];
  const limit: Record<string, number> = { ...page };
  const fields: Record<string, readonly string[]> = {};
  if (entry.fields.length > 0) fields[entry.type] = entry.fields;
  for (const name of include) {
    const found = relationshipOf(entry.type, name);
    if (!found) continue;
    if (found.many) limit[name] = entry.includeLimits?.[name] ?? INCLUDE_LIMIT;
    fields[found.target] = [...fieldsOf(found.target), ...(entry.moreFields?.[found.target] ?? [])];
  }
  return { include, fields, limit };
}

/** The names `fields[type]` accepts. */
export function fieldsOf(type: TargetType): readonly string[] {
  return isResourceType(type) ? entryOf(type).fields : INCLUDED_ONLY_FIELDS[type];
}

/**
 * The permissions an actor needs: of the type, of what a relationship points at, and of what is included.
 * A change of linkage needs the owner's write permission, or the one its entry names instead.
 */
export function permissionsOf(address: OperationAddress, include: readonly string[] = []): Permission[] {
  const { type, operation, name = '' } = address;
  const entry = entryOf(type);
  const target = relationshipOf(type, name)?.target;
  const readOf = (of: TargetType | undefined) =>
    of !== undefined && isResourceType(of) ? [entryOf(of).permission.read] : [];
  if (isWrite(operation)) return [entry.linkagePermission?.[name] ?? entry.permission.write];
  const includedFrom = operation === 'related' ? target : type;
  const included = include.flatMap((word) =>
    includedFrom !== undefined && isResourceType(includedFrom)
      ? readOf(relationshipOf(includedFrom, word)?.target)
      : [],
  );
  const metric = operation === 'metrics' ? entry.metrics?.[name]?.permission : undefined;
  const needed = [entry.permission.read, ...readOf(target), ...(metric ? [metric] : []), ...included];
  return [...new Set(needed)];
}
