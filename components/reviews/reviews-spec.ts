import type { ListSpec } from '@/lib/browser/lists';

/** What the queue of beta review asks of the API: builds, as they stand with it. */
export const REVIEWS: ListSpec = {
  type: 'builds',
  filters: [
    { param: 'app' },
    { param: 'review', values: ['REJECTED', 'IN_REVIEW', 'WAITING_FOR_REVIEW', 'APPROVED'] },
    { param: 'preReleaseVersion.platform' },
  ],
  sorts: ['review', 'version', 'uploadedDate'],
  defaultSort: 'review',
};

/** Only what waits, what was rejected and what was approved lately. */
export const IN_QUEUE = { isInReviewQueue: 'true' };
