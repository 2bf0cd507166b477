import { badMember } from '@/lib/services/errors';
import { changeLinkage } from '@/lib/services/resources/link';
import type { Carried } from '@/lib/services/resources/outcome';
import {
  getLinkage,
  getMetrics,
  getResource,
  listRelated,
  listResources,
} from '@/lib/services/resources/read';
import { createResource, deleteResource, updateResource } from '@/lib/services/resources/write';
import type { Answer } from '../core/answer';
import { BODY_LIMIT, readJson, readJsonIfAny } from '../core/body';
import { type EndpointCall, endpoint, type RouteHandler } from '../core/endpoint';

type Verb =
  | 'list'
  | 'create'
  | 'get'
  | 'update'
  | 'delete'
  | 'related'
  | 'metrics'
  | 'linkage'
  | 'addLinkage'
  | 'removeLinkage'
  | 'replaceLinkage';

/** A route of the typed proxy: `export const GET = handle('list')`. */
export function handle(verb: Verb): RouteHandler {
  return endpoint({ name: `v1/${verb}`, run: (call) => VERBS[verb](call) });
}

const VERBS: Readonly<Record<Verb, (call: EndpointCall) => Promise<Answer>>> = {
  list: async (call) => ({ body: await listResources(call.ctx, readOf(call)) }),
  get: async (call) => ({ body: await getResource(call.ctx, oneOf(call)) }),
  related: async (call) => ({ body: await listRelated(call.ctx, belowOf(call, 'related')) }),
  metrics: async (call) => ({ body: await getMetrics(call.ctx, belowOf(call, 'name')) }),
  linkage: async (call) => ({ body: await getLinkage(call.ctx, belowOf(call, 'relationship')) }),
  create: async (call) =>
    written(201, await createResource(call.ctx, { ...writeOf(call), body: await bodyOf(call) })),
  update: async (call) =>
    written(
      200,
      await updateResource(call.ctx, { ...writeOf(call), id: idOf(call), body: await bodyOf(call) }),
    ),
  delete: async (call) =>
    written(
      200,
      await deleteResource(call.ctx, {
        ...writeOf(call),
        id: idOf(call),
        body: await readJsonIfAny(call.request, BODY_LIMIT),
      }),
    ),
  addLinkage: (call) => linkage(call, 'addLinkage'),
  removeLinkage: (call) => linkage(call, 'removeLinkage'),
  replaceLinkage: (call) => linkage(call, 'replaceLinkage'),
};

async function linkage(
  call: EndpointCall,
  operation: 'addLinkage' | 'removeLinkage' | 'replaceLinkage',
): Promise<Answer> {
  const name = call.params.relationship ?? '';
  const body = await bodyOf(call);
  return written(
    200,
    await changeLinkage(call.ctx, { ...writeOf(call), id: idOf(call), name, operation, body }),
  );
}

function written(status: number, carried: Carried): Answer {
  const { document, included, auditId, isQueued, warning } = carried;
  return {
    status: isQueued ? 202 : status,
    body: {
      ...(document ? { data: document } : {}),
      ...(included.length > 0 ? { included } : {}),
      meta: {
        auditId,
        source: 'apple',
        ...(isQueued ? { queued: true } : {}),
        ...(warning === undefined ? {} : { warning }),
      },
    },
  };
}

function readOf({ params, query, account }: EndpointCall) {
  const parameters = new URLSearchParams(query);
  parameters.delete('account');
  return { type: params.type ?? '', parameters, accountId: account };
}

/** `inApp`: somebody who tests several apps has a row in each. */
function oneOf(call: EndpointCall) {
  const { parameters, ...read } = readOf(call);
  const appId = parameters.get('inApp') || undefined;
  parameters.delete('inApp');
  return { ...read, parameters, id: idOf(call), appId };
}

function belowOf(call: EndpointCall, name: string) {
  return { ...readOf(call), id: idOf(call), name: call.params[name] ?? '' };
}

/** `inApp`: the app, of what neither says itself nor belongs to something that says it. */
function writeOf({ params, query, request, account }: EndpointCall) {
  const appId = query.get('inApp') || undefined;
  return { type: params.type ?? '', accountId: account, typed: typedIn(request), appId };
}

/** Apple's ids are opaque and some look like base64; none is empty, endless, invisible or a step in a path. */
function idOf({ params }: EndpointCall): string {
  const id = params.id ?? '';
  if (!/^[^\p{C}\p{Z}]{1,400}$/u.test(id) || /^\.{1,2}$/.test(id))
    throw badMember('', 'This is not an id.', 404);
  return id;
}

/** A header carries plain characters only, so what was typed comes percent-encoded. */
function typedIn(request: Request): string | undefined {
  const given = request.headers.get('flightdeck-confirm') ?? undefined;
  try {
    return given && decodeURIComponent(given);
  } catch {
    return given;
  }
}

async function bodyOf({ request }: EndpointCall): Promise<unknown> {
  return readJson(request, BODY_LIMIT);
}
