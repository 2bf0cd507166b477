import { z } from 'zod';
import { isAscError } from '@/lib/asc/errors';
import type { Finding, JobHandler, JobItem, Outcome, Unseen, Work } from '@/lib/jobs/types';
import { addLinkageStatements, removeLinkageStatements } from '@/lib/mirror/membership';
import type { Write } from '@/lib/store/database';
import type { Ctx } from '../ctx';
import { goneOutcome } from './ghost';
import { auditedCall, settleAudit } from './item-audit';
import { placeOf } from './place';
import { presentTesters, type Within } from './read-back';
import { type TesterPayload, testerOf } from './tester-payload';
import { ItemCallError } from './trouble';
import { relearnTesters, type Told, unseenTesters } from './unseen';

/** The group or build a job adds testers to or takes them from. */
const target = z.object({ groupId: z.string() }).or(z.object({ buildId: z.string() }));
/** How many testers go in one call: what Apple takes is not documented, so it stays small. */
const PER_CALL = 50;

interface Shape {
  readonly kind: string;
  readonly operation: 'addLinkage' | 'removeLinkage';
  readonly type: 'betaGroups' | 'builds';
  readonly relationship: 'betaTesters' | 'individualTesters';
}

const SHAPES: readonly Shape[] = [
  { kind: 'add-to-group', operation: 'addLinkage', type: 'betaGroups', relationship: 'betaTesters' },
  { kind: 'remove-from-group', operation: 'removeLinkage', type: 'betaGroups', relationship: 'betaTesters' },
  { kind: 'add-build', operation: 'addLinkage', type: 'builds', relationship: 'individualTesters' },
  { kind: 'remove-build', operation: 'removeLinkage', type: 'builds', relationship: 'individualTesters' },
];

/** Adding many testers to a group or a build, and taking them away: fifty in one call. */
export const linkageHandlers: readonly JobHandler<Ctx>[] = SHAPES.map((shape) => ({
  kind: shape.kind,
  requestsPerItem: 1 / PER_CALL,
  batch: { size: PER_CALL, keyOf: (item) => testerOf(item).targetIds?.join() ?? '' },
  run: (work, items) => change(shape, work, items),
  reconcile: (work, items) => lookUp(shape, work, items),
  unseen: (work, items) => unseen(shape, work, items),
  relearn: (work, items) => relearnTesters(work, items.map(toldOf)),
  targets: (work, items) =>
    [...new Set(items.flatMap((item) => targetsOf(work, item)))].map((id) => ({ type: shape.type, id })),
}));

async function change(shape: Shape, work: Work<Ctx>, items: readonly JobItem[]): Promise<Outcome[]> {
  const ids = items.map((item) => testerOf(item).testerId);
  const isAdded = shape.operation === 'addLinkage';
  try {
    let told: Write[][] = [];
    for (const targetId of sharedTargets(work, items)) {
      // What is done stays told, whatever becomes of the next call.
      if (told.length > 0) await work.write(told.flat());
      const draftOf = (item: JobItem) => draft(shape, targetId, testerOf(item));
      const { finish } = await auditedCall(work, items, draftOf, () => call(shape, work, targetId, ids));
      told = items.map((_, index) => [
        finish(index, { [shape.relationship]: targetId, isAdded }),
        ...(index === 0 ? mirrored(shape, work, targetId, ids) : []),
      ]);
    }
    return items.map((item, index) => {
      const statements = told[index] ?? [];
      // Apple says nothing of those who were so before; they are told apart, and an undo leaves them alone.
      return wasSoBefore(shape, work, item)
        ? { status: 'skipped', code: 'FLIGHTDECK.ALREADY', detail: ALREADY[shape.operation], statements }
        : { status: 'done', statements };
    });
  } catch (error) {
    const [only, ...others] = items;
    if (!only || others.length > 0) throw error;
    const missing = shape.operation === 'addLinkage' ? 'failed' : 'skipped';
    const outcome =
      (await goneOutcome(work, only, error, missing)) ?? (await alreadySo(shape, work, items, error));
    if (!outcome) throw error;
    return [outcome];
  }
}

const ALREADY = { addLinkage: 'Was there already.', removeLinkage: 'Was not there any more.' } as const;

function wasSoBefore(shape: Shape, work: Work<Ctx>, item: JobItem): boolean {
  const { groupIds, buildIds } = testerOf(item);
  const had = shape.type === 'betaGroups' ? groupIds : buildIds;
  return targetsOf(work, item).every((id) => had.includes(id) === (shape.operation === 'addLinkage'));
}

