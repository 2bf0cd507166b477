import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { actorOfToken } from '@/lib/access/machine-tokens';
import {
  authorise,
  type MachineActor,
  type MachinePermission,
  type Permission,
  type UserActor,
} from '@/lib/access/policy';
import { type AppContext, appContext } from '@/lib/context';
import type { Ctx } from '@/lib/services/ctx';
import { type Problem, RefusedError } from '@/lib/services/errors';
import { type Answer, errorResponse, toResponse } from './answer';
import { BODY_LIMIT, readJson } from './body';
import { shown } from './errors';
import { type Metrics, metricsOf } from './metrics';
import { isOwnHost, isOwnOrigin, isSafe } from './origin';
import { actorOfRequest } from './session';
import { misspelling } from './well-formed';

/** What an endpoint works with. */
export interface EndpointCall<Body = undefined> {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The account that the caller names: `Flightdeck-Account`, or `account` in the address. */
  readonly account: string | undefined;
  readonly body: Body;
  readonly ctx: Ctx & { readonly actor: UserActor };
}

/** What an endpoint without a session works with. */
export interface PublicCall<Body = undefined> extends Omit<EndpointCall<Body>, 'ctx'> {
  readonly app: AppContext;
  readonly requestId: string;
}

interface Shape<Body> {
  /** The label of the counters. */
  readonly name: string;
  /** The JSON body; extra keys are the schema's business (`z.strictObject`). */
  readonly body?: z.ZodType<Body>;
  /** bytes */
  readonly bodyLimit?: number;
}

export interface Endpoint<Body = undefined> extends Shape<Body> {
  /** Asked before the body is read; the service asks again. */
  readonly permission?: Permission;
  /** Whether a temporary password is enough, as it is for changing it and nothing else. */
  readonly allowsTemporaryPassword?: true;
  run(call: EndpointCall<Body>): Promise<Answer> | Answer;
}

export interface PublicEndpoint<Body = undefined> extends Shape<Body> {
  run(call: PublicCall<Body>): Promise<Answer> | Answer;
}

/** A route handler as Next calls it; a test calls it the same way. */
export type RouteHandler = (
  request: Request,
  context?: { params: Promise<Record<string, string | string[]>> },
) => Promise<Response>;

/** The one wrapper: request id, host, origin, session, permission, body, errors, counters. */
export function endpoint<Body = undefined>(spec: Endpoint<Body>): RouteHandler {
  return wrap(spec, async ({ app, requestId, ...call }) => {
    const actor = await actorOfRequest(app, call.request);
    if (!actor) throw new RefusedError(SIGNED_OUT);
    if (actor.mustChangePassword && !spec.allowsTemporaryPassword) throw new RefusedError(TEMPORARY);
    if (spec.permission) authorise(actor, spec.permission);
    const body = await bodyOf(spec, call.request);
    return spec.run({ ...call, body, ctx: { ...app.ctx(actor, requestId), actor } });
  });
}

export interface MachineEndpoint<Body = undefined> extends Shape<Body> {
  readonly permission: MachinePermission;
  run(
    call: Omit<EndpointCall<Body>, 'ctx'> & {
      readonly ctx: Ctx & { readonly actor: UserActor | MachineActor };
    },
  ): Promise<Answer> | Answer;
}

/** The same for what build machines ask for too: a person by the cookie, a machine by `Authorization: Bearer`. */
export function machineEndpoint<Body = undefined>(spec: MachineEndpoint<Body>): RouteHandler {
  return wrap(
    spec,
    async ({ app, requestId, ...call }) => {
      const token = bearerOf(call.request);
      const actor =
        token === null
          ? await actorOfRequest(app, call.request)
          : await actorOfToken(app.db, token, app.clock.now());
      if (!actor) throw new RefusedError(token === null ? SIGNED_OUT : BAD_TOKEN);
      if (actor.kind === 'user' && actor.mustChangePassword) throw new RefusedError(TEMPORARY);
      authorise(actor, spec.permission);
      const body = await bodyOf(spec, call.request);
      return spec.run({ ...call, body, ctx: { ...app.ctx(actor, requestId), actor } });
    },
    { takesTokens: true },
  );
}

