import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { CatalogueEntry, ResourceType } from '@/lib/asc/catalogue/types';
import { isAscError } from '@/lib/asc/errors';
import type { WriteCall } from '@/lib/asc/operations';
import { isIdentified, type ResourceObject } from '@/lib/mirror/resource';
import type { Typed } from '../confirmation';
import type { Ctx } from '../ctx';
import { accountOf } from './account';
import { addressOf, allowed } from './address';
import { createBody, deleteBody, type ResourceInput, type Seen, updateBody } from './body';
import { confirmDeletion } from './confirmed';
import { type Expectation, refuseStale } from './expectation';
import { goneAfter } from './gone';
import { type Carried, carryOut, type Plan } from './outcome';
import { newSubject, ownersOf, pick, saidApp, subjectOf, withoutSecrets } from './subject';
import { inTurn } from './turn';

export interface WriteArguments {
  readonly type: string;
  /** The account, when the caller names one. */
  readonly accountId?: string | undefined;
  /** The audit entry this reverts. */
  readonly undoOf?: string | undefined;
  readonly jobId?: string | undefined;
  /** The app, where neither what is written nor what it belongs to tells it. */
  readonly appId?: string | undefined;
  /** What a person typed to confirm what cannot be taken back. */
  readonly typed?: Typed;
}

/** Creates a resource: `body` is `{data: {type, attributes?, relationships?}, included?}`. */
export async function createResource(
  ctx: Ctx,
  { type: word, body, ...rest }: WriteArguments & { body: unknown },
): Promise<Carried> {
  const address = allowed(ctx, addressOf('create', word));
  const { type } = address;
  const { input } = createBody(type, body);
  const account = await accountOf(ctx, rest.accountId, targetsOf(input));
  const subject = await newSubject(ctx, account.id, input);
  return carryOut(ctx, {
    call: { ...address, input },
    accountId: account.id,
    appId: subject.appId ?? (await saidApp(ctx, account.id, type, rest.appId)),
    label: subject.label,
    trace: rest,
    before: null,
    requested: requestedOf(type, input),
    after: (document) => ({ id: document?.id ?? null, ...madeOf(type, input, document) }),
    refresh: refreshOf(type, undefined, input),
  });
}

/** Changes a resource: `body` is `{data: {type, id, attributes?, relationships?}, meta?: {expect?, of?}}`. */
export async function updateResource(
  ctx: Ctx,
  { type: word, id, body, ...rest }: WriteArguments & { id: string; body: unknown },
): Promise<Carried> {
  const address = allowed(ctx, addressOf('update', word));
  const { type } = address;
  const { input, seen } = updateBody(type, id, body);
  const account = await accountOf(ctx, rest.accountId, [{ type, id }]);
  return asSeen(ctx, { accountId: account.id, type, id, seen, input }, (now) =>
    planOfUpdate(ctx, account.id, { ...address, id, input }, rest, now, rest.appId),
  );
}

/** Carries out a change in its turn, once the thing is still what its sender saw, where that was said. */
async function asSeen(
  ctx: Ctx,
  { seen, ...thing }: Omit<Expectation, 'expect' | 'of' | 'askedAt'> & { readonly seen: Seen | undefined },
  planFrom: (now: ResourceObject | null) => Promise<Plan>,
): Promise<Carried> {
  const askedAt = ctx.clock.now();
  return inTurn(ctx, thing, async () => {
    if (!seen) return carryOut(ctx, await planFrom(null));
    const now = await refuseStale(ctx, { ...thing, ...seen, askedAt }).catch(async (error: unknown) => {
      throw isAscError(error) ? ((await goneAfter(ctx, await planFrom(null), error)) ?? error) : error;
    });
    return carryOut(ctx, await planFrom(now));
  });
}

