import { createHash, randomUUID } from 'node:crypto';
import { authorise, type UserActor } from '@/lib/access/policy';
import { drawingRemoved, drawingsOf, markedPng, newDrawing } from '@/lib/feedback/archive/drawings';
import { usedBytes } from '@/lib/feedback/archive/figures';
import { judgePicture } from '@/lib/feedback/archive/judge';
import { MOST_PIXELS } from '@/lib/feedback/archive/limits';
import { type Place, PlaceError } from '@/lib/feedback/archive/place';
import { archivePlaces } from '@/lib/feedback/archive/places';
import { picturesOf, storedFile, WITH_PICTURES } from '@/lib/feedback/archive/rows';
import { readRules } from '@/lib/feedback/archive/settings';
import { resolveAccount } from '@/lib/mirror/query';
import { StaleWriteError } from '@/lib/store/errors';
import { announced } from '@/lib/store/feed';
import { exactly } from '@/lib/store/store';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { conflict, notFound, RefusedError } from '../errors';
import { issueRows } from './issue-rows';
import { issueName } from './title';

type PersonCtx = Ctx & { readonly actor: UserActor };

/** The largest drawing that is taken, bytes: proxies cut what is longer than ten megabytes. */
export const MOST_DRAWING = 9 * 1024 * 1024;
/** Drawings on the pictures of one report. */
const MOST_DRAWINGS = 50;

/**
 * Keeps what somebody drew on a copy of a picture, as a picture of the archive; the original stays.
 * @throws RefusedError 404 for no such picture, 409 for too many, 422 for what is no picture, 507 for no room
 */
export async function addDrawing(
  ctx: PersonCtx,
  given: { readonly feedbackId: string; readonly position: string; readonly accountId: string | undefined },
  bytes: Uint8Array,
): Promise<{ id: string }> {
  authorise(ctx.actor, 'feedback:write');
  const key = await reportKey(ctx, given);
  const picture = (await picturesOf(ctx.db, key)).find(({ position }) => String(position) === given.position);
  if (picture?.state !== 'stored') throw notFound('There is no such picture here to draw on.');
  const id = randomUUID();
  const { file, width, height } = judged(bytes, id);
  if ((await drawingsOf(ctx.db, key)).length >= MOST_DRAWINGS)
    throw conflict(
      'FLIGHTDECK.TOO_MANY',
      `There are ${MOST_DRAWINGS} drawings of this report already. Delete one first.`,
    );
  const { quotaBytes } = await readRules(ctx.db);
  if (quotaBytes !== null && (await usedBytes(ctx.db)) + file.length > quotaBytes)
    throw noRoom(
      'The archive has reached its quota. An admin can raise it under Settings, Archive, or delete what is not needed any more.',
    );
  const hash = createHash('sha256').update(file).digest('hex');
  const { position } = picture;
  const requested = { reportId: key.feedbackId, position };
  const work = async () => {
    const place = await put(ctx, hash, file);
    const now = ctx.clock.now();
    return {
      result: { id },
      after: { ...requested, id },
      statements: [
        storedFile({
          ...{ hash, type: 'image/png', size: file.length, width, height },
          ...{ place: place.name, thumbHash: null, storedAt: now },
        }),
        exactly(
          1,
          newDrawing({ ...key, id, position, hash, width, height, createdAt: now, createdBy: ctx.actor.id }),
        ),
        ...announced('feedback', [key.issueId ?? key.feedbackId], now),
      ],
    };
  };
  try {
    return await audited(ctx, { ...(await draftOf(ctx, key)), action: 'create', requested }, work);
  } catch (error) {
    // Its file is of nobody then, and goes with the next clean-up.
    if (error instanceof StaleWriteError) throw notFound('The picture was removed meanwhile.');
    throw error;
  }
}

/** Deletes a drawing; the picture it was drawn on stays. @throws RefusedError 404 */
export async function removeDrawing(
  ctx: PersonCtx,
  given: { readonly feedbackId: string; readonly id: string; readonly accountId: string | undefined },
): Promise<void> {
  authorise(ctx.actor, 'feedback:write');
  const key = await reportKey(ctx, given);
  const drawing = (await drawingsOf(ctx.db, key)).find(({ id }) => id === given.id);
  if (!drawing) throw notFound('There is no such drawing any more.');
  const before = { reportId: key.feedbackId, position: drawing.position };
  await audited(ctx, { ...(await draftOf(ctx, key)), action: 'delete', before }, async () => ({
    result: undefined,
    statements: [
      exactly(1, drawingRemoved({ ...key, id: given.id })),
      ...announced('feedback', [key.issueId ?? key.feedbackId], ctx.clock.now()),
    ],
  }));
}

/** As the archive judges every picture: by what the bytes are. @throws RefusedError 422 */
function judged(bytes: Uint8Array, id: string) {
  const picture = judgePicture(bytes);
  const file =
    picture?.type === 'image/png' ? markedPng(bytes, `Drawn on a copy in Flightdeck, ${id}`) : null;
  if (!picture || !file) throw unfit('This is no PNG picture, or not a whole one. Save the drawing again.');
  const { width, height } = picture;
  if (width * height > MOST_PIXELS)
    throw unfit(`The drawing has more than ${MOST_PIXELS / 1_000_000} million pixels.`);
  return { file, width, height };
}

/** Written once more where the archive was tidied up while it was written. @throws RefusedError 503, 507 */
async function put(ctx: Ctx, hash: string, file: Uint8Array): Promise<Place> {
  const places = archivePlaces(ctx.env);
  const place = await places.of(places.current);
  if (!place) throw away('The place of the archive is not configured.');
  try {
    await place.put(hash, file, 'image/png').catch((error: unknown) => {
      if (error instanceof PlaceError && error.reason === 'full') throw error;
      return place.put(hash, file, 'image/png');
    });
    return place;
  } catch (error) {
    if (!(error instanceof PlaceError)) throw error;
    throw error.reason === 'full' ? noRoom(error.message) : away(error.message);
  }
}

const refusal = (status: number, code: string, title: string) => (detail: string) =>
  new RefusedError({ status, code: `FLIGHTDECK.${code}`, title, detail });
const unfit = refusal(422, 'PICTURE', 'This is no picture that can be kept');
const noRoom = refusal(507, 'NO_ROOM', 'There is no room');
const away = refusal(503, 'ARCHIVE_AWAY', 'The archive is away');

interface Key {
  readonly accountId: string;
  readonly feedbackId: string;
  readonly appId: string;
  readonly issueId: string | null;
}

async function reportKey(
  ctx: Ctx,
  { feedbackId, accountId }: { readonly feedbackId: string; readonly accountId: string | undefined },
): Promise<Key> {
  const holder = await resolveAccount(ctx.db, WITH_PICTURES, feedbackId, { accountId });
  const row = holder
    ? await ctx.db.prisma.feedback.findUnique({
        where: { accountId_id: { accountId: holder.accountId, id: feedbackId } },
        select: { accountId: true, appId: true, issueId: true },
      })
    : null;
  if (!row) throw notFound('There is no such report here.');
  return { ...row, feedbackId };
}

async function draftOf(ctx: Ctx, { accountId, appId, issueId }: Key) {
  const [issue] = issueId === null ? [] : await issueRows(ctx, [issueId]);
  return {
    ...{ accountId, appId, type: 'feedbackDrawings', resourceId: issueId },
    label: issue ? issueName(issue) : 'a report',
  };
}
