import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { factsOf, relationshipOf, type WriteCall } from '@/lib/asc/operations';
import { evictStatements } from '@/lib/mirror/evict';
import { assumedStateStatement, invitedStatement } from '@/lib/mirror/invited';
import { addLinkageStatements, removeLinkageStatements } from '@/lib/mirror/membership';
import { membershipBy } from '@/lib/mirror/memberships';
import { isIdentified, isRecord, type ResourceObject } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Database, Write } from '@/lib/store/database';
import { announced } from '@/lib/store/feed';
import type { ResourceInput } from './body';
import { mirrored } from './mirrored';
import { dropStatements, staleTypes } from './responses';

/** Where and when a change took effect. */
export interface Effect {
  readonly db: Database;
  readonly accountId: string;
  readonly appId: string | null;
  /** When Apple answered, ms since 1970. */
  readonly at: number;
  /** Apple has accepted the change and makes it later (202). */
  readonly isQueued?: boolean;
}

/** What we hold after a write that Apple has carried out: our copy of it, nothing of what it made stale, and word of it. */
export async function effectsOf(
  effect: Effect,
  call: WriteCall,
  document: ResourceObject | null,
): Promise<Write[]> {
  const { accountId } = effect;
  return [
    ...(await copyOf(effect, call, document)),
    ...dropStatements(effect.db, accountId, staleTypes(call.type, call.name)),
    ...announced('mirror', [call.type], effect.at),
  ];
}

async function copyOf(
  effect: Effect,
  { operation, type, id = '', name = '', input }: WriteCall,
  document: ResourceObject | null,
): Promise<Write[]> {
  switch (operation) {
    case 'create':
    case 'update':
      return document ? writtenStatements(effect, document, input as ResourceInput) : [];
    case 'delete': {
      const { accountId, at, isQueued } = effect;
      return evictStatements({ accountId, type, ids: [id], at, isQueued });
    }
    case 'addLinkage':
    case 'removeLinkage':
      return linkedStatements(effect, operation, type, id, name, input as readonly string[]);
    case 'replaceLinkage':
      return [];
  }
}

/** The mirror after Apple has answered a create or update with the resource. */
async function writtenStatements(
  effect: Effect,
  answered: ResourceObject,
  input: ResourceInput,
): Promise<Write[]> {
  const { db, accountId, at } = effect;
  const resource = withToOne(answered, input);
  const appId = effect.appId ?? (await appOfTargets(db, accountId, input));
  // What is live is never kept: a letter is sent, and that is all.
  const isKept = !isResourceType(resource.type) || entryOf(resource.type).cache !== 'live';
  const upsert = upsertStatements({
    accountId,
    resources: isKept ? [resource] : [],
    fetchedAt: at,
    source: 'write',
    ...(appId === null ? {} : { appId, parent: `apps/${appId}` }),
  });
  const type = answered.type;
  const links = (
    await Promise.all(
      Object.entries(input.relationships ?? {}).map(async ([name, { data }]) =>
        Array.isArray(data) && isResourceType(type)
          ? await linkedStatements(
              { ...effect, appId },
              'addLinkage',
              type,
              answered.id,
              name,
              data.filter(isIdentified).map(({ id }) => id),
            )
          : [],
      ),
    )
  ).flat();
  return [...upsert, ...links, ...statesOf(effect, resource, appId)];
}

/** What an answer to a write leaves open of people: their state in the app, and whether an invitation made it so. */
function statesOf(
  { accountId }: Effect,
  { type, id, ...answered }: ResourceObject,
  appId: string | null,
): Write[] {
  if (appId === null) return [];
  const { isPerApp, invites } = factsOf(type);
  if (isPerApp) return [assumedStateStatement({ accountId, appId, testerIds: [id] })];
  const tester = invites === undefined ? undefined : answered.relationships?.[invites]?.data;
  return isIdentified(tester) ? [invitedStatement({ accountId, appId, testerIds: [tester.id] })] : [];
}

/** The mirror after members were added to or removed from a relationship. */
async function linkedStatements(
  effect: Effect,
  change: 'addLinkage' | 'removeLinkage',
  type: ResourceType,
  id: string,
  name: string,
  ids: readonly string[],
): Promise<Write[]> {
  if (change === 'removeLinkage') {
    const gone = removedFromApp(effect, type, id, name, ids);
    if (gone) return gone;
  }
  const linkage = membershipBy(type, name);
  const { db, accountId, at } = effect;
  const appId = effect.appId ?? (await appOf(db, accountId, type, id));
  if (!linkage || appId === null) return [];
  const statements = change === 'addLinkage' ? addLinkageStatements : removeLinkageStatements;
  const { table } = linkage;
  const rows = linkage.isGroup
    ? statements({ accountId, appId, table, groupId: id, memberIds: ids, at })
    : ids.flatMap((groupId) => statements({ accountId, appId, table, groupId, memberIds: [id], at }));
  const isGiven = change === 'addLinkage' && factsOf(type).isPerApp === true;
  return isGiven ? [...rows, assumedStateStatement({ accountId, appId, testerIds: [id] })] : rows;
}

// Taken out of an app, a tester's row of that app is gone, with all memberships.
function removedFromApp(
  { accountId, at, isQueued }: Effect,
  type: ResourceType,
  id: string,
  name: string,
  ids: readonly string[],
): Write[] | null {
  const target = relationshipOf(type, name)?.target ?? '';
  const evict = (of: string, members: readonly string[], appId: string) =>
    evictStatements({ accountId, type: of, ids: members, appId, at, isQueued });
  if (factsOf(type).isApp && factsOf(target).isPerApp) return evict(target, ids, id);
  if (factsOf(type).isPerApp && factsOf(target).isApp)
    return ids.flatMap((appId) => evict(type, [id], appId));
  return null;
}

/** Apple's answer to a write often says nothing about relationships: the to-one ones asked for are known. */
function withToOne(answered: ResourceObject, input: ResourceInput): ResourceObject {
  const asked = Object.entries(input.relationships ?? {}).filter(([, { data }]) => isIdentified(data));
  const relationships: Record<string, unknown> = { ...answered.relationships };
  for (const [name, { data }] of asked) {
    const known = relationships[name];
    if (isRecord(known) && known.data !== undefined) continue;
    relationships[name] = { ...(isRecord(known) ? known : {}), data };
  }
  return { ...answered, relationships: relationships as NonNullable<ResourceObject['relationships']> };
}

async function appOfTargets(db: Database, accountId: string, input: ResourceInput): Promise<string | null> {
  for (const { data } of Object.values(input.relationships ?? {})) {
    for (const target of [data].flat().filter(isIdentified)) {
      const app = isResourceType(target.type) ? await appOf(db, accountId, target.type, target.id) : null;
      if (app !== null) return app;
    }
  }
  return null;
}

async function appOf(
  db: Database,
  accountId: string,
  type: ResourceType,
  id: string,
): Promise<string | null> {
  if (factsOf(type).isApp) return id;
  const appId = (await mirrored(db, accountId, type, id))?.meta?.appId;
  return typeof appId === 'string' ? appId : null;
}