async function call(shape: Shape, work: Work<Ctx>, id: string, ids: readonly string[]): Promise<unknown> {
  const { asc } = await placeOf(work);
  const isAdded = shape.operation === 'addLinkage';
  if (shape.type === 'betaGroups') {
    return isAdded
      ? asc.addLinkage('betaGroups', id, 'betaTesters', ids)
      : asc.removeLinkage('betaGroups', id, 'betaTesters', ids);
  }
  return isAdded
    ? asc.addLinkage('builds', id, 'individualTesters', ids)
    : asc.removeLinkage('builds', id, 'individualTesters', ids);
}

/** A refusal that only means “already done” is no failure: the state read back decides. */
async function alreadySo(
  shape: Shape,
  work: Work<Ctx>,
  items: readonly JobItem[],
  error: unknown,
): Promise<Outcome | null> {
  const refusal = error instanceof ItemCallError ? error.cause : error;
  if (!isAscError(refusal) || !refusal.is('conflict', 'not_found', 'unprocessable')) return null;
  const [finding] = await lookUp(shape, work, items);
  if (finding?.status !== 'done') return null;
  const closing = error instanceof ItemCallError ? error.statementsFor('failed', refusal.errors) : [];
  return {
    status: 'skipped',
    code: 'FLIGHTDECK.ALREADY',
    detail: ALREADY[shape.operation],
    statements: [
      ...closing,
      ...sharedTargets(work, items).flatMap((targetId) =>
        mirrored(
          shape,
          work,
          targetId,
          items.map((item) => testerOf(item).testerId),
        ),
      ),
    ],
  };
}

async function lookUp(shape: Shape, work: Work<Ctx>, items: readonly JobItem[]): Promise<Finding[]> {
  const { asc } = await placeOf(work);
  const ids = items.map((item) => testerOf(item).testerId);
  const targets = sharedTargets(work, items);
  const present: ReadonlySet<string>[] = [];
  for (const id of targets) present.push(await presentTesters(asc, within(shape, id), ids));
  return await Promise.all(
    items.map(async (item, index) => {
      const testerId = ids[index] ?? '';
      const isSo = present.every((there) => there.has(testerId) === (shape.operation === 'addLinkage'));
      if (!isSo) return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
      return {
        status: 'done',
        statements: [
          ...targets.flatMap((id) => mirrored(shape, work, id, [testerId])),
          ...(await settleAudit(work, item, { status: 'succeeded' })),
        ],
      };
    }),
  );
}

/** By each group or build, those whom its change has not reached; each person once. */
async function unseen(shape: Shape, work: Work<Ctx>, items: readonly JobItem[]): Promise<Unseen[]> {
  const missed = new Map<number, Unseen>();
  for (const id of new Set(items.flatMap((item) => targetsOf(work, item)))) {
    const told = items.filter((item) => targetsOf(work, item).includes(id)).map(toldOf);
    const isWanted = shape.operation === 'addLinkage';
    for (const one of await unseenTesters(work, told, { within: within(shape, id), isWanted }))
      missed.set(one.item.position, one);
  }
  return [...missed.values()];
}

function within(shape: Shape, id: string): Within {
  return shape.type === 'betaGroups' ? { betaGroups: id } : { builds: id };
}

function toldOf(item: JobItem): Told {
  return { item, testerId: testerOf(item).testerId };
}

function mirrored(shape: Shape, work: Work<Ctx>, targetId: string, memberIds: readonly string[]): Write[] {
  const { accountId, appId } = work.job;
  if (accountId === null || appId === null) return [];
  const table = shape.type === 'betaGroups' ? 'betaGroupTesters' : 'buildTesters';
  const change = {
    accountId,
    appId,
    table,
    groupId: targetId,
    memberIds,
    at: work.context.clock.now(),
  } as const;
  return shape.operation === 'addLinkage' ? addLinkageStatements(change) : removeLinkageStatements(change);
}

/** What one person is added to or taken from. */
function targetsOf(work: Work<Ctx>, item: JobItem): readonly string[] {
  const { targetIds } = testerOf(item);
  if (targetIds) return targetIds;
  const given = target.parse(work.job.params);
  return ['groupId' in given ? given.groupId : given.buildId];
}

/** The same for all of a batch. */
function sharedTargets(work: Work<Ctx>, [first]: readonly JobItem[]): readonly string[] {
  return first ? targetsOf(work, first) : [];
}

function draft(shape: Shape, targetId: string, tester: TesterPayload) {
  const name = [tester.firstName, tester.lastName].filter(Boolean).join(' ');
  return {
    action: shape.operation,
    type: shape.type,
    resourceId: targetId,
    label: tester.email ?? (name || tester.testerId),
    requested: { [shape.relationship]: [tester.testerId] },
  };
}
