import { z } from 'zod';
import { isAscError } from '@/lib/asc/errors';
import type { Finding, JobHandler, JobItem, Outcome, Work } from '@/lib/jobs/types';
import { addLinkageStatements, removeLinkageStatements } from '@/lib/mirror/membership';
import type { Statement } from '@/lib/store/database';
import type { Ctx } from '../../ctx';
import { goneOutcome } from '../ghost';
import { auditedCall, settleAudit } from '../item-audit';
import { presentTesters, type Within } from '../read-back';
import { ItemCallError } from '../trouble';
import { relearnTesters, type Told, unseenTesters } from '../unseen';
import { placeOf } from './place';
import { type TesterPayload, testerOf } from './tester-payload';

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
  batch: { size: PER_CALL, keyOf: () => '' },
  run: (work, items) => change(shape, work, items),
  reconcile: (work, items) => lookUp(shape, work, items),
  unseen: (work, items) =>
    unseenTesters(work, items.map(toldOf), {
      within: within(shape, targetId(work)),
      isWanted: shape.operation === 'addLinkage',
    }),
  relearn: (work, items) => relearnTesters(work, items.map(toldOf)),
  targets: (work) => [{ type: shape.type, id: targetId(work) }],
}));

async function change(shape: Shape, work: Work<Ctx>, items: readonly JobItem[]): Promise<Outcome[]> {
  const testers = items.map(testerOf);
  const ids = testers.map((tester) => tester.testerId);
  const draftOf = (item: JobItem) => draft(shape, work, testerOf(item));
  try {
    const { finish } = await auditedCall(work, items, draftOf, () => call(shape, work, ids));
    return items.map((item, index) => {
      const statements = [
        finish(index, { [shape.relationship]: targetId(work), isAdded: shape.operation === 'addLinkage' }),
        ...(index === 0 ? mirrored(shape, work, ids) : []),
      ];
      // Apple says nothing of those who were so before; they are told apart, and an undo leaves them alone.
      return wasSoBefore(shape, work, testerOf(item))
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

function wasSoBefore(shape: Shape, work: Work<Ctx>, { groupIds, buildIds }: TesterPayload): boolean {
  const had = shape.type === 'betaGroups' ? groupIds : buildIds;
  return had.includes(targetId(work)) === (shape.operation === 'addLinkage');
}

async function call(shape: Shape, work: Work<Ctx>, ids: readonly string[]): Promise<unknown> {
  const { asc } = await placeOf(work);
  const id = targetId(work);
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
      ...mirrored(
        shape,
        work,
        items.map((item) => testerOf(item).testerId),
      ),
    ],
  };
}

async function lookUp(shape: Shape, work: Work<Ctx>, items: readonly JobItem[]): Promise<Finding[]> {
  const { asc } = await placeOf(work);
  const ids = items.map((item) => testerOf(item).testerId);
  const id = targetId(work);
  const present = await presentTesters(asc, within(shape, id), ids);
  return items.map((item, index) => {
    const testerId = ids[index] ?? '';
    const isSo = present.has(testerId) === (shape.operation === 'addLinkage');
    if (!isSo) return { status: 'absent', statements: settleAudit(work, item, { status: 'failed' }) };
    return {
      status: 'done',
      statements: [...mirrored(shape, work, [testerId]), ...settleAudit(work, item, { status: 'succeeded' })],
    };
  });
}

function within(shape: Shape, id: string): Within {
  return shape.type === 'betaGroups' ? { betaGroups: id } : { builds: id };
}

function toldOf(item: JobItem): Told {
  return { item, testerId: testerOf(item).testerId };
}

function mirrored(shape: Shape, work: Work<Ctx>, memberIds: readonly string[]): Statement[] {
  const { accountId, appId } = work.job;
  if (accountId === null || appId === null) return [];
  const table = shape.type === 'betaGroups' ? 'betaGroupTesters' : 'buildTesters';
  const change = {
    accountId,
    appId,
    table,
    groupId: targetId(work),
    memberIds,
    at: work.context.clock.now(),
  } as const;
  return shape.operation === 'addLinkage' ? addLinkageStatements(change) : removeLinkageStatements(change);
}

function targetId(work: Work<Ctx>): string {
  const given = target.parse(work.job.params);
  return 'groupId' in given ? given.groupId : given.buildId;
}

function draft(shape: Shape, work: Work<Ctx>, tester: TesterPayload) {
  const name = [tester.firstName, tester.lastName].filter(Boolean).join(' ');
  return {
    action: shape.operation,
    type: shape.type,
    resourceId: targetId(work),
    label: tester.email ?? (name || tester.testerId),
    requested: { [shape.relationship]: [tester.testerId] },
  };
}
