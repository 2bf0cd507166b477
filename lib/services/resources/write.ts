import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { CatalogueEntry, ResourceType } from '@/lib/asc/catalogue/types';
import { isAscError } from '@/lib/asc/errors';
import { factsOf, relationshipOf, type WriteCall } from '@/lib/asc/operations';
import { isIdentified, type ResourceObject } from '@/lib/mirror/resource';
import type { Typed } from '../confirmation';
import type { Ctx } from '../ctx';
import { accountOf, cluesOf } from './account';
import { addressOf, allowed } from './address';
import { createBody, linkageIds, type ResourceInput, updateBody } from './body';
import { confirmDeletion, confirmUnlinking } from './confirmed';
import { refuseStale } from './expectation';
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
    after: (document) => ({ id: document?.id ?? null, ...requestedOf(type, input) }),
    refresh: refreshOf(type, undefined, input),
  });
}

/** Changes a resource: `body` is `{data: {type, id, attributes?, relationships?}, meta?: {expect?}}`. */
export async function updateResource(
  ctx: Ctx,
  { type: word, id, body, ...rest }: WriteArguments & { id: string; body: unknown },
): Promise<Carried> {
  const address = allowed(ctx, addressOf('update', word));
  const { type } = address;
  const { input, expect } = updateBody(type, id, body);
  const account = await accountOf(ctx, rest.accountId, [{ type, id }]);
  const askedAt = ctx.clock.now();
  return inTurn(ctx, { accountId: account.id, type, id }, async () => {
    const planFrom = (now: ResourceObject | null) =>
      planOfUpdate(ctx, account.id, { ...address, id, input }, rest, now, rest.appId);
    if (!expect) return carryOut(ctx, await planFrom(null));
    const now = await refuseStale(ctx, { accountId: account.id, type, id, expect, input, askedAt }).catch(
      async (error: unknown) => {
        throw isAscError(error) ? ((await goneAfter(ctx, await planFrom(null), error)) ?? error) : error;
      },
    );
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
    after: (document) =>
      document
        ? {
            ...requestedOf(type, input),
            attributes: withoutSecrets(type, { ...input.attributes, ...pickKnown(document, changed) }),
          }
        : requestedOf(type, input),
    refresh: [...refreshOf(type, id, input), ...ownersOf(type, subject.resource)],
  };
}

/** Deletes a resource; where the catalogue wants it, only with its name typed, unless this takes back its creation. */
export async function deleteResource(
  ctx: Ctx,
  { type: word, id, ...rest }: WriteArguments & { id: string },
): Promise<Carried> {
  const address = allowed(ctx, addressOf('delete', word));
  const { type } = address;
  const account = await accountOf(ctx, rest.accountId, [{ type, id }]);
  const subject = await subjectOf(ctx, account.id, type, id);
  await confirmDeletion(ctx, subject, {
    type,
    id,
    accountId: account.id,
    undoOf: rest.undoOf,
    typed: rest.typed,
  });
  const { resource } = subject;
  const plan: Plan = {
    call: { ...address, id },
    accountId: account.id,
    appId: subject.appId ?? (await saidApp(ctx, account.id, type, rest.appId)),
    label: subject.label,
    trace: rest,
    before: resource && {
      attributes: withoutSecrets(type, resource.attributes ?? {}),
      relationships: linkagesOnly(resource),
    },
    requested: null,
    after: () => null,
    refresh: ownersOf(type, resource),
  };
  return inTurn(ctx, { accountId: account.id, type, id }, () => carryOut(ctx, plan));
}

/** Adds to, removes from or replaces a relationship: `body` is `{data: [{type, id}]}`, or `{data: {type, id}}`. */
export async function changeLinkage(
  ctx: Ctx,
  {
    operation,
    type: word,
    id,
    name,
    body,
    ...rest
  }: WriteArguments & {
    operation: 'addLinkage' | 'removeLinkage' | 'replaceLinkage';
    id: string;
    name: string;
    body: unknown;
  },
): Promise<Carried> {
  const address = allowed(ctx, addressOf(operation, word, name));
  const { type } = address;
  const ids = linkageIds(type, name, body);
  if (operation === 'removeLinkage') {
    confirmUnlinking({ type, name, undoOf: rest.undoOf, typed: rest.typed }, ids.length);
  }
  const target = relationshipOf(type, name)?.target ?? '';
  const account = await accountOf(ctx, rest.accountId, [
    { type, id },
    ...cluesOf(ids.map((one) => [target, one])),
  ]);
  const subject = await subjectOf(ctx, account.id, type, id);
  const call: WriteCall = { ...address, id, input: operation === 'replaceLinkage' ? ids[0] : ids };
  const requested = { relationship: name, data: ids.map((one) => ({ type: target, id: one })) };
  return carryOut(ctx, {
    call,
    accountId: account.id,
    appId: subject.appId,
    label: subject.label,
    trace: rest,
    before:
      operation === 'replaceLinkage'
        ? { relationship: name, data: subject.resource?.relationships?.[name]?.data ?? null }
        : null,
    requested,
    after: () => requested,
    refresh:
      operation === 'replaceLinkage'
        ? [{ type, id }]
        : [
            ...(await newcomers(ctx, { operation, target, ids, accountId: account.id, ...subject })),
            // Whoever gets a build may begin its testing.
            ...refreshOf(type, id, {}),
          ],
  });
}

/** Testers whom an app gets by a linkage and of whom it knows nothing yet, up to a few. */
async function newcomers(
  ctx: Ctx,
  {
    operation,
    target,
    ids,
    accountId,
    appId,
  }: { operation: string; target: string; ids: readonly string[]; accountId: string; appId: string | null },
): Promise<{ type: ResourceType; id: string }[]> {
  if (operation !== 'addLinkage' || !factsOf(target).isPerApp || appId === null) return [];
  const { db } = ctx;
  const rows = await db.read<{ id: string }>(
    db.build
      .selectFrom('betaTesters')
      .select('id')
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .where(({ ref }) => db.dialect.among(ref('id'), ids)),
  );
  const known = new Set(rows.map(({ id }) => id));
  return ids
    .filter((id) => !known.has(id))
    .slice(0, FEW)
    .map((id) => ({ type: 'betaTesters', id }));
}

/** More newcomers than these are left to the next sync. */
const FEW = 20;

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
function refreshOf(
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
