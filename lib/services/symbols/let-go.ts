import { archivePlaces } from '@/lib/feedback/archive/places';
import { fileOf } from '@/lib/feedback/archive/rows';
import type { Write } from '@/lib/store/store';
import { unarchivedSymbols } from '@/lib/symbols/rows';
import type { Ctx } from '../ctx';

/**
 * Lets a file go, after some writes, unless any symbols have it then; in the turn of symbols. What cannot be reached is
 * left for when it can. @throws PlaceError
 */
export async function letFileGo(ctx: Ctx, hash: string, first: readonly Write[] = []): Promise<void> {
  const file = await fileOf(ctx.db, hash);
  const place = file && (await archivePlaces(ctx.env).of(file.place));
  const changed = await ctx.db.write([...first, ...(place ? [unarchivedSymbols(hash)] : [])]);
  if (place && changed.at(-1) !== 0) await place.remove(hash);
}
