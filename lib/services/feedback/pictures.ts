import { authorise } from '@/lib/access/policy';
import { drawingsOf } from '@/lib/feedback/archive/drawings';
import { PlaceError } from '@/lib/feedback/archive/place';
import { archivePlaces } from '@/lib/feedback/archive/places';
import {
  type FileRow,
  fileOf,
  type PictureState,
  picturesOf,
  WITH_PICTURES,
} from '@/lib/feedback/archive/rows';
import { resolveAccount } from '@/lib/mirror/query';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';

export interface PictureArguments {
  readonly feedbackId: string;
  readonly position: string;
  readonly accountId: string | undefined;
  /** As it is shown in a list. */
  readonly isSmall: boolean;
  /** What the browser has already. */
  readonly known: string | null;
}

export interface Picture {
  /** SHA-256 of the bytes. */
  readonly hash: string;
  readonly type: string;
  /** Null when the browser has it already. */
  readonly bytes: Uint8Array | null;
}

/** A picture of a report, from our archive alone. @throws RefusedError (404) that says what became of it */
export async function pictureOf(ctx: Ctx, { feedbackId, ...asked }: PictureArguments): Promise<Picture> {
  authorise(ctx.actor, 'feedback:read');
  const holder = await resolveAccount(ctx.db, WITH_PICTURES, feedbackId, { accountId: asked.accountId });
  if (!holder) throw missing('unknown', 'There is no such report here.');
  const pictures = await picturesOf(ctx.db, { accountId: holder.accountId, feedbackId });
  const row = pictures.find(({ position }) => String(position) === asked.position);
  if (!row)
    throw pictures.length === 0
      ? missing('wanted', 'The pictures of this report have not been looked for yet.')
      : missing('unknown', 'The report has no such picture.');
  const original = row.hash === null ? undefined : await fileOf(ctx.db, row.hash);
  if (!original) throw missing(row.state, `${WORDS[row.state]} ${row.trouble ?? ''}`.trim());
  return shownFile(ctx, original, asked);
}

/** What somebody drew on a copy of a picture of a report. @throws RefusedError (404) */
export async function drawingOf(
  ctx: Ctx,
  { feedbackId, id, ...asked }: Omit<PictureArguments, 'position'> & { readonly id: string },
): Promise<Picture> {
  authorise(ctx.actor, 'feedback:read');
  const holder = await resolveAccount(ctx.db, WITH_PICTURES, feedbackId, { accountId: asked.accountId });
  if (!holder) throw missing('unknown', 'There is no such report here.');
  const drawings = await drawingsOf(ctx.db, { accountId: holder.accountId, feedbackId });
  const hash = drawings.find((one) => one.id === id)?.hash;
  const original = hash === undefined ? undefined : await fileOf(ctx.db, hash);
  if (!original) throw missing('unknown', 'There is no such drawing any more.');
  return shownFile(ctx, original, asked);
}

async function shownFile(
  ctx: Ctx,
  original: FileRow,
  { isSmall, known }: Pick<PictureArguments, 'isSmall' | 'known'>,
): Promise<Picture> {
  const small = isSmall && original.thumbHash ? await fileOf(ctx.db, original.thumbHash) : undefined;
  const { hash, type, place } = small ?? original;
  if (known === hash) return { hash, type, bytes: null };
  const bytes = await read(ctx, place, hash);
  if (!bytes) throw missing('lost', 'The file of this picture is missing in the archive.');
  return { hash, type, bytes };
}

const WORDS: Readonly<Record<PictureState, string>> = {
  wanted: 'The picture has not been fetched yet.',
  failed: 'The picture could not be fetched yet; it is tried again.',
  refused: 'The picture could not be kept.',
  removed: 'The picture was removed by the rule of the archive.',
  stored: 'The file of this picture is missing in the archive.',
};

async function read(ctx: Ctx, name: string, hash: string): Promise<Uint8Array | null> {
  const place = await archivePlaces(ctx.env).of(name);
  if (!place) throw missing('away', 'The picture lies in a bucket that is not configured any more.');
  try {
    return await place.get(hash);
  } catch (error) {
    if (!(error instanceof PlaceError)) throw error;
    ctx.log.warn({ reason: error.message }, 'A picture could not be read.');
    const [status, code, title] = [503, 'FLIGHTDECK.ARCHIVE_AWAY', 'The archive is away'];
    throw new RefusedError({ status, code, title, detail: 'The archive of pictures cannot be read now.' });
  }
}

function missing(state: string, detail: string): RefusedError {
  const [status, code, title] = [404, 'FLIGHTDECK.PICTURE', 'No picture here'];
  return new RefusedError({ status, code, title, detail, meta: { state } });
}
