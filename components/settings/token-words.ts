import type { MachinePermission } from '@/lib/browser/types';

/** What a token may be for, in words. */
export const TOKEN_WORDS: Readonly<Record<MachinePermission, string>> = {
  'feedback:read': 'Check builds for new crash issues',
  'symbols:write': 'Send the symbols (dSYMs) of builds',
};
export const TOKEN_PERMISSIONS = Object.keys(TOKEN_WORDS) as MachinePermission[];
