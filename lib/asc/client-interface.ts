import type { AppleCreateRequests, AppleUpdateRequests } from './apple-types';
import type { ResourceType } from './catalogue/types';
import type { AscError } from './errors';
import type { Call, ReadCall } from './operations';
import type { RateBudget } from './transport/budget';
import type { BudgetSnapshot, RateLimitReading } from './transport/budget-types';
import type { PipelineLog } from './transport/pipeline';
import type { Timeouts } from './transport/send';
import type { Credential } from './transport/token';
import type { AscFetch, Lane } from './transport/types';
import type {
  CreateInput,
  GetQuery,
  Linkage,
  LinkageMany,
  LinkageName,
  LinkageOne,
  ListQuery,
  ManyDocument,
  MetricGroup,
  MetricName,
  MetricQuery,
  OneDocument,
  RelatedMany,
  RelatedOne,
  RelatedQuery,
  ReportName,
  ReportQuery,
  Resource,
  TargetOf,
  TypesWith,
  UpdateInput,
} from './types';

/** What every call takes besides its own arguments. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Overrides the client's lane for this call. */
  readonly lane?: Lane;
  /**
   * The longest wait for the rate limit, ms; beyond it the call rejects with `rate_limited` and `retryAt`.
   * Without it: 1,500 in the interactive, 5,000 in the write lane, endless in the sync lane.
   */
  readonly maxWaitMs?: number;
}

/** An answer: the parsed document and what the transport learned. */
export interface AscResult<D> {
  readonly document: D;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly rateLimit: RateLimitReading | undefined;
  /** HTTP attempts this took, 1 or more. */
  readonly attempts: number;
}

/** One page of a list. */
export interface AscPage<D> extends AscResult<ManyDocument<D>> {
  /** The address of the next page; keep it to resume with {@link AscClient.pageFrom}. */
  readonly next: string | undefined;
  /** Why the next page cannot be asked for although there is one. */
  readonly refusedNext?: AscError;
  /** Rows in the whole list as Apple counts them; may be absent. */
  readonly total: number | undefined;
}

/** The low-level request; path begins with `/v1/`. */
export interface SendRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Encoded query without the question mark. */
  readonly query?: string;
  readonly body?: unknown;
  readonly accept?: string;
  /** Whether a repeat is harmless; GET always is, POST is never repeated. */
  readonly idempotent?: boolean;
}

type Rest<Q> =
  Record<never, never> extends Q ? [query?: Q, options?: CallOptions] : [query: Q, options?: CallOptions];

/** What may be asked with one App Store Connect key, typed. Every method rejects with {@link AscError} only. */
export interface AscClient {
  /** One page of `GET /v1/{type}`. */
  list<T extends TypesWith<'list'>>(type: T, ...rest: Rest<ListQuery<T>>): Promise<AscPage<Resource<T>>>;
  /** All pages of `GET /v1/{type}`, following `links.next` as it comes. */
  pages<T extends TypesWith<'list'>>(
    type: T,
    ...rest: Rest<ListQuery<T>>
  ): AsyncIterableIterator<AscPage<Resource<T>>>;
  get<T extends TypesWith<'get'>>(
    type: T,
    id: string,
    query?: GetQuery<T>,
    options?: CallOptions,
  ): Promise<AscResult<OneDocument<Resource<T>>>>;

  /** One page of `GET /v1/{type}/{id}/{name}`. */
  listRelated<T extends ResourceType, N extends RelatedMany<T>>(
    type: T,
    id: string,
    name: N,
    query?: RelatedQuery<T, N>,
    options?: CallOptions,
  ): Promise<AscPage<Resource<TargetOf<T, N>>>>;
  relatedPages<T extends ResourceType, N extends RelatedMany<T>>(
    type: T,
    id: string,
    name: N,
    query?: RelatedQuery<T, N>,
    options?: CallOptions,
  ): AsyncIterableIterator<AscPage<Resource<TargetOf<T, N>>>>;
  /** `document.data` is null where the relationship is empty. */
  getRelated<T extends ResourceType, N extends RelatedOne<T>>(
    type: T,
    id: string,
    name: N,
    query?: RelatedQuery<T, N>,
    options?: CallOptions,
  ): Promise<AscResult<OneDocument<Resource<TargetOf<T, N>> | null>>>;

  getLinkage<T extends ResourceType, N extends LinkageOne<T>>(
    type: T,
    id: string,
    name: N,
    options?: CallOptions,
  ): Promise<AscResult<OneDocument<Linkage<TargetOf<T, N>> | null>>>;
  listLinkages<T extends ResourceType, N extends LinkageMany<T>>(
    type: T,
    id: string,
    name: N,
    query?: { readonly limit?: { readonly page?: number } },
    options?: CallOptions,
  ): Promise<AscPage<Linkage<TargetOf<T, N>>>>;

