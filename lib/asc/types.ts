import type {
  AppsBetaTesterUsagesV1MetricResponse,
  BetaBuildUsagesV1MetricResponse,
  BetaPublicLinkUsagesV1MetricResponse,
} from '@rage-against-the-pixel/app-store-connect-api';
import type { AppleCreateRequests, AppleResources, AppleUpdateRequests } from './apple-types';
import type { Catalogue } from './catalogue';
import type { INCLUDED_ONLY_FIELDS, IncludedOnlyType } from './catalogue/included-only';
import type { LinkageOperation, ResourceOperation, ResourceType } from './catalogue/types';
import type { FilterValue } from './query-types';

// What follows derives from two sources: Apple's published types say what a document holds, the catalogue
// says what may be asked. A unit test holds the catalogue against Apple's published surface.

/** `{type, id}` */
export interface Linkage<T extends string = string> {
  readonly type: T;
  readonly id: string;
}

/** Apple's package declares enums that exist only at compile time here; their words are what is compared. */
type Words<T> = T extends string
  ? string extends T
    ? string
    : `${T}`
  : T extends readonly (infer I)[]
    ? Words<I>[]
    : T extends object
      ? { [K in keyof T]: Words<T[K]> }
      : T;

/** Apple sends null or nothing for whatever is unset, whatever the schema says. */
type Lenient<A> = { readonly [K in keyof A]?: Words<A[K]> | null };
type LenientRelationships<R> = {
  readonly [K in keyof R]?: NonNullable<R[K]> extends infer L
    ? { readonly [P in keyof L]?: L[P] | null }
    : never;
};
type AttributesOf<R> = R extends { attributes?: infer A } ? Lenient<NonNullable<A>> : Record<never, never>;
type RelationshipsOf<R> = R extends { relationships?: infer A }
  ? LenientRelationships<NonNullable<A>>
  : Record<never, never>;

/**
 * A resource object as it is read. Enumerations may hold values Apple has added since: compare, and keep an
 * “else”. Attributes not in the type are kept in the document as they came.
 */
export interface Resource<T extends ResourceType> {
  readonly type: T;
  readonly id: string;
  readonly attributes?: AttributesOf<AppleResources[T]>;
  readonly relationships?: RelationshipsOf<AppleResources[T]>;
  readonly links?: { readonly self?: string };
}

/** A resource object of whatever type, as it stands in `included`. */
export interface AnyResource {
  readonly type: string;
  readonly id: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, AnyRelationship>>;
  readonly links?: { readonly self?: string };
}

export interface AnyRelationship {
  readonly data?: Linkage | readonly Linkage[] | null;
  readonly links?: Readonly<Record<string, unknown>>;
  readonly meta?: Paging;
}

export interface Paging {
  readonly paging?: { readonly total?: number; readonly limit?: number; readonly nextCursor?: string };
}

export interface ManyDocument<D> {
  readonly data: readonly D[];
  readonly included?: readonly AnyResource[];
  readonly links: { readonly self?: string; readonly first?: string; readonly next?: string };
  readonly meta?: Paging;
}

export interface OneDocument<D> {
  readonly data: D;
  readonly included?: readonly AnyResource[];
  readonly links?: { readonly self?: string };
}

type Op = ResourceOperation;
/** The types on which Apple offers an operation. */
export type TypesWith<O extends Op> = {
  [T in ResourceType]: O extends Catalogue[T]['operations'][number] ? T : never;
}[ResourceType];

type Targets<T extends ResourceType> = Catalogue[T]['toOne'] & Catalogue[T]['toMany'];
type OursOf<X> = X extends ResourceType ? X : never;

/** The names N for which `/v1/{T}/{id}/{N}` answers one resource. */
export type RelatedOne<T extends ResourceType> = keyof Catalogue[T]['related'] &
  keyof Catalogue[T]['toOne'] &
  string;
/** The names N for which `/v1/{T}/{id}/{N}` answers a list. */
export type RelatedMany<T extends ResourceType> = keyof Catalogue[T]['related'] &
  keyof Catalogue[T]['toMany'] &
  string;
/** The type a relationship points at. */
export type TargetOf<T extends ResourceType, N> = N extends keyof Targets<T> ? OursOf<Targets<T>[N]> : never;

/** The relationship names of T whose linkage Apple lets one read or change. */
export type LinkageName<T extends ResourceType, O extends LinkageOperation> = {
  [N in keyof Catalogue[T]['linkages']]: Catalogue[T]['linkages'][N] extends readonly (infer P)[]
    ? O extends P
      ? N
      : never
    : never;
}[keyof Catalogue[T]['linkages']] &
  string;
export type LinkageOne<T extends ResourceType> = LinkageName<T, 'get'> & keyof Catalogue[T]['toOne'];
export type LinkageMany<T extends ResourceType> = LinkageName<T, 'get'> & keyof Catalogue[T]['toMany'];

type MetricsOf<T extends ResourceType> = Catalogue[T] extends { metrics: infer M } ? M : Record<never, never>;
type ReportsOf<T extends ResourceType> = Catalogue[T] extends { reports: infer R } ? R : Record<never, never>;
export type MetricName<T extends ResourceType> = keyof MetricsOf<T> & string;
export type ReportName<T extends ResourceType> = keyof ReportsOf<T> & string;

type FieldOf<X> = X extends ResourceType
  ? Catalogue[X]['fields'][number]
  : X extends IncludedOnlyType
    ? (typeof INCLUDED_ONLY_FIELDS)[X][number]
    : never;
export type IncludeOf<T extends ResourceType> = Catalogue[T]['include'][number];
type IncludedTypes<T extends ResourceType> =
  IncludeOf<T> extends infer N ? (N extends keyof Targets<T> ? Targets<T>[N] & string : never) : never;
