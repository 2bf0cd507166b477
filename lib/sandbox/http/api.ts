import type { Body, BodyChecker } from '../checks/body-check';
import { checkQuery } from '../checks/query-check';
import { apiError, forbidden, methodNotAllowed, pathError, Refusal } from '../checks/refusal';
import { matchRoute, type Operation, type Route, type SpecDocument } from '../checks/spec';
import type { Reads } from '../engine/reads';
import type { Resource } from '../engine/resource';
import type { SpecialTools } from '../engine/special';
import { checkAccept, specialReads } from '../engine/special-reads';
import type { Writes } from '../engine/writes';
import { checkInternalOnly } from '../rules/internal-only';
import { type ApiAnswer, JSON_TYPE } from './api-answer';
import type { RateLimiter } from './rate-limit';
import { isManager, mayUse } from './roles';
import { type Caller, checkScope, type TokenVerifier } from './token';

export interface ApiRequest {
  method: string;
  url: URL;
  authorization: string | undefined;
  accept: string | undefined;
  contentType: string | undefined;
  body: string;
}

export interface Trace {
  template: string | null;
  keyId: string | null;
  rateLimit: string | null;
}

export interface ApiParts {
  spec: SpecDocument;
  tokens: TokenVerifier;
  limiter: RateLimiter;
  bodies: BodyChecker;
  reads: Reads;
  writes: Writes;
  special: SpecialTools;
}

/** One request to the simulated API, from token to document. */
export class Api {
  readonly #parts: ApiParts;

  constructor(parts: ApiParts) {
    this.#parts = parts;
  }

  /** Throws a Refusal for everything that is not a success; fills in the trace as far as it gets. */
  async answer(request: ApiRequest, trace: Trace): Promise<ApiAnswer> {
    const caller = await this.#parts.tokens.verify(request.authorization);
    trace.keyId = caller.key.keyId;
    this.#spend(caller, trace);
    const route = matchRoute(this.#parts.spec, request.url.pathname);
    if (!route) throw pathError(request.url.pathname);
    trace.template = route.template;
    const operation = route.operation(request.method);
    if (!operation) throw methodNotAllowed(request.method, route.methods);
    checkScope(caller, request.method, request.url);
    if (!mayUse(caller.key.roles, rightsType(route), request.method))
      throw forbidden('The API key in use does not allow this request');
    return this.#perform(request, route, operation, caller);
  }

  #spend(caller: Caller, trace: Trace): void {
    const verdict = this.#parts.limiter.take(caller.key.keyId);
    trace.rateLimit = verdict.header;
    if (!verdict.allowed) throw rateLimited();
  }

  #perform(request: ApiRequest, route: Route, operation: Operation, caller: Caller): ApiAnswer {
    const { reads, special } = this.#parts;
    const query = checkQuery(operation, request.url.searchParams);
    if (request.method !== 'GET') return this.#write(request, route, operation, caller);
    const asked = { route, operation, query, url: request.url, caller };
    const read = specialReads[route.template];
    if (read) return read(special, asked, request.accept);
    checkAccept(request.accept, JSON_TYPE);
    return { status: 200, document: reads.answer(asked), contentType: JSON_TYPE };
  }

  #write(request: ApiRequest, route: Route, operation: Operation, caller: Caller): ApiAnswer {
    const { reads, writes, special } = this.#parts;
    const sees = (resource: Resource): boolean =>
      caller.key.visibleApps === null ||
      resource.appId === null ||
      caller.key.visibleApps.includes(resource.appId);
    const parent = route.id === null ? null : reads.visible(route.type, route.id, caller);
    const body = operation.body === null ? null : this.#bodyOf(request, route, operation.body);
    if (!isManager(caller.key.roles)) checkInternalOnly(special.world.store, parent, body);
    if (parent === null && body) {
      const made = writes.create(body, sees);
      const self = new URL(`/v1/${made.type}/${made.id}`, request.url);
      return { status: 201, document: reads.document(made, self), contentType: JSON_TYPE };
    }
    if (parent === null) throw pathError(request.url.pathname);
    if (route.section === 'relationships' && route.name !== null && body) {
      const how = request.method === 'POST' ? 'add' : request.method === 'DELETE' ? 'remove' : 'replace';
      writes.link(parent, route.name, how, body, sees);
      return nothing(operation);
    }
    if (body) {
      const changed = writes.update(parent, body, sees);
      return { status: 200, document: reads.document(changed, request.url), contentType: JSON_TYPE };
    }
    writes.remove(parent);
    return nothing(operation);
  }

  #bodyOf(request: ApiRequest, route: Route, schemaName: string): Body {
    checkContentType(request);
    const expectedId = route.section === null ? route.id : null;
    return this.#parts.bodies.check(schemaName, request.body, expectedId);
  }
}

/** Removing testers is queued by Apple (202) where it offers that answer; everything else is done (204). */
function nothing(operation: Operation): ApiAnswer {
  return {
    status: operation.responses['202'] === undefined ? 204 : 202,
    document: null,
    contentType: JSON_TYPE,
  };
}

function checkContentType({ contentType }: ApiRequest): void {
  if (!/^application\/(vnd\.api\+)?json\b/i.test(contentType ?? ''))
    throw new Refusal([
      apiError(
        415,
        'UNSUPPORTED_MEDIA_TYPE',
        'The request body has an unsupported media type',
        'Use application/json',
      ),
    ]);
}

const READ_AS: Readonly<Record<string, string>> = {
  betaFeedbackCrashSubmissions: 'betaFeedbackCrashSubmissions',
  betaFeedbackScreenshotSubmissions: 'betaFeedbackScreenshotSubmissions',
  crashLog: 'betaCrashLogs',
  webhooks: 'webhooks',
};

/** The right needed is that of what is read, also when it is read through its app. */
function rightsType(route: Route): string {
  return READ_AS[route.name ?? ''] ?? route.type;
}

/** 429 as the service words it. */
export function rateLimited(headers: Record<string, string> = {}): Refusal {
  return new Refusal(
    [
      apiError(
        429,
        'RATE_LIMIT_EXCEEDED',
        'The request rate limit has been reached.',
        'We have received too many requests for the API key in use. Wait and try again, or slow down your request rate.',
      ),
    ],
    headers,
  );
}