  /** One page of a usage figure. */
  metrics<T extends ResourceType, N extends MetricName<T>>(
    type: T,
    id: string,
    name: N,
    ...rest: Rest<MetricQuery<T, N>>
  ): Promise<AscPage<MetricGroup<N>>>;
  /** A read in a media type of its own (power metrics, diagnostic logs); the parsed JSON as it came. */
  report<T extends ResourceType, N extends ReportName<T>>(
    type: T,
    id: string,
    name: N,
    query?: ReportQuery<T, N>,
    options?: CallOptions,
  ): Promise<AscResult<unknown>>;

  /** The page behind a stored `next` address; `type` is what it lists. The host must be the configured one. */
  pageFrom<T extends ResourceType>(
    type: T,
    url: string,
    options?: CallOptions,
  ): Promise<AscPage<Resource<T>>>;
  /** The page of a metric behind a `next` address. */
  figuresFrom<D>(url: string, options?: CallOptions): Promise<AscPage<D>>;
  /** The remaining pages from a stored `next` address on. */
  pagesFrom<T extends ResourceType>(
    type: T,
    url: string,
    options?: CallOptions,
  ): AsyncIterableIterator<AscPage<Resource<T>>>;

  /** Any read of the catalogue, for code that treats all types alike; checked at run time. */
  perform(call: ReadCall, options?: CallOptions): Promise<AscResult<unknown>>;

  /** The same client, key and budget in another lane. */
  withLane(lane: Lane): AscClient;
  /** What is known of the key's quota. */
  readonly budget: BudgetSnapshot;
}

/**
 * The same client with what changes something at Apple. Only the one verb that keeps a trail of it may ask for this
 * (lib/services/resources/send.ts).
 */
export interface AscWriter extends AscClient {
  create<T extends TypesWith<'create'> & keyof AppleCreateRequests>(
    type: T,
    input: CreateInput<T>,
    options?: CallOptions,
  ): Promise<AscResult<OneDocument<Resource<T>>>>;
  update<T extends TypesWith<'update'> & keyof AppleUpdateRequests>(
    type: T,
    id: string,
    input: UpdateInput<T>,
    options?: CallOptions,
  ): Promise<AscResult<OneDocument<Resource<T>>>>;
  /** Status 204, or 202 when Apple has only accepted the order. */
  delete<T extends TypesWith<'delete'>>(type: T, id: string, options?: CallOptions): Promise<AscResult<null>>;
  addLinkage<T extends ResourceType, N extends LinkageName<T, 'add'>>(
    type: T,
    id: string,
    name: N,
    ids: readonly string[],
    options?: CallOptions,
  ): Promise<AscResult<null>>;
  removeLinkage<T extends ResourceType, N extends LinkageName<T, 'remove'>>(
    type: T,
    id: string,
    name: N,
    ids: readonly string[],
    options?: CallOptions,
  ): Promise<AscResult<null>>;
  replaceLinkage<T extends ResourceType, N extends LinkageName<T, 'replace'>>(
    type: T,
    id: string,
    name: N,
    targetId: string,
    options?: CallOptions,
  ): Promise<AscResult<null>>;

  /** Any operation of the catalogue; checked at run time. */
  perform(call: Call, options?: CallOptions): Promise<AscResult<unknown>>;
  /** Any request at all through the same pipeline; answers the parsed JSON unchecked. */
  send(request: SendRequest, options?: CallOptions): Promise<AscResult<unknown>>;
  withLane(lane: Lane): AscWriter;
}

/** What a client is made of. */
export interface AscClientConfig {
  /** Such as `https://api.appstoreconnect.apple.com`, without a trailing slash. */
  readonly baseUrl: string;
  readonly credential: Credential;
  readonly fetch?: AscFetch;
  /** ms since the epoch */
  readonly clock?: () => number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** 0 ≤ x < 1 */
  readonly random?: () => number;
  readonly log?: PipelineLog;
  /** One per key, shared by all its clients; made from the rest when absent. */
  readonly budget?: RateBudget;
  /** Default `interactive`. */
  readonly lane?: Lane;
  /** Limits tokens to requests such as `GET /v1/apps`; see Apple's “Generating Tokens for API Requests”. */
  readonly scope?: readonly string[];
  /** Overrides of the HTTP deadlines, ms; only tests need them. */
  readonly timeouts?: Timeouts;
}
