import type { MachinePermission } from '@/lib/browser/types';

/** What a token may be for, in words. */
export const TOKEN_WORDS: Readonly<Record<MachinePermission, string>> = {
  'feedback:read': 'Check builds for new crash issues',
  'symbols:write': 'Send the symbols (dSYMs) of builds',
  'programme:read': 'Read the programme: as a file, and compared with a file',
  'jobs:run': 'Start jobs: write What to Test, ship builds to testers, and apply a programme’s file',
  'jobs:read': 'Follow the jobs that were started',
};
export const TOKEN_PERMISSIONS = Object.keys(TOKEN_WORDS) as MachinePermission[];