async function planOfUpdate(
  ctx: Ctx,
  accountId: string,
  call: WriteCall & { readonly id: string; readonly input: ResourceInput },
  trace: Plan['trace'],
  now: ResourceObject | null,
  appId: string | undefined,
): Promise<Plan> {
  const { type, id, input } = call;
  const subject = await subjectOf(ctx, accountId, type, id, now);
  const before = now ?? subject.resource;
  const changed = Object.keys(input.attributes ?? {});
  return {
    call,
    accountId,
    appId: subject.appId ?? (await saidApp(ctx, accountId, type, appId)),
    label: subject.label,
    trace,
    before: before && { attributes: withoutSecrets(type, pick(before, changed)) },
    owners: Object.values(subject.resource?.relationships ?? {}).flatMap(({ data }) =>
      isIdentified(data) ? [data] : [],
    ),
    requested: requestedOf(type, input),
    after: (document) => madeOf(type, input, document),
    refresh: [...refreshOf(type, id, input), ...ownersOf(type, subject.resource)],
  };
}

/**
 * Deletes a resource; where the catalogue wants it, only with its name typed, unless this takes back its creation: `body` is
 * `{meta: {expect, of?}}`, or nothing.
 */
export async function deleteResource(
  ctx: Ctx,
  { type: word, id, body, ...rest }: WriteArguments & { id: string; body?: unknown },
): Promise<Carried> {
  const address = allowed(ctx, addressOf('delete', word));
  const { type } = address;
  const seen = deleteBody(body);
  const { id: accountId } = await accountOf(ctx, rest.accountId, [{ type, id }]);
  return asSeen(ctx, { accountId, type, id, seen, input: {} }, async (now) => {
    const subject = await subjectOf(ctx, accountId, type, id, now);
    const { undoOf, typed } = rest;
    await confirmDeletion(ctx, subject, { type, id, accountId, undoOf, typed });
    const { resource } = subject;
    return {
      call: { ...address, id },
      accountId,
      appId: subject.appId ?? (await saidApp(ctx, accountId, type, rest.appId)),
      label: subject.label,
      trace: rest,
      before: resource && {
        attributes: withoutSecrets(type, (now ?? resource).attributes ?? {}),
        relationships: linkagesOnly(resource),
      },
      requested: null,
      after: () => null,
      refresh: ownersOf(type, resource),
    };
  });
}

function targetsOf({ relationships = {} }: ResourceInput) {
  return Object.values(relationships).flatMap(({ data }) => [data].flat().filter(isIdentified));
}

function requestedOf(type: ResourceType, { attributes, relationships, included }: ResourceInput) {
  return {
    ...(attributes ? { attributes: withoutSecrets(type, attributes) } : {}),
    ...(relationships ? { relationships } : {}),
    ...(included ? { included } : {}),
  };
}

/** What was asked for, with the attributes as Apple has put them into its own form. */
function madeOf(type: ResourceType, input: ResourceInput, document: ResourceObject | null) {
  const { attributes } = input;
  if (!document || !attributes) return requestedOf(type, input);
  const made = { ...attributes, ...pickKnown(document, Object.keys(attributes)) };
  return requestedOf(type, { ...input, attributes: made });
}

function pickKnown(resource: ResourceObject, names: readonly string[]): Record<string, unknown> {
  const { attributes = {} } = resource;
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(attributes, name)).map((name) => [name, attributes[name]]),
  );
}

/** The linkages a resource had, without links and paging. */
function linkagesOnly(resource: ResourceObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(resource.relationships ?? {}).flatMap(([name, { data }]) =>
      data === undefined ? [] : [[name, { data }]],
    ),
  );
}

/**
 * What to read again after a change, because Apple changes it along: the to-one targets the catalogue calls stale,
 * and the resource itself where facts of it that live elsewhere do.
 */
export function refreshOf(
  type: ResourceType,
  id: string | undefined,
  input: ResourceInput,
): { type: ResourceType; id: string | undefined }[] {
  const { stale, toOne, include, cache, isPerApp }: CatalogueEntry = entryOf(type);
  const targets = Object.values(input.relationships ?? {})
    .flatMap(({ data }) =>
      isIdentified(data) && isResourceType(data.type) ? [{ type: data.type, id: data.id }] : [],
    )
    .filter((target) => stale.includes(target.type) && entryOf(target.type).cache === 'mirror');
  const ownParts = include.some((name) => {
    const target = toOne[name];
    return (
      target !== undefined &&
      isResourceType(target) &&
      stale.includes(target) &&
      entryOf(target).cache === 'mirror'
    );
  });
  const isScoped = isPerApp === true && id === undefined;
  return [...targets, ...(cache === 'mirror' && (ownParts || isScoped) ? [{ type, id }] : [])];
}
