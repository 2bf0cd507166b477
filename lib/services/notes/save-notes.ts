import { z } from 'zod';
import { createCall, updateCall } from '@/lib/asc/calls';
import { whatsNew } from '@/lib/asc/catalogue/bodies';
import type { WriteCall } from '@/lib/asc/operations';
import { languageName } from '@/lib/format/languages';
import type { Finding, JobHandler, JobItem, Outcome, Work } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { placeOf } from '../job-steps/place';
import { effectsIn, lookFor, sendFor, settleAudit } from '../job-steps/send-item';
import { mirrored } from '../resources/mirrored';
import { readAfresh } from '../resources/refresh';
import { closed, refusalIn } from '../resources/send';
import { heldTexts } from './held-texts';

/** One text of one build. */
export const notePayload = z.object({
  buildId: z.string(),
  locale: z.string(),
  whatsNew,
  /** Of the text that is there already; null when the language has none. */
  id: z.string().nullable(),
  /** What was there when the job was made. */
  before: z.string().nullable(),
});
export type NotePayload = z.infer<typeof notePayload>;

/** Writes What to Test of builds, one request for each build and language. */
export const saveNotes: JobHandler<Ctx> = {
  kind: 'save-notes',
  requestsPerItem: 1,
  run: (work, items) => Promise.all(items.map((item) => write(work, item))),
  reconcile: (work, items) => Promise.all(items.map((item) => lookUp(work, item))),
};

async function write(work: Work<Ctx>, item: JobItem): Promise<Outcome> {
  const note = notePayload.parse(item.payload);
  const { accountId, appId } = await placeOf(work);
  const { db } = work.context;
  if (note.id !== null) {
    const now = (await mirrored(db, accountId, 'betaBuildLocalizations', note.id))?.attributes?.whatsNew;
    const told = now === undefined ? null : changedMeanwhile(note, now);
    return told ?? sendText(work, item, note);
  }
  try {
    return await sendText(work, item, note);
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal?.is('conflict')) throw error;
    // Apple does not say that somebody has added the language meanwhile: look, and keep its own reason when not.
    const build = { accountId, appId, type: 'builds', id: note.buildId } as const;
    await readAfresh(work.context, build, { lane: 'write' });
    const held = (await heldTexts(work.context, accountId, note.buildId)).get(note.locale);
    if (!held) throw error;
    await work.write(closed(error, refusal));
    const { id, whatsNew: now } = held;
    return changedMeanwhile(note, now) ?? sendText(work, item, { ...note, id, before: now });
  }
}

async function sendText(work: Work<Ctx>, item: JobItem, note: NotePayload): Promise<Outcome> {
  const call = callOf(note);
  const sent = await sendFor(work, [item], call, () => ({
    label: note.locale,
    before: note.id === null ? null : { attributes: { whatsNew: note.before } },
    requested: { attributes: toldOf(note), relationships: relationshipsOf(note) },
  }));
  const after = { id: sent.document?.id ?? note.id, attributes: toldOf(note) };
  return {
    status: 'done',
    statements: [sent.finish(0, after), ...(await effectsIn(work, call, sent))],
  };
}

/** Somebody else was faster, as far as our copy has learnt: their text is not overwritten. Null when nobody was. */
function changedMeanwhile({ whatsNew: text, before, locale }: NotePayload, now: unknown): Outcome | null {
  if (now === text)
    return { status: 'skipped', code: 'FLIGHTDECK.ALREADY', detail: 'The text was there already.' };
  if ((now || null) === (before || null)) return null;
  return {
    status: 'failed',
    code: 'FLIGHTDECK.STALE',
    detail: `Somebody has changed the text in ${languageName(locale)} since this was begun. It was not overwritten: open the build to see both.`,
  };
}

async function lookUp(work: Work<Ctx>, item: JobItem): Promise<Finding> {
  const note = notePayload.parse(item.payload);
  const call = callOf(note);
  const found = await lookFor(work, item, call);
  if (found.outcome !== 'done')
    return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
  const after = { id: found.document?.id ?? note.id, attributes: toldOf(note) };
  return {
    status: 'done',
    statements: [
      ...(await settleAudit(work, item, { status: 'succeeded', after })),
      ...(await effectsIn(work, call, found)),
    ],
  };
}

function callOf(note: NotePayload): WriteCall {
  if (note.id !== null)
    return updateCall('betaBuildLocalizations', note.id, { attributes: { whatsNew: note.whatsNew } });
  return createCall('betaBuildLocalizations', {
    attributes: attributesOf(note),
    relationships: relationshipsOf(note),
  });
}

const attributesOf = ({ locale, whatsNew: text }: NotePayload) => ({ locale, whatsNew: text });
/** What the trail says of it: a language that was there stays as it is. */
const toldOf = (note: NotePayload) => (note.id === null ? attributesOf(note) : { whatsNew: note.whatsNew });
const relationshipsOf = ({ buildId }: NotePayload) => ({
  build: { data: { type: 'builds' as const, id: buildId } },
});
