import type { BulkIntent } from '@/components/people/bulk-dialog';

/** Opens the dialog of an operation on the one tester of a page. */
export type Act = (kind: BulkIntent['kind']) => void;
