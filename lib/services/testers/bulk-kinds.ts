/** What can be done with many testers of one app at a time. */
export const BULK_KINDS = [
  'resend-invitations',
  'add-to-group',
  'remove-from-group',
  'remove-from-app',
  'delete-testers',
  'add-build',
  'remove-build',
] as const;
export type BulkKind = (typeof BULK_KINDS)[number];
