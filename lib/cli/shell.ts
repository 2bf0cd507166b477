import type { AppContext } from '@/lib/context';
import type { Ctx } from '@/lib/services/ctx';

/** What a command works with: whoever may read the data folder may do everything, and the trail says “shell”. */
export function shellCtx(context: AppContext): Ctx {
  return context.ctx({ kind: 'system', name: 'shell' }, `shell-${context.clock.now()}`);
}

/** Whether the encryption key is not the database's. By name, because this room does not know the class. */
export function isWrongKey(error: unknown): boolean {
  return error instanceof Error && error.name === 'EncryptionKeyError';
}

/** Whether App Store Connect refused, or could not be asked. By name too. */
export function isApples(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AscError';
}
