import type { Ctx } from '../ctx';
import { asMarkdown, type HowMuch } from './markdown';
import { tell, type Which } from './told';

/** A report or an issue as a text to be put elsewhere, with what who asks may see. @throws RefusedError 404 */
export async function copyAsMarkdown(ctx: Ctx, which: Which, howMuch: HowMuch): Promise<string> {
  return asMarkdown(await tell(ctx, which), howMuch);
}
