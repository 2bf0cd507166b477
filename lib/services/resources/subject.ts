import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { factsOf, isOffered } from '@/lib/asc/operations';
import type { AscQuery } from '@/lib/asc/query-types';
import type { OneDocument } from '@/lib/asc/types';
import { attributesOf, isIdentified, type ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import type { ResourceInput } from './body';
import { mirrored } from './mirrored';

/** What a write is about, as the audit trail and the mirror need to know it. */
export interface Subject {
  /** The resource before the change, as far as it is known. */
  readonly resource: ResourceObject | null;
  readonly appId: string | null;
  /** What people call it. */
  readonly label: string | null;
}

/** The attributes that name a resource, the best first. */
const NAMES = [
  ...['name', 'email', 'version', 'locale', 'title'],
  ...['url', 'bundleId', 'firstName', 'fileName'],
] as const;
const SECRET = '[secret]';

/** What is about to be changed: from the mirror, or as Apple has just told it, or asked where no copy is kept. */
export async function subjectOf(
  ctx: Ctx,
  accountId: string,
  type: ResourceType,
  id: string,
  now: ResourceObject | null = null,
): Promise<Subject> {
  const resource =
    (await mirrored(ctx.db, accountId, type, id)) ?? now ?? (await askFor(ctx, accountId, type, id));
  const label = labelOf(resource) ?? (await ownerLabel(ctx, accountId, type, resource));
  return { resource, appId: await appOf(ctx, accountId, type, id, resource), label };
}

/** What a resource without a name belongs to: criteria are called by their group. */
async function ownerLabel(
  ctx: Ctx,
  accountId: string,
  type: ResourceType,
  resource: ResourceObject | null,
): Promise<string | null> {
  const [owner] = ownersOf(type, resource);
  return owner ? labelOf(await mirrored(ctx.db, accountId, owner.type, owner.id)) : null;
}

/** The mirrored resources that hold facts of one that has no table of its own. */
export function ownersOf(
  type: ResourceType,
  resource: ResourceObject | null,
): { type: ResourceType; id: string }[] {
  const { cache, stale } = entryOf(type);
  if (cache === 'mirror') return [];
  return Object.values(resource?.relationships ?? {}).flatMap(({ data }) =>
    isIdentified(data) &&
    isResourceType(data.type) &&
    stale.includes(data.type) &&
    entryOf(data.type).cache === 'mirror'
      ? [{ type: data.type, id: data.id }]
      : [],
  );
}

/** What is about to be created: known only from the request. */
export async function newSubject(ctx: Ctx, accountId: string, input: ResourceInput): Promise<Subject> {
  const resource = { type: '', id: '', attributes: input.attributes ?? {} };
  const targets = Object.values(input.relationships ?? {}).flatMap(({ data }) =>
    [data].flat().filter(isIdentified),
  );
  const apps = await Promise.all(
    targets.map((target) => appOf(ctx, accountId, target.type, target.id, null)),
  );
  const own = labelOf(resource);
  const [first] = targets;
  const about =
    first && isResourceType(first.type)
      ? labelOf(await mirrored(ctx.db, accountId, first.type, first.id))
      : null;
  return { resource: null, appId: apps.find((app) => app !== null) ?? null, label: own ?? about };
}

/** Asks for the app along: Apple names it only then, and the trail and an undo need to know whose a resource is. */
export function withApp(type: ResourceType): AscQuery {
  const { cache, include, toOne } = entryOf(type);
  const name = include.find((one) => factsOf(toOne[one] ?? '').isApp);
  return cache === 'mirror' || name === undefined ? {} : { include: [name] };
}

async function askFor(
  ctx: Ctx,
  accountId: string,
  type: ResourceType,
  id: string,
): Promise<ResourceObject | null> {
  const { cache } = entryOf(type);
  if (cache === 'mirror' || !isOffered({ type, operation: 'get' })) return null;
  try {
    const asc = await ctx.ascFor(accountId);
    const { document } = await asc.perform({ type, operation: 'get', id, query: withApp(type) });
    return (document as OneDocument<ResourceObject>).data;
  } catch {
    // The change itself will say what is wrong.
    return null;
  }
}

async function appOf(
  ctx: Ctx,
  accountId: string,
  type: string,
  id: string,
  known: ResourceObject | null,
): Promise<string | null> {
  if (factsOf(type).isApp) return id;
  if (!isResourceType(type)) return null;
  const resource = known ?? (await mirrored(ctx.db, accountId, type, id));
  if (typeof resource?.meta?.appId === 'string') return resource.meta.appId;
  const app = resource?.relationships?.app?.data;
  return isIdentified(app) ? app.id : null;
}

/**
 * The app that whoever writes names, where the account has it: the trail files nothing under another. Nobody's word decides
 * whose a row of our copy is.
 */
export async function saidApp(
  ctx: Ctx,
  accountId: string,
  type: ResourceType,
  appId: string | undefined,
): Promise<string | null> {
  if (appId === undefined || entryOf(type).cache === 'mirror') return null;
  return (await mirrored(ctx.db, accountId, 'apps', appId)) === null ? null : appId;
}

/** What people call a resource, or null. */
export function labelOf(resource: ResourceObject | null): string | null {
  if (!resource) return null;
  const attributes = attributesOf(resource);
  for (const name of NAMES) {
    const value = attributes[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 200);
  }
  return null;
}

/** The attributes without what must never be stored, such as a webhook's secret. */
export function withoutSecrets(
  type: ResourceType,
  attributes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const secret = entryOf(type).secret ?? [];
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, secret.includes(name) ? SECRET : value]),
  );
}

/** Of a resource's attributes those with the given names; what it does not have is null. */
export function pick(resource: ResourceObject | null, names: readonly string[]): Record<string, unknown> {
  const attributes = resource ? attributesOf(resource) : {};
  return Object.fromEntries(names.map((name) => [name, attributes[name] ?? null]));
}
