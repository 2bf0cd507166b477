import { archivePlaces } from '@/lib/feedback/archive/places';
import { fileOf } from '@/lib/feedback/archive/rows';
import type { Write } from '@/lib/store/store';
import { unarchivedSymbols } from '@/lib/symbols/rows';
import type { Ctx } from '../ctx';

/** Lets a file go, after some writes, unless any symbols have it then; within `inSymbolsTurn`. @throws PlaceError */
export async function letFileGo(ctx: Ctx, hash: string, first: readonly Write[] = []): Promise<void> {
  const file = await fileOf(ctx.db, hash);
  const changed = await ctx.db.write([...first, unarchivedSymbols(hash)]);
  if (changed.at(-1) === 0 || !file) return;
  await (await archivePlaces(ctx.env).of(file.place))?.remove(hash);
}
