import { z } from 'zod';
import type { AscClient } from '@/lib/asc/client-interface';
import { isAscError } from '@/lib/asc/errors';
import { eachItem } from '@/lib/jobs/rows';
import {
  type Finding,
  type JobHandler,
  type JobItem,
  NO_EFFECT,
  type Outcome,
  type Unseen,
  type Work,
} from '@/lib/jobs/types';
import { evictStatements } from '@/lib/mirror/evict';
import { addLinkageStatements, removeLinkageStatements } from '@/lib/mirror/membership';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Ctx } from '../ctx';
import type { Access } from '../job-steps/give-access';
import { invitePerson } from '../job-steps/invite-person';
import { auditedCall, settleAudit } from '../job-steps/item-audit';
import { placeOf } from '../job-steps/place';
import { findByEmail } from '../job-steps/read-back';
import { ItemCallError } from '../job-steps/trouble';
import { relearnTesters, type Told, testerIdOf, unseenAccess } from '../job-steps/unseen';

const filter = z.object({
  deviceFamily: z.enum(['IPHONE', 'IPAD', 'APPLE_TV', 'APPLE_WATCH', 'MAC', 'VISION']).exactOptional(),
  minimumOsInclusive: z.string().exactOptional(),
  maximumOsInclusive: z.string().exactOptional(),
});
const flag = z.boolean().nullable().exactOptional();

/** The steps of a clone in order; the first makes the group, and the others need it. */
export const clonePayload = z.discriminatedUnion('step', [
  z.object({
    step: z.literal('create'),
    name: z.string(),
    isInternalGroup: z.boolean(),
    hasAccessToAllBuilds: z.boolean(),
    feedbackEnabled: z.boolean(),
  }),
  z.object({ step: z.literal('builds'), buildIds: z.array(z.string()).min(1) }),
  z.object({ step: z.literal('criteria'), filters: z.array(filter).min(1) }),
  z.object({
    step: z.literal('settings'),
    attributes: z.object({
      publicLinkEnabled: flag,
      publicLinkLimitEnabled: flag,
      publicLinkLimit: z.int().nullable().exactOptional(),
      iosBuildsAvailableForAppleSiliconMac: flag,
      iosBuildsAvailableForAppleVision: flag,
    }),
  }),
  z.object({
    step: z.literal('tester'),
    email: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    /** Known in the target app; null when the person is created there by e-mail. */
    testerId: z.string().nullable(),
  }),
]);
export type ClonePayload = z.infer<typeof clonePayload>;

/** Makes a group like another one, in the same app or in another. */
export const cloneGroup: JobHandler<Ctx> = {
  kind: 'clone-group',
  requestsPerItem: 1,
  isInOrder: true,
  run: (work, items) => Promise.all(items.map((item) => runStep(work, item))),
  reconcile: (work, items) => Promise.all(items.map((item) => lookUp(work, item))),
  unseen,
  relearn,
};

async function runStep(work: Work<Ctx>, item: JobItem): Promise<Outcome> {
  const payload = clonePayload.parse(item.payload);
  const place = await placeOf(work);
  if (payload.step === 'create') return create(work, item, payload, place);
  const groupId = await newGroupId(work);
  if (groupId === null || withoutGroup.has(work)) return NO_GROUP;
  try {
    if (payload.step === 'tester') {
      const person = { ...payload, groupIds: [groupId], buildIds: [] };
      return await invitePerson(work, item, person, { ...place, event: 'invited' });
    }
    return await change(work, item, payload, place.asc, groupId);
  } catch (error) {
    const refusal = error instanceof ItemCallError ? error.cause : error;
    if (!isAscError(refusal) || !refusal.is('not_found', 'conflict', 'unprocessable')) throw error;
    if ((await newGroup(place.asc, groupId).catch(() => undefined)) !== null) throw error;
    withoutGroup.add(work);
    const closing = error instanceof ItemCallError ? error.statementsFor('failed', refusal.errors) : [];
    return { ...NO_GROUP, statements: closing };
  }
}

/** Runs whose new group turned out not to be there: nothing more is sent for it. */
const withoutGroup = new WeakSet<Work<Ctx>>();

/** Failed, so that it is done when the group is made at another try. */
const NO_GROUP = {
  status: 'failed',
  code: 'FLIGHTDECK.NO_GROUP',
  detail: 'The new group was not created, so this step has nothing to work on. Try again makes up for it.',
} as const;

/** The new group as Apple has it; null when Apple has none of this id. */
async function newGroup(asc: AscClient, groupId: string) {
  try {
    const { document } = await asc.get('betaGroups', groupId, {
      include: ['builds', 'betaRecruitmentCriteria'],
    });
    return document.data;
  } catch (error) {
    if (isAscError(error) && error.kind === 'not_found') return null;
    throw error;
  }
}

type Place = Awaited<ReturnType<typeof placeOf>>;
type Create = Extract<ClonePayload, { step: 'create' }>;