type IncludedMany<T extends ResourceType> = IncludeOf<T> & keyof Catalogue[T]['toMany'];

type Fields<X extends string> = { readonly [K in X]?: readonly FieldOf<K>[] };
type FilterOf<F, Needed> = F extends { filter: infer N }
  ? { readonly [K in keyof N as K extends Needed ? never : K]?: FilterValue } & {
      readonly [K in keyof N as K extends Needed ? K : never]: FilterValue;
    }
  : Record<never, never>;
type NeededOf<F> = F extends { required: readonly (infer N)[] } ? N : never;
type SortOf<F> = F extends { sort: readonly (infer N extends string)[] } ? N | `-${N}` : never;
type ExistsOf<F> = F extends { exists: readonly (infer N extends string)[] } ? N : never;

interface IncludeQuery<T extends ResourceType> {
  readonly include?: readonly IncludeOf<T>[];
  readonly fields?: Fields<T | IncludedTypes<T>>;
}
interface Bare<T extends ResourceType> {
  readonly fields?: Fields<T>;
}
type Limits<N extends PropertyKey> = { readonly [K in N]?: number };

type FactsQuery<F> = {
  readonly sort?: readonly SortOf<F>[];
  readonly exists?: { readonly [K in ExistsOf<F>]?: boolean };
} & (NeededOf<F> extends never
  ? { readonly filter?: FilterOf<F, never> }
  : { readonly filter: FilterOf<F, NeededOf<F>> });

type ListFacts<T extends ResourceType> = Catalogue[T] extends { list: infer F } ? F : Record<never, never>;
type RelatedFacts<T extends ResourceType, N> = N extends keyof Catalogue[T]['related']
  ? Catalogue[T]['related'][N]
  : never;

/** The query of `GET /v1/{T}`; `limit.page` rows per page, `limit.{include}` rows inlined. */
export type ListQuery<T extends ResourceType> = FactsQuery<ListFacts<T>> &
  IncludeQuery<T> & { readonly limit?: { readonly page?: number } & Limits<IncludedMany<T>> };

/** The query of `GET /v1/{T}/{id}`. */
export type GetQuery<T extends ResourceType> = IncludeQuery<T> & {
  readonly limit?: Limits<IncludedMany<T>>;
};

/** The query of `GET /v1/{T}/{id}/{N}`; most nested reads take only fields and a page limit. */
export type RelatedQuery<T extends ResourceType, N> = FactsQuery<RelatedFacts<T, N>> &
  (RelatedFacts<T, N> extends { include: true }
    ? IncludeQuery<TargetOf<T, N>> & {
        readonly limit?: PageOf<T, N> & Limits<IncludedMany<TargetOf<T, N>>>;
      }
    : Bare<TargetOf<T, N>> & { readonly limit?: PageOf<T, N> });
type PageOf<T extends ResourceType, N> = N extends keyof Catalogue[T]['toMany']
  ? { readonly page?: number }
  : Record<never, never>;

type MetricFacts<T extends ResourceType, N> = N extends keyof MetricsOf<T> ? MetricsOf<T>[N] : never;
type WordOf<F, K extends string> = F extends { readonly [P in K]: readonly (infer W)[] } ? W : never;
/** The query of `GET /v1/{T}/{id}/metrics/{N}`. */
export type MetricQuery<T extends ResourceType, N> = FactsQuery<MetricFacts<T, N>> & {
  readonly period?: WordOf<MetricFacts<T, N>, 'period'>;
  readonly groupBy?: readonly WordOf<MetricFacts<T, N>, 'groupBy'>[];
  readonly limit?: { readonly page?: number };
};
type ReportFacts<T extends ResourceType, N> = N extends keyof ReportsOf<T> ? ReportsOf<T>[N] : never;
/** The query of a read that answers in a media type of its own. */
export type ReportQuery<T extends ResourceType, N> = {
  readonly filter?: FilterOf<ReportFacts<T, N>, never>;
} & (ReportFacts<T, N> extends { hasLimit: true }
  ? { readonly limit?: { readonly page?: number } }
  : Record<never, never>);

type ValuesOf<R extends { data: Array<{ dataPoints?: Array<{ values?: unknown }> }> }> = NonNullable<
  NonNullable<R['data'][number]['dataPoints']>[number]['values']
>;
interface MetricValues {
  betaTesterUsages: ValuesOf<AppsBetaTesterUsagesV1MetricResponse>;
  betaBuildUsages: ValuesOf<BetaBuildUsagesV1MetricResponse>;
  publicLinkUsages: ValuesOf<BetaPublicLinkUsagesV1MetricResponse>;
}

/** One group of figures. Apple's answers differ from Apple's schema; both shapes of `data` occur. */
export interface MetricGroup<N extends string> {
  readonly type?: string;
  readonly dataPoints: readonly {
    readonly start?: string | null;
    readonly end?: string | null;
    readonly values?: N extends keyof MetricValues ? Lenient<MetricValues[N]> : never;
  }[];
  readonly dimensions?: Readonly<
    Record<string, { readonly data?: string | Linkage | null; readonly links?: Record<string, string> }>
  >;
}

/** `{attributes?, relationships?, included?}` of a create request; the client adds `type`. */
export type CreateInput<T extends keyof AppleCreateRequests> = Words<
  Omit<AppleCreateRequests[T]['data'], 'type'>
> &
  Omit<AppleCreateRequests[T], 'data'>;
/** `{attributes?, relationships?}` of an update request; the client adds `type` and `id`. */
export type UpdateInput<T extends keyof AppleUpdateRequests> = Words<
  Omit<AppleUpdateRequests[T]['data'], 'type' | 'id'>
>;
