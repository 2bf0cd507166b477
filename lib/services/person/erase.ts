import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { erasureSubject } from '@/lib/access/key-store';
import { authorise, personId } from '@/lib/access/policy';
import { begin, finishStatement } from '@/lib/audit/trail';
import { inTurn, type Turn } from '@/lib/feedback/archive/archive';
import { PlaceError } from '@/lib/feedback/archive/place';
import { announced } from '@/lib/store/feed';
import { shapeOfRows } from '@/lib/store/rows';
import { auditActor } from '../audited';
import { requireTyped } from '../confirmation';
import type { Ctx } from '../ctx';
import { conflict, notFound } from '../errors';
import { addressOf, personBody } from './address';
import { STEPS } from './erase-steps';
import { ERASURE_STEPS, type ErasureStep, HOLDINGS } from './inventory';
import { busyJobs, countKinds, type ErasureView, viewOf } from './known';
import { addressHashes, pseudonymOf } from './person-key';
import { redactorOf } from './redact';
import { findPerson } from './who';

export const eraseBody = personBody.extend({
  /** The address again, typed by the person who erases. */
  confirm: z.string().optional(),
});

/** Whoever erases alone. */
const LEASE = 'erasures';
const FIRST_STEP: ErasureStep = ERASURE_STEPS[0];

interface Mark {
  readonly accountId: string;
  readonly testerId: string;
  readonly erasureId: string;
}
const marked = shapeOfRows<Mark>(['accountId', 'testerId', 'erasureId'], (build, rows) =>
  build
    .insertInto('erasedTesters')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['accountId', 'testerId'])
        .doUpdateSet((set) => ({ erasureId: set.ref('excluded.erasureId') })),
    ),
);

/**
 * Orders that all that is known of a person goes from here; the worker does it. Its address is kept, sealed, until that
 * is done. One that is under way for the same person is given instead of a second one.
 * @throws RefusedError 404 when nothing is known, 409 until the address is typed or while a job is about the person
 */
export async function orderErasure(
  ctx: Ctx,
  { address: given, confirm }: z.infer<typeof eraseBody>,
): Promise<ErasureView> {
  authorise(ctx.actor, 'persons:write');
  const address = addressOf(given);
  requireTyped(
    address,
    confirm?.trim().toLowerCase(),
    'This takes all that is known of the person from Flightdeck, for good.',
  );
  const { db, clock, keys } = ctx;
  const hash = (await addressHashes(ctx))(address);
  const [running] = await db.read(
    db.build.selectFrom('erasures').selectAll().where('addressHash', '=', hash).where('step', '<>', 'done'),
  );
  if (running) return viewOf(running);
  const person = await findPerson(ctx, address);
  const pseudonym = pseudonymOf(hash);
  const found = await countKinds(ctx, person, pseudonym);
  if (Object.keys(found).length === 0 && person.testers.length === 0)
    throw notFound('Nothing of this person is here.');
  const items = HOLDINGS.find(({ kind }) => kind === 'jobItems');
  const busy = await busyJobs(ctx, (await items?.find(ctx, person, redactorOf(person, pseudonym))) ?? []);
  if (busy.length > 0)
    throw conflict(
      'FLIGHTDECK.BUSY',
      `A job that is not over is about this person: ${busy.map(({ title }) => title).join('; ')}. Wait for it or cancel it.`,
    );
  const [id, now] = [randomUUID(), clock.now()];
  const sealedAddress = await keys.seal(erasureSubject(id), 1, address);
  const intent = await begin(db, {
    ...auditActor(ctx.actor),
    ...{ at: now, action: 'erase', type: 'persons', label: pseudonym, resourceId: id },
    ...{ requested: { found }, requestId: ctx.requestId },
  });
  const row = {
    ...{ id, addressHash: hash, pseudonym, sealedAddress, step: FIRST_STEP, found: JSON.stringify(found) },
    ...{ erased: '{}', files: '[]', auditId: intent.id, auditHash: intent.hash, trouble: null },
    ...{ createdAt: now, createdBy: personId(ctx.actor), finishedAt: null },
  };
  const testers = new Map(
    person.testers.map(({ accountId, testerId }) => [`${accountId} ${testerId}`, { accountId, testerId }]),
  );
  try {
    await db.write([
      keys.guard(),
      db.build.insertInto('erasures').values(row),
      ...marked([...testers.values()].map((tester) => ({ ...tester, erasureId: id }))),
    ]);
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'failed';
    const failed = finishStatement(intent, { status: 'failed', at: now, errors: [{ detail }] });
    await db.write([failed]).catch(() => undefined);
    throw error;
  }
  return viewOf(row);
}

