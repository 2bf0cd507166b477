import { setTimeout as wait } from 'node:timers/promises';
import { entryOf } from './catalogue';
import { PAGE_LIMIT } from './catalogue/limits';
import type {
  AscClientConfig,
  AscPage,
  AscResult,
  AscWriter,
  CallOptions,
  SendRequest,
} from './client-interface';
import { figuresDocument, manyDocument, oneDocument } from './document';
import { AscError } from './errors';
import { nextPage } from './next-page';
import {
  type Call,
  isOffered,
  isPaged,
  isWrite,
  methodOf,
  type OperationAddress,
  pathOf,
  queryRules,
} from './operations';
import { buildQuery, checkQuery } from './query';
import type { AscQuery } from './query-types';
import { isIdempotent, requestBody } from './request-body';
import { createRateBudget, type RateBudget } from './transport/budget';
import { followPages, pathOnHost } from './transport/paginate';
import { createPipeline } from './transport/pipeline';
import { readRateLimit } from './transport/rate-limit';
import { createTokenSource } from './transport/token';
import type { AscFetch, Lane, Surroundings, Transport } from './transport/types';
import type { ManyDocument, OneDocument } from './types';

export type { AscClientConfig, AscWriter } from './client-interface';

const PATIENCE_MS: Record<Lane, number> = {
  // A person is told when it goes on rather than kept waiting.
  interactive: 1_500,
  write: 5_000,
  sync: Number.POSITIVE_INFINITY,
};
const JSON_TYPE = 'application/json';

/** What one client is made of, shared by its views in other lanes. */
interface Parts {
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly budget: RateBudget;
}

/**
 * Makes the client of one key. Nothing is sent before the first call; every method rejects with {@link AscError} only.
 */
export function createAscClient(config: AscClientConfig): AscWriter {
  const surroundings: Surroundings = {
    clock: config.clock ?? Date.now,
    sleep: config.sleep ?? ((ms, signal) => wait(ms, undefined, signal ? { signal } : {})),
    random: config.random ?? Math.random,
  };
  const budget = config.budget ?? createRateBudget(surroundings);
  const transport = createPipeline({
    ...surroundings,
    fetch: config.fetch ?? (globalThis.fetch as AscFetch),
    budget,
    tokens: createTokenSource(config.credential, surroundings.clock, config.scope),
    log: config.log,
    ...(config.timeouts ? { timeouts: config.timeouts } : {}),
  });
  const parts = { baseUrl: config.baseUrl.replace(/\/+$/, ''), transport, budget };
  return clientIn(parts, config.lane ?? 'interactive');
}

function clientIn(parts: Parts, lane: Lane): AscWriter {
  const send = (request: SendRequest, options?: CallOptions) => sendThrough(parts, lane, request, options);
  const perform = (call: Call, options?: CallOptions) => performThrough(send, parts.baseUrl, call, options);
  const many = <D>(call: Call, options?: CallOptions) => perform(call, options) as Promise<AscPage<D>>;
  const one = <D>(call: Call, options?: CallOptions) =>
    perform(call, options) as Promise<AscResult<OneDocument<D>>>;
  const none = (call: Call, options?: CallOptions) => perform(call, options) as Promise<AscResult<null>>;
  const follow = async <D>(url: string, read: PageReader<D>, options?: CallOptions): Promise<AscPage<D>> => {
    const [path = '', query] = pathOnHost(parts.baseUrl, url).split(/\?(.*)/s, 2);
    const request: SendRequest = { method: 'GET', path, ...(query === undefined ? {} : { query }) };
    return pageOf<D>(await send(request, options), request, read, parts.baseUrl);
  };
  const pageFrom = <D>(url: string, options?: CallOptions) => follow<D>(url, manyDocument, options);
  const pages = <D>(call: Call, options?: CallOptions) =>
    followPages(
      () => many<D>({ ...call, query: withFullPages(call.query) }, options),
      (url) => pageFrom<D>(url, options),
    );
  const asQuery = (query: object | undefined) => (query === undefined ? {} : { query: query as AscQuery });

  return {
    list: (type, ...[query, options]) => many({ type, operation: 'list', ...asQuery(query) }, options),
    pages: (type, ...[query, options]) => pages({ type, operation: 'list', ...asQuery(query) }, options),
    get: (type, id, query, options) => one({ type, operation: 'get', id, ...asQuery(query) }, options),
    create: (type, input, options) => one({ type, operation: 'create', input }, options),
    update: (type, id, input, options) => one({ type, operation: 'update', id, input }, options),
    delete: (type, id, options) => none({ type, operation: 'delete', id }, options),
    listRelated: (type, id, name, query, options) =>
      many({ type, operation: 'related', id, name, ...asQuery(query) }, options),
    relatedPages: (type, id, name, query, options) =>
      pages({ type, operation: 'related', id, name, ...asQuery(query) }, options),
    getRelated: (type, id, name, query, options) =>
      one({ type, operation: 'related', id, name, ...asQuery(query) }, options),
    getLinkage: (type, id, name, options) => one({ type, operation: 'linkage', id, name }, options),
    listLinkages: (type, id, name, query, options) =>
      many({ type, operation: 'linkage', id, name, ...asQuery(query) }, options),
    addLinkage: (type, id, name, input, options) =>
      none({ type, operation: 'addLinkage', id, name, input }, options),
    removeLinkage: (type, id, name, input, options) =>
      none({ type, operation: 'removeLinkage', id, name, input }, options),
    replaceLinkage: (type, id, name, input, options) =>
      none({ type, operation: 'replaceLinkage', id, name, input }, options),
    metrics: (type, id, name, ...[query, options]) =>
      many({ type, operation: 'metrics', id, name, ...asQuery(query) }, options),
    report: (type, id, name, query, options) =>
      perform({ type, operation: 'report', id, name, ...asQuery(query) }, options),
    pageFrom: (_type, url, options) => pageFrom(url, options),
    figuresFrom: <D>(url: string, options?: CallOptions) => follow<D>(url, figuresDocument, options),
    pagesFrom: (_type, url, options) =>
      followPages(
        () => pageFrom(url, options),
        (next) => pageFrom(next, options),
      ),
    perform,
    send,
    withLane: (other) => clientIn(parts, other),
    get budget() {
      return parts.budget.snapshot();
    },
  };
}