async function create(work: Work<Ctx>, item: JobItem, payload: Create, place: Place): Promise<Outcome> {
  if (item.attempts > 1) {
    // What had no effect at first may have come true since.
    const found = await lookUp(work, item);
    if (found.status === 'done') return found;
  }
  const { step: _, hasAccessToAllBuilds, ...rest } = payload;
  // Only internal groups know access to all builds.
  const attributes = payload.isInternalGroup ? { ...rest, hasAccessToAllBuilds } : rest;
  const relationships = { app: { data: { type: 'apps' as const, id: place.appId } } };
  const draft = { action: 'create', type: 'betaGroups', label: payload.name, requested: { attributes } };
  const { result, finish } = await auditedCall(
    work,
    [item],
    () => draft,
    () => place.asc.create('betaGroups', { attributes, relationships }),
  );
  const group = result.document.data;
  return {
    status: 'done',
    result: { groupId: group.id },
    statements: [...mirrored(work, place, group), finish(0, { id: group.id, attributes })],
  };
}

type Change = Exclude<ClonePayload, { step: 'create' | 'tester' }>;

async function change(
  work: Work<Ctx>,
  item: JobItem,
  payload: Change,
  asc: AscClient,
  groupId: string,
): Promise<Outcome> {
  const place = await placeOf(work);
  const at = () => work.context.clock.now();
  switch (payload.step) {
    case 'builds': {
      const draft = {
        action: 'addLinkage',
        type: 'betaGroups',
        resourceId: groupId,
        label: 'builds',
        requested: payload,
      };
      const { finish } = await auditedCall(
        work,
        [item],
        () => draft,
        () => asc.addLinkage('betaGroups', groupId, 'builds', payload.buildIds),
      );
      const rows = payload.buildIds.flatMap((buildId) =>
        addLinkageStatements({
          ...place,
          table: 'buildGroups',
          groupId: buildId,
          memberIds: [groupId],
          at: at(),
        }),
      );
      return { status: 'done', statements: [...rows, finish(0, { builds: payload.buildIds })] };
    }
    case 'criteria': {
      const draft = {
        action: 'create',
        type: 'betaRecruitmentCriteria',
        resourceId: groupId,
        requested: payload,
      };
      const { finish } = await auditedCall(
        work,
        [item],
        () => draft,
        () =>
          asc.create('betaRecruitmentCriteria', {
            attributes: { deviceFamilyOsVersionFilters: payload.filters },
            relationships: { betaGroup: { data: { type: 'betaGroups', id: groupId } } },
          }),
      );
      return {
        status: 'done',
        statements: [finish(0, payload.filters), ...(await reread(work, groupId).catch(() => []))],
      };
    }
    case 'settings': {
      const draft = {
        action: 'update',
        type: 'betaGroups',
        resourceId: groupId,
        requested: payload.attributes,
      };
      const { result, finish } = await auditedCall(
        work,
        [item],
        () => draft,
        () => asc.update('betaGroups', groupId, { attributes: payload.attributes }),
      );
      return {
        status: 'done',
        statements: [...mirrored(work, place, result.document.data), finish(0, payload.attributes)],
      };
    }
  }
}

async function lookUp(work: Work<Ctx>, item: JobItem): Promise<Finding> {
  const payload = clonePayload.parse(item.payload);
  const place = await placeOf(work);
  const absent = async (): Promise<Finding> => ({
    status: 'absent',
    statements: await settleAudit(work, item, { status: 'failed' }),
  });
  if (payload.step === 'create') {
    const groupId = await findCreated(work, item, payload, place);
    if (groupId === null) return absent();
    const settled = await settleAudit(work, item, { status: 'succeeded', after: { id: groupId } });
    return {
      status: 'done',
      result: { groupId },
      statements: [...(await reread(work, groupId)), ...settled],
    };
  }
  const groupId = await newGroupId(work);
  if (groupId === null) return absent();
  const isSo = await hasHappened(work, payload, place, groupId);
  if (!isSo) return absent();
  return {
    status: 'done',
    statements: [
      ...(await reread(work, groupId)),
      ...(await settleAudit(work, item, { status: 'succeeded' })),
    ],
  };
}

/** Steps that Apple called a success and the new group does not show. */
async function unseen(work: Work<Ctx>, items: readonly JobItem[]): Promise<readonly Unseen[]> {
  const place = await placeOf(work);
  const groupId = await newGroupId(work);
  if (groupId === null) return [];
  const told: (Told & Access)[] = [];
  const missed: Unseen[] = [];
  if ((await newGroup(place.asc, groupId)) === null) {
    return items.map((item) => ({ item, code: NO_EFFECT, detail: NOT_THERE }));
  }
  for (const item of items) {
    const payload = clonePayload.parse(item.payload);
    if (payload.step === 'create') continue;
    const testerId = testerIdOf(item);
    if (payload.step === 'tester') {
      if (testerId !== null) told.push({ item, testerId, groupIds: [groupId], buildIds: [] });
    } else if (!(await hasHappened(work, payload, place, groupId))) {
      missed.push({ item, code: NO_EFFECT, detail: NOT_SHOWN });
    }
  }
  return [...missed, ...(await unseenAccess(work, told))];
}

