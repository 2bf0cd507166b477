import { type Actor, may, type Permission } from '@/lib/access/policy';
import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { type CallOperation, isOffered, permissionsOf, relationshipOf } from '@/lib/asc/operations';
import type { AuditEntry } from '@/lib/audit/entry';
import { isIdentified, isRecord, type Linkage } from '@/lib/mirror/resource';
import type { Ctx } from './ctx';
import { placingBack } from './feedback/undo-placing';
import { triageBack } from './feedback/undo-triage';
import { snoozeBack } from './health/undo-snooze';
import type { Seen } from './resources/body';
import { changeLinkage } from './resources/link';
import type { Carried } from './resources/outcome';
import { createResource, deleteResource, updateResource } from './resources/write';
import { templateBack } from './ship/undo-template';
import { recordsBack } from './testers/undo-records';

/** What takes a change back. */
export interface Inverse {
  isAllowed(actor: Actor): boolean;
  run(ctx: Ctx): Promise<Back>;
}

/** A change taken back: at Apple, or of what is ours. */
export type Back = Pick<Carried, 'document' | 'auditId'>;

/** Why an entry cannot be taken back, in words, or null when it can. */
export function whyNotUndoable(entry: AuditEntry): string | null {
  if (entry.status !== 'succeeded') return 'Only a change that succeeded can be taken back.';
  if (entry.undoneBy !== null) return 'This change was taken back already.';
  if (entry.redactedBy !== null) return 'It is about somebody whose data was erased since.';
  if (inverseOf(entry)) return null;
  return isResourceType(entry.type)
    ? 'App Store Connect offers no way back from this change.'
    : 'There is no way back from this change.';
}

/** The inverse of an entry, from what the trail holds of it, or null where there is none. */
export function inverseOf(entry: AuditEntry): Inverse | null {
  const decision = triageBack(entry) ?? placingBack(entry);
  if (decision) return ownInverse('feedback:write', decision);
  const snooze = snoozeBack(entry);
  if (snooze) return ownInverse('lights:snooze', snooze);
  const template = templateBack(entry);
  if (template) return ownInverse('programme:write', template);
  const records = recordsBack(entry);
  if (records) return ownInverse('testers:write', records);
  if (!isResourceType(entry.type)) return null;
  const make = INVERSES[entry.action];
  return make?.(entry.type, entry) ?? null;
}

type Make = (type: ResourceType, entry: AuditEntry) => Inverse | null;

const INVERSES: Readonly<Record<string, Make>> = {
  update: updateBack,
  create: deleteAgain,
  delete: createAgain,
  addLinkage: (type, entry) => linkBack(type, entry, 'removeLinkage'),
  removeLinkage: (type, entry) => linkBack(type, entry, 'addLinkage'),
};

const trace = (entry: AuditEntry) => ({ accountId: entry.accountId ?? undefined, undoOf: entry.id });

function updateBack(type: ResourceType, entry: AuditEntry): Inverse | null {
  const id = entry.resourceId;
  const before = attributesIn(entry.before);
  const after = attributesIn(entry.after);
  if (id === null || !before || Object.keys(before).length === 0) return null;
  if (isRecord(entry.after) && 'relationships' in entry.after) return null;
  // Only what Apple takes back: an expired build stays expired, a secret was never kept.
  if (entryOf(type).isFinal || Object.keys(before).some((name) => entryOf(type).secret?.includes(name)))
    return null;
  if (entryOf(type).update?.safeParse({ attributes: before }).success !== true) return null;
  return inverse(type, 'update', (ctx) =>
    updateResource(ctx, {
      ...trace(entry),
      type,
      id,
      // Somebody else's later change must not be lost by an undo.
      body: {
        data: { type, id, attributes: before },
        ...(after ? { meta: { expect: only(after, Object.keys(before)) } } : {}),
      },
    }),
  );
}

/** Types whose creation does no more than make them, so that deleting them leaves everything as it was. */
const DELETE_AGAIN: readonly ResourceType[] = [
  'betaGroups',
  'betaRecruitmentCriteria',
  'betaBuildLocalizations',
  'betaAppLocalizations',
  'betaAppClipInvocations',
  'betaAppClipInvocationLocalizations',
  'webhooks',
];

/** What a thing says, and the relationship that names what it belongs to. */
interface Said {
  readonly attributes: readonly string[];
  readonly owner?: string;
}

const BUILD_TEXT: Said = { attributes: ['whatsNew', 'locale'], owner: 'build' };
const APP_TEXT: Said = {
  attributes: [
    ...['description', 'feedbackEmail', 'locale'],
    ...['marketingUrl', 'privacyPolicyUrl', 'tvOsPrivacyPolicy'],
  ],
  owner: 'app',
};

