import { z } from 'zod';
import { AscError, isAscError } from '@/lib/asc/errors';
import { dayOf } from '@/lib/format/utc-days';
import { buildDayStatement } from '@/lib/history/build-days';
import { type JobItem, LONGEST_SLEEP_MS, type Outcome, Sleep, type Work } from '@/lib/jobs/types';
import { buildFigures } from '@/lib/sync/figures';
import type { Ctx } from '../ctx';
import { placeOf } from '../job-steps/place';
import { programmeNow } from '../programme-time';
import { dealtWith, rung } from './bell';
import { readBuild } from './facts';
import { type GateReading, type GateVerdict, judgeGate, keptReadings } from './gate-judge';
import { BUILD_GONE, expired, groupGone } from './judge';
import { releasedBy } from './release';
import { type ShipStep, shipParams, shipStep } from './steps';
import type { Stop } from './verdict';

type GateStep = Extract<ShipStep, { step: 'gate' }>;

/** How a build is used is asked for so often, ms. */
const READ_EVERY_MS = 60 * 60_000;
const SOONEST_LOOK_MS = 5_000;

/** What a gate remembers from look to look, as the result of its item; instants in the programme's time, ms. */
const gateNote = z.object({
  since: z.number(),
  /** When App Store Connect was asked last, also in vain. */
  askedAt: z.number().nullable().default(null),
  /** When it last answered with figures, by the clock of this machine. */
  readAt: z.number().nullable().default(null),
  trouble: z.string().nullable().default(null),
  readings: z
    .array(z.object({ at: z.number(), sessions: z.number(), crashes: z.number() }))
    .readonly()
    .default([]),
});
type GateNote = z.infer<typeof gateNote>;

/** What a gate has remembered so far; before its first look it begins now. */
function noteOf({ result }: Pick<JobItem, 'result'>, now: number): GateNote {
  const parsed = gateNote.safeParse(result);
  const note = parsed.success ? parsed.data : gateNote.parse({ since: now });
  // What lies ahead was noted before the clock was set back.
  const isAhead = note.askedAt !== null && note.askedAt > now;
  return { ...note, since: Math.min(note.since, now), ...(isAhead ? { askedAt: null } : {}) };
}

/** What a gate says by the readings there are. */
export function gateNow(step: GateStep, item: Pick<JobItem, 'result'>, now: number): GateVerdict {
  return judgeGate(step, noteOf(item, now), now);
}

/** When the figures were read that a gate is judged by; null before they were. */
export function gateReadAt({ result }: Pick<JobItem, 'result'>): string | null {
  const { data } = gateNote.safeParse(result);
  return data?.readAt ? new Date(data.readAt).toISOString() : null;
}

/**
 * Lets a job through when its build has proved itself, or somebody has said so; else it sleeps on. App Store Connect is
 * asked once an hour, for the build, for the groups that are to have it, and for how it is used. @throws Sleep
 */
export async function takeGate(work: Work<Ctx>, item: JobItem, step: GateStep): Promise<Outcome> {
  const { context: ctx, job } = work;
  const now = programmeNow(ctx);
  const before = noteOf(item, now);
  const isDue = before.askedAt === null || now - before.askedAt >= READ_EVERY_MS;
  const { note, stop } = isDue ? await ask(work, step, before, now) : { note: before, stop: null };
  const over = (words: string) => ({ result: { ...note, words }, statements: dealtWith(ctx, job.id) });
  if (stop) return { status: 'failed', code: stop.code, detail: stop.words, ...over(stop.words) };
  const verdict = judgeGate(step, note, now);
  const by = await releasedBy(ctx, job.id);
  if (by !== null) return { status: 'done', ...over(`Released by hand by ${by}. ${verdict.words}`) };
  if (verdict.is === 'open') return { status: 'done', ...over(verdict.words) };
  if (verdict.is === 'hold') await work.write(await rung(ctx, job, verdict.why));
  const due = (note.askedAt ?? now) + READ_EVERY_MS - now;
  const pauseMs = Math.min(LONGEST_SLEEP_MS / 2, Math.max(SOONEST_LOOK_MS, due));
  const words = verdict.is === 'hold' ? `Held. ${verdict.words}` : verdict.words;
  throw new Sleep(ctx.clock.now() + pauseMs, words, note);
}

interface Answer {
  readonly note: GateNote;
  /** Why there is nothing to wait for any more. */
  readonly stop: Stop | null;
}

/** Errors that are about the key, the quota or this process: the job knows what to do. */
const NOT_OURS = [
  ...(['rate_limited', 'breaker_open', 'unauthorized', 'bad_credential'] as const),
  ...(['agreement_missing', 'clock_skew', 'aborted'] as const),
];

/** Asks App Store Connect once. What fails is noted, so that a gate tells of it when it goes on for long. */
async function ask(work: Work<Ctx>, step: GateStep, before: GateNote, now: number): Promise<Answer> {
  const note = { ...before, askedAt: now, readings: keptReadings(step, before.readings, now) };
  try {
    const stop = await lost(work);
    if (stop) return { note, stop };
    const reading = await readUse(work, now);
    const readings = keptReadings(step, [...note.readings, ...reading], now);
    const readAt = reading.length > 0 ? work.context.clock.now() : note.readAt;
    return { note: { ...note, trouble: null, readings, readAt }, stop: null };
  } catch (error) {
    if (!(error instanceof AscError) || error.is(...NOT_OURS)) throw error;
    return { note: { ...note, trouble: `The last one failed: ${error.message}` }, stop: null };
  }
}

/** Whether the build, or a group that was to have it, is gone. */
async function lost(work: Work<Ctx>): Promise<Stop | null> {
  const { context: ctx, job } = work;
  const { asc, accountId, appId } = await placeOf(work);
  const { buildId, second } = shipParams.parse(job.params);
  const build = await readBuild(ctx, { accountId, appId, lane: 'write', write: work.write }, buildId);
  const over = build === null ? BUILD_GONE : expired(build);
  if (over) return over;
  for (const { id, name } of second?.groups ?? []) {
    try {
      await asc.get('betaGroups', id);
    } catch (error) {
      if (isAscError(error) && error.is('not_found')) return groupGone(name);
      throw error;
    }
  }
  return null;
}

/** Reads how the build is used, and notes it with the readings of each day. An answer without figures is no zero. */
async function readUse(work: Work<Ctx>, now: number): Promise<readonly GateReading[]> {
  const { asc, accountId, appId } = await placeOf(work);
  const { buildId } = shipParams.parse(work.job.params);
  const readAt = work.context.clock.now();
  const page = await asc.metrics('builds', buildId, 'betaBuildUsages', {}, { signal: work.signal });
  const figures = buildFigures(page.document.data);
  const day = dayOf(now);
  await work.write([buildDayStatement({ accountId, appId, buildId, day, ...figures, readAt })]);
  const { sessionCount, crashCount } = figures;
  return sessionCount === null ? [] : [{ at: now, sessions: sessionCount, crashes: crashCount ?? 0 }];
}

/** The step of an item, where it is a gate. */
export function gateStepOf({ payload }: Pick<JobItem, 'payload'>): GateStep | null {
  const step = shipStep.safeParse(payload);
  return step.success && step.data.step === 'gate' ? step.data : null;
}