/** Reads the new group and these people again, so that our copy says what Apple says. */
async function relearn(work: Work<Ctx>, items: readonly JobItem[]): Promise<void> {
  const groupId = await newGroupId(work);
  if (groupId === null) return;
  const place = await placeOf(work);
  if ((await newGroup(place.asc, groupId)) === null) {
    const { accountId } = place;
    const at = work.context.clock.now();
    await work.write(evictStatements({ accountId, type: 'betaGroups', ids: [groupId], at }));
    return;
  }
  const people: Told[] = [];
  for (const item of items) {
    const payload = clonePayload.parse(item.payload);
    const testerId = testerIdOf(item);
    if (payload.step === 'tester' && testerId !== null) people.push({ item, testerId });
    if (payload.step !== 'builds') continue;
    const at = work.context.clock.now();
    const missing = await missingBuilds(place.asc, groupId, payload.buildIds);
    await work.write(
      missing.flatMap((id) =>
        removeLinkageStatements({ ...place, table: 'buildGroups', groupId: id, memberIds: [groupId], at }),
      ),
    );
  }
  await work.write(await reread(work, groupId));
  await relearnTesters(work, people);
}

async function missingBuilds(
  asc: AscClient,
  groupId: string,
  buildIds: readonly string[],
): Promise<readonly string[]> {
  const { document } = await asc.get('betaGroups', groupId, { include: ['builds'] });
  const held = new Set((document.data.relationships?.builds?.data ?? []).map(({ id }) => id));
  return buildIds.filter((id) => !held.has(id));
}

const NOT_THERE = 'App Store Connect said yes, but on reading again the new group is not there.';
const NOT_SHOWN = 'App Store Connect said yes, but on reading again the new group does not show it.';

/** The group of this name that came into being after the request was sent. */
async function findCreated(
  work: Work<Ctx>,
  item: JobItem,
  payload: Create,
  place: Place,
): Promise<string | null> {
  const { db } = work.context;
  const groups = await db.read(
    db.build
      .selectFrom('betaGroups')
      .select('id')
      .where('accountId', '=', place.accountId)
      .where('appId', '=', place.appId),
  );
  const known = new Set(groups.map((row) => row.id));
  const page = await place.asc.list('betaGroups', {
    filter: { app: place.appId, name: payload.name },
    limit: { page: 50 },
  });
  // Two clocks are compared here: some minutes of difference must not hide the group.
  const since = (item.sentAt ?? 0) - 10 * 60_000;
  const found = page.document.data.find(
    (group) =>
      group.attributes?.name === payload.name &&
      !known.has(group.id) &&
      Date.parse(group.attributes?.createdDate ?? '') >= since,
  );
  return found?.id ?? null;
}

async function hasHappened(
  work: Work<Ctx>,
  payload: Exclude<ClonePayload, Create>,
  place: Place,
  groupId: string,
) {
  if (payload.step === 'tester') {
    const tester = await findByEmail({ ...place, now: () => work.context.clock.now() }, payload.email);
    return tester?.groupIds.includes(groupId) ?? false;
  }
  const group = await newGroup(place.asc, groupId);
  if (group === null) return false;
  const { attributes, relationships } = group;
  if (payload.step === 'criteria') return Boolean(relationships?.betaRecruitmentCriteria?.data);
  if (payload.step === 'builds') {
    const held = new Set((relationships?.builds?.data ?? []).map((build) => build.id));
    return payload.buildIds.every((id) => held.has(id));
  }
  const now = attributes as Record<string, unknown> | undefined;
  return Object.entries(payload.attributes).every(([name, value]) => now?.[name] === value);
}

/** The id that the first step of this job got; null when it failed. */
async function newGroupId(work: Work<Ctx>): Promise<string | null> {
  for await (const item of eachItem(work.context.db, work.job.id, ['done'])) {
    const result = item.result as { groupId?: unknown } | null;
    return typeof result?.groupId === 'string' ? result.groupId : null;
  }
  return null;
}

async function reread(work: Work<Ctx>, groupId: string) {
  const { asc, accountId, appId } = await placeOf(work);
  const fetchedAt = work.context.clock.now();
  const { document } = await asc.get('betaGroups', groupId, { include: ['app', 'betaRecruitmentCriteria'] });
  const included = document.included ?? [];
  return upsertStatements({
    accountId,
    appId,
    resources: [document.data],
    included,
    fetchedAt,
    source: 'read',
  });
}

function mirrored(
  work: Work<Ctx>,
  { accountId, appId }: Place,
  group: { type: 'betaGroups'; id: string; attributes?: object },
) {
  const fetchedAt = work.context.clock.now();
  return upsertStatements({ accountId, appId, resources: [group], fetchedAt, source: 'write' });
}