/** The token a request carries. @throws RefusedError 400 beside a cookie: a browser never sends one */
function bearerOf(request: Request): string | null {
  const given = request.headers.get('authorization');
  if (given === null) return null;
  if (request.headers.get('cookie') !== null) throw new RefusedError(TWO_PROOFS);
  return /^Bearer +(\S+)$/i.exec(given.trim())?.[1] ?? '';
}

/** The same for the few endpoints that work without a session. */
export function publicEndpoint<Body = undefined>(spec: PublicEndpoint<Body>): RouteHandler {
  return wrap(spec, async (call) => spec.run({ ...call, body: await bodyOf(spec, call.request) }));
}

/**
 * The same for what another server sends and proves by itself: nothing is asked of the host's name, which is the one that the
 * other side was given, nor of an origin, which no server sends.
 */
export function receivingEndpoint(spec: PublicEndpoint): RouteHandler {
  return wrap(spec, async (call) => spec.run({ ...call, body: undefined }), { isProvedInside: true });
}

const SIGNED_OUT: Problem = {
  status: 401,
  code: 'FLIGHTDECK.SIGNED_OUT',
  title: 'Not signed in',
  detail: 'Sign in to go on. Your session may have ended.',
};

const TEMPORARY: Problem = {
  status: 403,
  code: 'FLIGHTDECK.TEMPORARY_PASSWORD',
  title: 'Choose your own password',
  detail: 'You are signed in with a temporary password. Choose one of your own to go on.',
};

const BAD_TOKEN: Problem = {
  status: 401,
  code: 'FLIGHTDECK.TOKEN',
  title: 'The token is not valid',
  detail: 'The token is unknown, was revoked or has expired. An admin makes new ones under Settings, Tokens.',
  source: { header: 'Authorization' },
};

const TWO_PROOFS: Problem = {
  status: 400,
  code: 'FLIGHTDECK.TOKEN_AND_COOKIE',
  title: 'A token or a session, not both',
  detail: 'Send the token without cookies.',
  source: { header: 'Authorization' },
};

/** What a request has to bring, beside what its endpoint asks for. */
interface Admission {
  readonly takesTokens?: boolean;
  readonly isProvedInside?: boolean;
}

type Inner = (call: Omit<PublicCall<never>, 'body'>) => Promise<Answer>;

function wrap(
  spec: { readonly name: string },
  inner: Inner,
  { takesTokens = false, isProvedInside = false }: Admission = {},
): RouteHandler {
  return async (request, context) => {
    const requestId = requestIdOf(request);
    const started = performance.now();
    let metrics: Metrics | undefined;
    let response: Response;
    try {
      const app = await appContext();
      metrics = metricsOf(app.db);
      metrics.inFlight.inc();
      const how = { name: spec.name, takesTokens, isProvedInside };
      response = await answer(app, how, inner, request, requestId, context);
      metrics.inFlight.dec();
    } catch (error) {
      // The context itself cannot be opened: the configuration is wrong, and the log has said why.
      response = errorResponse(shown(error, Date.now()), requestId, Date.now());
    }
    metrics?.requests.inc({ endpoint: spec.name, method: request.method, status: String(response.status) });
    metrics?.seconds.observe(
      { endpoint: spec.name, method: request.method },
      (performance.now() - started) / 1000,
    );
    return response;
  };
}

