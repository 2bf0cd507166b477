import type { BulkKind } from '@/lib/browser/people';
import { formatPlural } from '@/lib/format/numbers';

interface Words {
  /** The dialog's title. */
  readonly title: string;
  /** The button that does it. */
  readonly verb: (count: number) => string;
  /** Which thing has to be chosen first. */
  readonly needs?: 'group' | 'build';
  readonly isRemoval?: boolean;
}

const testers = (count: number) => formatPlural(count, 'tester');

/** What each operation is called. */
export const BULK_WORDS: Readonly<Record<BulkKind, Words>> = {
  'add-to-group': { title: 'Add to a group', verb: (n) => `Add ${testers(n)}`, needs: 'group' },
  'remove-from-group': {
    title: 'Remove from a group',
    verb: (n) => `Remove ${testers(n)}`,
    needs: 'group',
    isRemoval: true,
  },
  'resend-invitations': {
    title: 'Send the invitation again',
    verb: (n) => `Resend ${formatPlural(n, 'invitation')}`,
  },
  'add-build': { title: 'Give a build', verb: (n) => `Give it to ${testers(n)}`, needs: 'build' },
  'remove-build': {
    title: 'Take a build away',
    verb: (n) => `Take it from ${testers(n)}`,
    needs: 'build',
    isRemoval: true,
  },
  'remove-from-app': {
    title: 'Remove from the app',
    verb: (n) => `Remove ${testers(n)}`,
    isRemoval: true,
  },
  'delete-testers': {
    title: 'Delete from the team',
    verb: (n) => `Delete ${testers(n)}`,
    isRemoval: true,
  },
};
