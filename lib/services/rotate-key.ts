import { rotateWrappingKey } from '@/lib/access/key-store';
import { authorise } from '@/lib/access/policy';
import { audited } from './audited';
import type { Ctx } from './ctx';

/**
 * Puts every stored App Store Connect key under a new encryption key (32 bytes each), all or nothing; gives how many.
 * Processes that run take up a key that lies in a file; where it stands in the environment they refuse to store keys.
 * @throws SealError when a stored key cannot be opened; then nothing is changed
 */
export async function rotateEncryptionKey(ctx: Ctx, from: Uint8Array, to: Uint8Array): Promise<number> {
  authorise(ctx.actor, 'accounts:write');
  return audited(ctx, { action: 'update', type: 'encryptionKey', label: 'Encryption key' }, async () => {
    const accounts = await rotateWrappingKey(ctx.db, from, to, ctx.clock.now());
    return { result: accounts, after: { accounts } };
  });
}
