import { z } from 'zod';
import { addCall, createCall, removeCall, updateCall } from '@/lib/asc/calls';
import type { AscClient } from '@/lib/asc/client-interface';
import { isAscError } from '@/lib/asc/errors';
import type { WriteCall } from '@/lib/asc/operations';
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
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Ctx } from '../ctx';
import type { Access } from '../job-steps/give-access';
import { invitePerson } from '../job-steps/invite-person';
import { placeOf } from '../job-steps/place';
import { findByEmail } from '../job-steps/read-back';
import { effectsIn, type ItemEntry, lookFor, sendFor, settleAudit } from '../job-steps/send-item';
import { relearnTesters, type Told, testerIdOf, unseenAccess } from '../job-steps/unseen';
import { membersAmong } from '../resources/read-back';
import { closed, refusalIn } from '../resources/send';

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
  const made = await madeGroup(work);
  if (made === null || withoutGroup.has(work)) return NO_GROUP;
  const take = () => {
    if (payload.step !== 'tester') return change(work, item, payload, made.groupId);
    const person = { ...payload, groupIds: [made.groupId], buildIds: [] };
    return invitePerson(work, item, person, { ...place, event: 'invited' });
  };
  try {
    return await take();
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal?.is('not_found', 'conflict', 'unprocessable')) throw error;
    if ((await lateGroup(work, made.groupId)) === null) {
      withoutGroup.add(work);
      return { ...NO_GROUP, statements: closed(error, refusal) };
    }
    const isMissing = refusal.is('not_found') || refusal.hasCode('ENTITY_ERROR.RELATIONSHIP.INVALID');
    if (!isMissing || work.context.clock.now() > made.at + NEW_MS) throw error;
    // What Apple has just made, not all of Apple knows at once.
    await work.write(closed(error, refusal));
    await work.context.clock.sleep(LATE_MS[0]);
    return take();
  }
}

/** A group that was just made is looked for again after these pauses before it counts as missing, ms. */
const LATE_MS = [1_500, 4_500] as const;
/** So long a group is a new one, ms. */
const NEW_MS = 60_000;

/** The new group as Apple has it, be it late; null when Apple has none of this id, undefined when it cannot be asked. */
async function lateGroup(work: Work<Ctx>, groupId: string) {
  const { asc } = await placeOf(work);
  const look = () => newGroup(asc, groupId).catch(() => undefined);
  let group = await look();
  for (const pause of LATE_MS) {
    if (group !== null) break;
    await work.context.clock.sleep(pause);
    group = await look();
  }
  return group;
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
  const attributes = attributesOf(payload);
  const call = createGroupCall(payload, place);
  const sent = await sendFor(work, [item], call, () => ({ label: payload.name, requested: { attributes } }));
  const id = sent.document?.id ?? '';
  return {
    status: 'done',
    result: { groupId: id },
    statements: [...(await effectsIn(work, call, sent)), sent.finish(0, { id, attributes })],
  };
}

/** Only internal groups know access to all builds. */
function attributesOf({ step: _, hasAccessToAllBuilds, ...rest }: Create) {
  return rest.isInternalGroup ? { ...rest, hasAccessToAllBuilds } : rest;
}

function createGroupCall(payload: Create, { appId }: Place): WriteCall {
  const relationships = { app: { data: { type: 'apps' as const, id: appId } } };
  return createCall('betaGroups', { attributes: attributesOf(payload), relationships });
}

type Change = Exclude<ClonePayload, { step: 'create' | 'tester' }>;

/** What a step changes of the new group. */
function callOf(payload: Change, groupId: string): WriteCall {
  switch (payload.step) {
    case 'builds':
      return addCall('betaGroups', groupId, 'builds', payload.buildIds);
    case 'criteria':
      return createCall('betaRecruitmentCriteria', {
        attributes: { deviceFamilyOsVersionFilters: payload.filters },
        relationships: { betaGroup: { data: { type: 'betaGroups', id: groupId } } },
      });
    case 'settings':
      return updateCall('betaGroups', groupId, { attributes: payload.attributes });
  }
}

async function change(work: Work<Ctx>, item: JobItem, payload: Change, groupId: string): Promise<Outcome> {
  const call = callOf(payload, groupId);
  const send = (entry: ItemEntry) => sendFor(work, [item], call, () => ({ resourceId: groupId, ...entry }));
  switch (payload.step) {
    case 'builds': {
      const { finish } = await send({ label: 'builds', requested: payload });
      const effects = await effectsIn(work, call);
      return { status: 'done', statements: [...effects, finish(0, { builds: payload.buildIds })] };
    }
    case 'criteria': {
      const sent = await send({ requested: payload });
      const effects = await effectsIn(work, call, sent);
      const group = await reread(work, groupId).catch(() => []);
      return { status: 'done', statements: [...effects, sent.finish(0, payload.filters), ...group] };
    }
    case 'settings': {
      const sent = await send({ requested: payload.attributes });
      const effects = await effectsIn(work, call, sent);
      return { status: 'done', statements: [...effects, sent.finish(0, payload.attributes)] };
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
    const found = await lookFor(work, item, createGroupCall(payload, place));
    if (found.outcome !== 'done' || !found.document) return absent();
    const groupId = found.document.id;
    const settled = await settleAudit(work, item, { status: 'succeeded', after: { id: groupId } });
    return {
      status: 'done',
      result: { groupId },
      statements: [...(await reread(work, groupId)), ...settled],
    };
  }
  const groupId = await newGroupId(work);
  if (groupId === null) return absent();
  const isSo = await hasHappened(work, item, payload, groupId);
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
    } else if (!(await hasHappened(work, item, payload, groupId))) {
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
    const call = callOf(payload, groupId);
    const held = await membersAmong(place.asc, call, payload.buildIds);
    const missing = payload.buildIds.filter((id) => held?.has(id) === false);
    if (missing.length > 0)
      await work.write(await effectsIn(work, removeCall('betaGroups', groupId, 'builds', missing)));
  }
  await work.write(await reread(work, groupId));
  await relearnTesters(work, people);
}

const NOT_THERE = 'App Store Connect said yes, but on reading again the new group is not there.';
const NOT_SHOWN = 'App Store Connect said yes, but on reading again the new group does not show it.';

async function hasHappened(
  work: Work<Ctx>,
  item: JobItem,
  payload: Exclude<ClonePayload, Create>,
  groupId: string,
): Promise<boolean> {
  if (payload.step === 'tester') {
    const place = await placeOf(work);
    const tester = await findByEmail({ ...place, now: () => work.context.clock.now() }, payload.email);
    return tester?.groupIds.includes(groupId) ?? false;
  }
  return (await lookFor(work, item, callOf(payload, groupId))).outcome === 'done';
}

/** What the first step of this job made, and when, ms since 1970; null when it failed. */
async function madeGroup(work: Work<Ctx>): Promise<{ readonly groupId: string; readonly at: number } | null> {
  for await (const item of eachItem(work.context.db, work.job.id, ['done'])) {
    const { groupId } = (item.result ?? {}) as { groupId?: unknown };
    return typeof groupId === 'string' ? { groupId, at: item.finishedAt ?? 0 } : null;
  }
  return null;
}

const newGroupId = async (work: Work<Ctx>) => (await madeGroup(work))?.groupId ?? null;

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