/** One erasure as it stands. @throws RefusedError 404 */
export async function readErasure(ctx: Ctx, id: string): Promise<ErasureView> {
  authorise(ctx.actor, 'persons:write');
  const row = await ctx.db.prisma.erasure.findUnique({ where: { id } });
  if (!row) throw notFound('There is no such erasure.');
  return viewOf(row);
}

/**
 * Does what was ordered and not done yet, unless another process is at it. What cannot be done now says why, and is
 * gone on with the next time.
 * @returns whether something is left to do
 */
export async function workOnErasures(ctx: Ctx, signal: AbortSignal): Promise<boolean> {
  const { db } = ctx;
  const open = await db.read(
    db.build
      .selectFrom('erasures')
      .select('id')
      .where('step', '<>', 'done')
      .orderBy('createdAt')
      .orderBy('id'),
  );
  if (open.length === 0) return false;
  const isDone = await inTurn(
    ctx,
    signal,
    async (turn) => {
      let all = true;
      for (const { id } of open) all = (await carryOn(ctx, id, turn)) && all;
      return all;
    },
    LEASE,
  );
  return isDone !== true;
}

async function carryOn(ctx: Ctx, id: string, turn: Turn): Promise<boolean> {
  const { db, keys, clock } = ctx;
  const row = await db.prisma.erasure.findUnique({ where: { id } });
  if (row?.sealedAddress == null) return true;
  const sealed = { id: erasureSubject(id), keyVersion: 1, sealedKey: row.sealedAddress };
  const address = await keys.open(sealed);
  const { addressHash: hash, pseudonym } = row;
  const note = (trouble: string | null) =>
    db.build.updateTable('erasures').set({ trouble }).where('id', '=', id);
  const from = ERASURE_STEPS.indexOf(row.step as ErasureStep);
  for (const [at, step] of ERASURE_STEPS.entries()) {
    if (at < from) continue;
    if (turn.signal.aborted) return false;
    const left = await STEPS[step]({ ctx, turn, id, address, hash, pseudonym }).catch((error: unknown) => {
      if (error instanceof PlaceError) return error.message;
      throw error;
    });
    if (left !== null) {
      if (!turn.signal.aborted) await turn.write([note(left)]);
      return false;
    }
    const next = ERASURE_STEPS[at + 1];
    if (next)
      await turn.write([
        db.build.updateTable('erasures').set({ step: next, trouble: null }).where('id', '=', id),
      ]);
  }
  const found = JSON.parse(row.found) as Record<string, number>;
  const still = await countKinds(ctx, await findPerson(ctx, address), pseudonym);
  const erased = Object.fromEntries(
    Object.entries(found).map(([kind, count]) => [kind, Math.max(0, count - (still[kind] ?? 0))]),
  );
  const now = clock.now();
  await turn.write([
    db.build
      .updateTable('erasures')
      .set({
        step: 'done',
        trouble: null,
        erased: JSON.stringify(erased),
        sealedAddress: null,
        files: '[]',
        finishedAt: now,
      })
      .where('id', '=', id),
    finishStatement(
      { id: row.auditId, hash: row.auditHash },
      { status: 'succeeded', at: now, after: { erased } },
    ),
    ...announced('feedback', [id], now),
  ]);
  return true;
}
