import type { Account } from '@/lib/browser/types';

/** Which dialog of the keys page is open. */
export type KeyDialog = { kind: 'add' } | { kind: 'replace' | 'remove'; account: Account };
