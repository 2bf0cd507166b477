import { expect, it } from 'vitest';
import { buildEventWords } from '@/lib/format/build-events';

it.each([
  ['externalBuildState', 'IN_BETA_REVIEW', 'BETA_APPROVED', 'External testing', 'In review', 'Approved'],
  ['betaReviewState', null, 'WAITING_FOR_REVIEW', 'Beta review', null, 'Waiting for review'],
  ['autoNotifyEnabled', '1', '0', 'Automatic notification', 'On', 'Off'],
  ['expired', '0', '1', 'Expiry', 'Not expired', 'Expired'],
  ['usesNonExemptEncryption', null, '0', 'Export compliance', null, 'Exempt'],
])('%s from %s to %s in words', (kind, before, after, about, from, to) => {
  expect(buildEventWords({ kind, before, after })).toEqual({ about, before: from, after: to });
});
