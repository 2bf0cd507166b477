import { z } from 'zod';
import { addCall, removeCall } from '@/lib/asc/calls';
import type { WriteCall } from '@/lib/asc/operations';
import type { Finding, JobHandler, JobItem, Outcome, Unseen, Work } from '@/lib/jobs/types';
import type { Write } from '@/lib/store/database';
import type { Ctx } from '../ctx';
import { membersAmong } from '../resources/read-back';
import { closed, refusalIn } from '../resources/send';
import { goneOutcome } from './ghost';
import { placeOf } from './place';
import type { Within } from './read-back';
import { effectsIn, type ItemEntry, sendFor, settleAudit } from './send-item';
import { nameOf, type TesterPayload, testerOf } from './tester-payload';
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
  /** What a tester of a job had of these when it was made. */
  readonly had: 'groupIds' | 'buildIds';
  call(id: string, testerIds: readonly string[]): WriteCall;
}

const GROUP = { type: 'betaGroups', relationship: 'betaTesters', had: 'groupIds' } as const;
const BUILD = { type: 'builds', relationship: 'individualTesters', had: 'buildIds' } as const;
const ADD = { operation: 'addLinkage' } as const;
const REMOVE = { operation: 'removeLinkage' } as const;

const SHAPES: readonly Shape[] = [
  {
    kind: 'add-to-group',
    ...ADD,
    ...GROUP,
    call: (id, ids) => addCall('betaGroups', id, 'betaTesters', ids),
  },
  {
    kind: 'remove-from-group',
    ...REMOVE,
    ...GROUP,
    call: (id, ids) => removeCall('betaGroups', id, 'betaTesters', ids),
  },
  { kind: 'add-build', ...ADD, ...BUILD, call: (id, ids) => addCall('builds', id, 'individualTesters', ids) },
  {
    kind: 'remove-build',
    ...REMOVE,
    ...BUILD,
    call: (id, ids) => removeCall('builds', id, 'individualTesters', ids),
  },
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
      const call = shape.call(targetId, ids);
      const { finish } = await sendFor(work, items, call, (item) => entryOf(shape, testerOf(item)));
      const effects = await effectsIn(work, call);
      told = items.map((_, index) => [
        finish(index, { [shape.relationship]: targetId, isAdded }),
        ...(index === 0 ? effects : []),
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
  const had = testerOf(item)[shape.had];
  return targetsOf(work, item).every((id) => had.includes(id) === (shape.operation === 'addLinkage'));
}

/** A refusal that only means “already done” is no failure: the state read back decides. */
async function alreadySo(
  shape: Shape,
  work: Work<Ctx>,
  items: readonly JobItem[],
  error: unknown,
): Promise<Outcome | null> {
  const refusal = refusalIn(error);
  if (!refusal?.is('conflict', 'not_found', 'unprocessable')) return null;
  const [finding] = await lookUp(shape, work, items);
  if (finding?.status !== 'done') return null;
  return {
    status: 'skipped',
    code: 'FLIGHTDECK.ALREADY',
    detail: ALREADY[shape.operation],
    statements: [...closed(error, refusal), ...(await mirrored(shape, work, items))],
  };
}

async function lookUp(shape: Shape, work: Work<Ctx>, items: readonly JobItem[]): Promise<Finding[]> {
  const { asc } = await placeOf(work);
  const ids = items.map((item) => testerOf(item).testerId);
  const present: ReadonlySet<string>[] = [];
  for (const id of sharedTargets(work, items)) {
    present.push((await membersAmong(asc, shape.call(id, ids), ids)) ?? new Set());
  }
  return await Promise.all(
    items.map(async (item) => {
      const { testerId } = testerOf(item);
      const isSo = present.every((there) => there.has(testerId) === (shape.operation === 'addLinkage'));
      if (!isSo) return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
      return {
        status: 'done',
        statements: [
          ...(await mirrored(shape, work, [item])),
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

/** Our copy once these are in what they are added to, or out of it. */
async function mirrored(shape: Shape, work: Work<Ctx>, items: readonly JobItem[]): Promise<Write[]> {
  const ids = items.map((item) => testerOf(item).testerId);
  const effects: Write[] = [];
  for (const id of sharedTargets(work, items)) effects.push(...(await effectsIn(work, shape.call(id, ids))));
  return effects;
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

function entryOf(shape: Shape, tester: TesterPayload): ItemEntry {
  return { label: nameOf(tester), requested: { [shape.relationship]: [tester.testerId] } };
}
