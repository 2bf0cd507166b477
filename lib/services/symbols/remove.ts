import { authorise } from '@/lib/access/policy';
import { droppedSymbols, symbolFile } from '@/lib/symbols/rows';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { letFileGo } from './let-go';
import { inSymbolsTurn } from './upload';

/**
 * Deletes symbols and their file. Names that they told already stay.
 * @throws RefusedError 404, ForbiddenError
 */
export async function removeSymbols(ctx: Ctx, uuid: string): Promise<void> {
  authorise(ctx.actor, 'symbols:write');
  const row = await symbolFile(ctx.db, uuid.toUpperCase());
  if (!row) throw notFound('There are no such symbols, or they were deleted already.');
  const { name, arch, hash, size, accountId, appId } = row;
  const draft = {
    ...(accountId && appId ? { accountId, appId } : {}),
    ...{ action: 'delete', type: 'symbolFiles', resourceId: row.uuid, label: name },
    before: { uuid: row.uuid, arch, size },
  };
  await audited(ctx, draft, async () => {
    await inSymbolsTurn(ctx, () => letFileGo(ctx, hash, [droppedSymbols(row.uuid)]));
    return { result: undefined };
  });
}