async function answer(
  app: AppContext,
  { name, takesTokens, isProvedInside }: { readonly name: string } & Admission,
  inner: Inner,
  request: Request,
  requestId: string,
  context: Parameters<RouteHandler>[1],
): Promise<Response> {
  try {
    // A token is proof by itself: no browser sends one unasked, so where it comes from does not matter.
    const hasToken = takesTokens === true && request.headers.has('authorization');
    admit(request, app.env.NEXTAUTH_URL, { hasToken, isProvedInside: isProvedInside === true });
    const query = new URL(request.url).searchParams;
    return toResponse(
      await inner({
        app,
        request,
        requestId,
        query,
        account: accountIn(request, query),
        params: await paramsOf(context),
      }),
      requestId,
    );
  } catch (error) {
    const failure = shown(error, app.clock.now());
    const facts = { requestId, endpoint: name, method: request.method, status: failure.status };
    if (failure.isFault) app.log.error({ ...facts, err: error }, 'request failed');
    else app.log.info({ ...facts, code: failure.problems[0]?.code }, 'request refused');
    return errorResponse(failure, requestId, app.clock.now());
  }
}

// A picture's address and a downloaded file carry no headers.
function accountIn(request: Request, query: URLSearchParams): string | undefined {
  return request.headers.get('flightdeck-account') || query.get('account') || undefined;
}

/** @throws RefusedError for another host's name, or a change asked for by another site */
function admit(
  request: Request,
  canonicalUrl: string,
  { hasToken, isProvedInside }: { readonly hasToken: boolean; readonly isProvedInside: boolean },
): void {
  const wrong = misspelling(request.url);
  if (wrong) {
    const source = wrong.part === 'query' ? { parameter: parameterOf(request.url) } : {};
    throw new RefusedError({
      status: 400,
      code: 'FLIGHTDECK.ADDRESS',
      title: 'The address is misspelt',
      detail: wrong.detail,
      source,
    });
  }
  if (isProvedInside) return;
  if (!isOwnHost(request, canonicalUrl)) {
    throw new RefusedError({
      status: 421,
      code: 'FLIGHTDECK.HOST',
      title: 'Another address is needed',
      detail: 'Flightdeck does not answer under this host name. Set NEXTAUTH_URL to the address people use.',
    });
  }
  if (!hasToken && !isOwnOrigin(request, canonicalUrl)) {
    throw new RefusedError({
      status: 403,
      code: 'FLIGHTDECK.ORIGIN',
      title: 'Not from here',
      detail: 'Changes are taken from Flightdeck’s own pages only.',
    });
  }
}

/** A body with the account its request names, unless the body itself says otherwise. */
export function placed<Body extends { readonly accountId?: string | undefined }>(
  body: Body,
  account: string | undefined,
): Body {
  return account === undefined || body.accountId !== undefined ? body : { ...body, accountId: account };
}

/** The first parameter that cannot be read, as far as its own name can. */
function parameterOf(url: string): string {
  const pairs = new URL(url).search.slice(1).split('&');
  const pair = pairs.find((one) => misspelling(`/?${one}`) !== null) ?? '';
  return [...new URLSearchParams(pair).keys()][0]?.slice(0, 200) ?? '';
}

async function bodyOf<Body>(spec: Shape<Body>, request: Request): Promise<Body> {
  if (!spec.body || isSafe(request.method)) return undefined as Body;
  const parsed = spec.body.safeParse(await readJson(request, spec.bodyLimit ?? BODY_LIMIT));
  if (parsed.success) return parsed.data;
  throw new RefusedError(
    parsed.error.issues.map((issue) => ({
      status: 400,
      code: 'FLIGHTDECK.BODY',
      title: 'The request body is wrong',
      detail: issue.message,
      source: { pointer: `/${issue.path.map(String).join('/')}` },
    })),
  );
}

async function paramsOf(context: Parameters<RouteHandler>[1]): Promise<Record<string, string>> {
  const given = Object.entries((await context?.params) ?? {});
  return Object.fromEntries(
    given.map(([name, value]) => [name, Array.isArray(value) ? value.join('/') : value]),
  );
}

/** The caller's own id when it is a plain one, so that a proxy's log and ours can be put together. */
function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id') ?? '';
  return /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}