/** Types that others write in once they are made. */
const TEXTS: Partial<Record<ResourceType, Said>> = {
  betaBuildLocalizations: BUILD_TEXT,
  betaAppLocalizations: APP_TEXT,
  betaAppClipInvocations: { attributes: ['url'] },
  betaAppClipInvocationLocalizations: { attributes: ['title', 'locale'], owner: 'betaAppClipInvocation' },
};

function deleteAgain(type: ResourceType, entry: AuditEntry): Inverse | null {
  const id = isRecord(entry.after) && typeof entry.after.id === 'string' ? entry.after.id : entry.resourceId;
  if (id === null || !DELETE_AGAIN.includes(type) || !isOffered({ type, operation: 'delete' })) return null;
  const meta = asMade(type, entry.after);
  return inverse(type, 'delete', (ctx) =>
    deleteResource(ctx, { ...trace(entry), type, id, ...(meta ? { body: { meta } } : {}) }),
  );
}

/** A text as it was made, so that what others have written there since is not taken away; undefined of other things. */
function asMade(type: ResourceType, after: unknown): Seen | undefined {
  const text = TEXTS[type];
  const made = attributesIn(after);
  if (!text || !made) return undefined;
  const of = ownerIn(after, text.owner);
  const expect = Object.fromEntries(text.attributes.map((name) => [name, made[name] ?? null]));
  return { expect, ...(of ? { of } : {}) };
}

function ownerIn(value: unknown, name: string | undefined): Linkage | null {
  const owner =
    name !== undefined && isRecord(value) && isRecord(value.relationships) ? value.relationships[name] : null;
  if (!isRecord(owner) || !isIdentified(owner.data)) return null;
  const { type, id } = owner.data;
  return { type, id };
}

/** Types of which the trail keeps all that is needed to make them again: attributes and the owner. */
const CREATE_AGAIN: Partial<Record<ResourceType, Said>> = {
  betaBuildLocalizations: BUILD_TEXT,
  betaAppLocalizations: APP_TEXT,
  betaRecruitmentCriteria: { attributes: ['deviceFamilyOsVersionFilters'], owner: 'betaGroup' },
};

function createAgain(type: ResourceType, entry: AuditEntry): Inverse | null {
  const needed = CREATE_AGAIN[type];
  const kept = attributesIn(entry.before);
  if (!needed?.owner || !kept) return null;
  const owner = ownerIn(entry.before, needed.owner);
  if (!owner) return null;
  const attributes = only(
    kept,
    needed.attributes.filter((name) => kept[name] !== null && kept[name] !== undefined),
  );
  const parts = { attributes, relationships: { [needed.owner]: { data: owner } } };
  if (entryOf(type).create?.safeParse(parts).success !== true) return null;
  return inverse(type, 'create', (ctx) =>
    createResource(ctx, { ...trace(entry), type, body: { data: { type, ...parts } } }),
  );
}

function linkBack(
  type: ResourceType,
  entry: AuditEntry,
  operation: 'addLinkage' | 'removeLinkage',
): Inverse | null {
  const id = entry.resourceId;
  if (id === null || !isRecord(entry.after)) return null;
  const { name, data } = linkageIn(type, entry.after);
  if (name === undefined || data.length === 0 || !isOffered({ type, operation, name })) return null;
  return inverse(
    type,
    operation,
    (ctx) => changeLinkage(ctx, { ...trace(entry), operation, type, id, name, body: { data } }),
    name,
  );
}

/** What was linked: as a single change keeps it, or as a row of a job does, `{"betaGroups":["1"]}`. */
function linkageIn(type: ResourceType, after: Readonly<Record<string, unknown>>) {
  if (typeof after.relationship === 'string') {
    return { name: after.relationship, data: [after.data].flat().filter(isIdentified) };
  }
  const [name, ids] = Object.entries(after).find(([, value]) => Array.isArray(value)) ?? [];
  const target = name === undefined ? undefined : relationshipOf(type, name)?.target;
  const data = [ids].flat().flatMap((id) => (typeof id === 'string' && target ? [{ type: target, id }] : []));
  return { name, data };
}

function inverse(type: ResourceType, operation: CallOperation, run: Inverse['run'], name?: string): Inverse {
  const address = { type, operation, ...(name === undefined ? {} : { name }) };
  return { isAllowed: (actor) => permissionsOf(address).every((permission) => may(actor, permission)), run };
}

function ownInverse(permission: Permission, run: (ctx: Ctx) => Promise<string>): Inverse {
  return {
    isAllowed: (actor) => may(actor, permission),
    run: async (ctx) => ({ document: null, auditId: await run(ctx) }),
  };
}

function attributesIn(value: unknown): Record<string, unknown> | null {
  return isRecord(value) && isRecord(value.attributes) ? value.attributes : null;
}

function only(record: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(record, name)).map((name) => [name, record[name]]),
  );
}
