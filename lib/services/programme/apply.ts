import { z } from 'zod';
import type { WriteCall } from '@/lib/asc/operations';
import {
  type Finding,
  type JobHandler,
  type JobItem,
  NO_EFFECT,
  type Outcome,
  type Unseen,
  type Work,
} from '@/lib/jobs/types';
import { isRecord, type ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { placeOf } from '../job-steps/place';
import { effectsIn, sendFor, settleAudit } from '../job-steps/send-item';
import { canReadAfresh, refreshResource } from '../resources/refresh';
import { applyAlert, isAlertSo } from './alerts';
import { lookAt, type Seen } from './look';
import { type AppleStep, isApplesStep, programmeStep } from './step';

/** The name by which such jobs are kept. */
export const APPLY_PROGRAMME = 'apply-programme';

/** Brings a programme to what a file says, step by step, each judged by what App Store Connect has right before it. */
export const applyProgramme: JobHandler<Ctx> = {
  kind: APPLY_PROGRAMME,
  requestsPerItem: 2,
  // Criteria need their group, and what is deleted comes last.
  isInOrder: true,
  async run(work, items) {
    const outcomes: Outcome[] = [];
    for (const item of items) outcomes.push(await applyOne(work, item));
    return outcomes;
  },
  reconcile: (work, items) => Promise.all(items.map((item) => lookUp(work, item))),
  unseen,
  relearn,
};

const REFUSALS = {
  stale: {
    status: 'failed',
    code: 'FLIGHTDECK.STALE',
    detail:
      'Somebody has changed this since the file was compared. It was left as it is: compare the file again to see what differs now.',
  },
  gone: {
    status: 'failed',
    code: 'FLIGHTDECK.GONE',
    detail: 'This is no longer at App Store Connect. Compare the file again to see what differs now.',
  },
  'without-group': {
    status: 'failed',
    code: 'FLIGHTDECK.NO_GROUP',
    detail:
      'The group it belongs to is not there, or there are several of its name. Try again makes up for it.',
  },
  taken: {
    status: 'failed',
    code: 'FLIGHTDECK.NAME_TAKEN',
    detail: 'Another group still has this name. Try again once that one has given it up.',
  },
  open: {
    status: 'failed',
    code: 'FLIGHTDECK.OPEN_LINK',
    detail:
      'The link stays off: the group’s recruitment criteria or its limit are not as the file says, so people could join whom it keeps out. Put right what was refused of them, then try again.',
  },
} as const;
/** The groups that the comparison saw. */
const params = z.object({ groups: z.array(z.string()).default([]) });

async function lookedAt(work: Work<Ctx>) {
  return { ...(await placeOf(work)), known: new Set(params.parse(work.job.params).groups) };
}

const ALREADY = { status: 'skipped', code: 'FLIGHTDECK.ALREADY', detail: 'It was so already.' } as const;

async function applyOne(work: Work<Ctx>, item: JobItem): Promise<Outcome> {
  const step = programmeStep.parse(item.payload);
  const { asc, accountId, appId, known } = await lookedAt(work);
  if (!isApplesStep(step)) {
    const told = await applyAlert(work, { accountId, appId }, step);
    return told === 'already' ? ALREADY : typeof told === 'string' ? REFUSALS[told] : told;
  }
  const seen = await lookAt({ asc, appId, known }, step);
  if (seen.state === 'already') return ALREADY;
  if (seen.state !== 'ready') return REFUSALS[seen.state];
  const call = callOf(step, seen, appId);
  const told = toldOf(call, seen.before, ownerIn(step.type, seen.owner ?? '', appId));
  const sent = await sendFor(work, [item], call, () => ({ label: labelOf(step), ...told }));
  const after = afterOf(step, call, sent.document);
  const statements = [sent.finish(0, after), ...(await effectsIn(work, call, sent))];
  const groupId = step.type === 'betaRecruitmentCriteria' ? seen.owner : null;
  if (groupId === null) return { status: 'done', statements };
  // Our copy keeps criteria with their group.
  await work.write(statements);
  await refreshResource(work.context, { accountId, appId, type: 'betaGroups', id: groupId });
  return { status: 'done' };
}

async function lookUp(work: Work<Ctx>, item: JobItem): Promise<Finding> {
  const step = programmeStep.parse(item.payload);
  const { asc, appId, accountId, known } = await lookedAt(work);
  if (!isApplesStep(step))
    return (await isAlertSo(work, { accountId, appId }, step)) ? { status: 'done' } : { status: 'absent' };
  const seen = await lookAt({ asc, appId, known }, step);
  if (seen.state !== 'already')
    return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
  const call = callOf(step, { ...seen, owner: step.owner }, appId);
  const statements = await settleAudit(work, item, {
    status: 'succeeded',
    after: afterOf(step, call, seen.id === null ? null : { type: step.type, id: seen.id }),
  });
  if (step.operation === 'delete')
    return { status: 'done', statements: [...statements, ...(await effectsIn(work, call))] };
  if (step.type === 'betaGroups' && seen.id !== null)
    await refreshResource(work.context, { accountId, appId, type: 'betaGroups', id: seen.id });
  return { status: 'done', statements };
}

/** What App Store Connect has called done, and is not so on reading again. */
async function unseen(work: Work<Ctx>, items: readonly JobItem[]): Promise<Unseen[]> {
  const place = await lookedAt(work);
  const missed: Unseen[] = [];
  for (const item of items) {
    const step = programmeStep.parse(item.payload);
    if (!isApplesStep(step)) continue;
    const { state } = await lookAt(place, step);
    if (state !== 'already') missed.push({ item, code: NO_EFFECT, detail: NOT_SEEN });
  }
  return missed;
}

/** Reads again what turned out not to be so, so that our copy says what App Store Connect says. */
async function relearn(work: Work<Ctx>, items: readonly JobItem[]): Promise<void> {
  const { accountId, appId } = await placeOf(work);
  for (const item of items) {
    const step = programmeStep.parse(item.payload);
    if (!isApplesStep(step)) continue;
    const { type, id, owner } = step;
    const isOfGroup = type === 'betaRecruitmentCriteria';
    const target = isOfGroup ? owner : id;
    if (target === null || (!isOfGroup && !canReadAfresh(type))) continue;
    await refreshResource(work.context, {
      ...{ accountId, appId, id: target },
      type: isOfGroup ? 'betaGroups' : type,
    });
  }
}

const NOT_SEEN = 'App Store Connect said yes, but on reading again the change is not to be seen.';

type Ready = Pick<Extract<Seen, { state: 'ready' }>, 'id' | 'owner'>;

/** The request of a step, by what is there now. */
function callOf(
  { type, operation, attributes, titles, id }: AppleStep,
  seen: Ready,
  appId: string,
): WriteCall {
  const target = seen.id ?? id ?? '';
  if (operation === 'delete') return { type, operation, id: target };
  if (operation === 'update') return { type, operation, id: target, input: { attributes } };
  const included = Object.entries(titles ?? {}).map(([locale, title], n) => ({
    type: 'betaAppClipInvocationLocalizations' as const,
    id: `\${title-${n}}`,
    attributes: { locale, title },
  }));
  const relationships = {
    ...ownerIn(type, seen.owner ?? '', appId),
    ...(included.length > 0
      ? {
          betaAppClipInvocationLocalizations: {
            data: included.map((one) => ({ type: one.type, id: one.id })),
          },
        }
      : {}),
  };
  return {
    type,
    operation,
    input: { attributes, relationships, ...(included.length > 0 ? { included } : {}) },
  };
}

/** What a new thing belongs to, as its request says it. */
function ownerIn(type: AppleStep['type'], owner: string, appId: string) {
  const to = (name: string, target: string, id: string) => ({ [name]: { data: { type: target, id } } });
  switch (type) {
    case 'betaRecruitmentCriteria':
      return to('betaGroup', 'betaGroups', owner);
    case 'betaAppClipInvocations':
      return to('buildBundle', 'buildBundles', owner);
    case 'betaAppClipInvocationLocalizations':
      return to('betaAppClipInvocation', 'betaAppClipInvocations', owner);
    default:
      return to('app', 'apps', appId);
  }
}

/** What the trail says before the request: an undo takes it from there. */
function toldOf({ operation, input }: WriteCall, attributes: object, relationships: object) {
  if (operation === 'delete') return { before: { attributes, relationships } };
  return { ...(operation === 'update' ? { before: { attributes } } : {}), requested: plain(input) };
}

function afterOf(
  { operation }: AppleStep,
  { id, input }: WriteCall,
  document: Pick<ResourceObject, 'id' | 'type'> | null,
) {
  if (operation === 'delete') return null;
  return { ...(operation === 'create' ? { id: document?.id ?? id ?? null } : {}), ...plain(input) };
}

function plain(input: unknown): Readonly<Record<string, unknown>> {
  return isRecord(input) ? input : {};
}

function labelOf({ type, group, attributes, expect }: AppleStep): string | null {
  if (type === 'betaGroups' || type === 'betaRecruitmentCriteria') return group;
  const word = attributes.locale ?? expect.locale ?? attributes.url ?? expect.url;
  return typeof word === 'string' ? word : null;
}