async function sendThrough(
  { baseUrl, transport }: Parts,
  clientLane: Lane,
  request: SendRequest,
  options: CallOptions = {},
): Promise<AscResult<unknown>> {
  const lane = options.lane ?? clientLane;
  const path = request.query ? `${request.path}?${request.query}` : request.path;
  const { status, headers, json, requestId, attempts } = await transport({
    method: request.method,
    url: baseUrl + path,
    path,
    accept: request.accept ?? JSON_TYPE,
    idempotent: request.method === 'GET' || (request.method !== 'POST' && request.idempotent === true),
    lane,
    maxWaitMs: options.maxWaitMs ?? PATIENCE_MS[lane],
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return { document: json, status, requestId, attempts, rateLimit: readRateLimit(headers) };
}

type Send = (request: SendRequest, options?: CallOptions) => Promise<AscResult<unknown>>;

async function performThrough(
  send: Send,
  baseUrl: string,
  call: Call,
  options?: CallOptions,
): Promise<AscResult<unknown>> {
  const request = requestOf(call);
  const answer = await send(request, options);
  if (call.operation === 'report') return answer;
  if (call.operation === 'metrics') return pageOf(answer, request, figuresDocument, baseUrl);
  if (isPaged(call)) return pageOf(answer, request, manyDocument, baseUrl);
  if (isWrite(call.operation) && call.operation !== 'create' && call.operation !== 'update') {
    return { ...answer, document: null };
  }
  return { ...answer, document: readOne(answer, request, call) };
}

function readOne(answer: AscResult<unknown>, request: SendRequest, call: Call): OneDocument<unknown> {
  try {
    return oneDocument(answer.document, sourceOf(answer, request));
  } catch (error) {
    // A write that was answered 2xx has happened, whatever became of its document.
    if (!isWrite(call.operation) || !(error instanceof AscError)) throw error;
    throw new AscError({
      kind: 'outcome_unknown',
      message: `App Store Connect accepted this, but its answer cannot be read. ${error.message}`,
      ...sourceOf(answer, request),
    });
  }
}

/** The request behind a call; throws `invalid_request` for what the catalogue does not offer. */
export function requestOf(call: Call): SendRequest {
  const method = methodOf(call.operation);
  const path = pathOf(call, call.id ?? '');
  const refuse = (message: string, parameter?: string) =>
    new AscError({
      kind: 'invalid_request',
      message,
      method,
      path,
      isUnsent: true,
      ...(parameter === undefined ? {} : { errors: [{ detail: message, source: { parameter } }] }),
    });
  if (!isOffered(call)) throw refuse('App Store Connect does not offer this operation.');
  // Dots alone would be steps in the path.
  if (needsId(call) && /^\.{0,2}$/.test(call.id ?? '')) throw refuse('The id is missing.');
  const [problem] = checkQuery(queryRules(call), call.query ?? {});
  if (problem) throw refuse(`${problem.parameter}: ${problem.message}`, problem.parameter);
  const body = requestBody(call);
  const query = buildQuery(call.query ?? {});
  const accept =
    call.operation === 'report' ? entryOf(call.type).reports?.[call.name ?? '']?.accept : undefined;
  return {
    method,
    path,
    idempotent: isIdempotent(call),
    ...(query === '' ? {} : { query }),
    ...(body === undefined ? {} : { body }),
    ...(accept === undefined ? {} : { accept }),
  };
}

function needsId({ operation }: OperationAddress): boolean {
  return operation !== 'list' && operation !== 'create';
}

type PageReader<D> = (json: unknown, source: ReturnType<typeof sourceOf>) => ManyDocument<D>;

function pageOf<D>(
  answer: AscResult<unknown>,
  request: SendRequest,
  read: PageReader<D>,
  baseUrl: string,
): AscPage<D> {
  const document = read(answer.document, sourceOf(answer, request));
  const total = document.meta?.paging?.total;
  return {
    ...answer,
    document,
    ...nextPage(baseUrl, document.links.next, request),
    total: typeof total === 'number' ? total : undefined,
  };
}

function sourceOf(answer: AscResult<unknown>, { method, path }: SendRequest) {
  return { method, path, status: answer.status, requestId: answer.requestId };
}

function withFullPages(query: AscQuery = {}): AscQuery {
  return { ...query, limit: { page: PAGE_LIMIT, ...query.limit } };
}
