import type { GroupResource } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';

/**
 * Why more have accepted than are in the group by the link now, with both numbers, whether the link has a limit or
 * not; null where there are not more, or nobody knows.
 */
export function acceptedWords(
  accepted: number | null | undefined,
  meta: Pick<NonNullable<GroupResource['meta']>, 'linkTesterCount' | 'testerCount'> | null | undefined,
): string | null {
  const byLink = meta?.linkTesterCount;
  // Who came by the link is not known of a list that is not whole: the whole group then holds at least as many.
  const now = byLink ?? meta?.testerCount;
  if (accepted == null || now == null || accepted <= now) return null;
  const whose =
    byLink == null ? 'are in the group now, however they came' : 'are in the group by the link now';
  return `${formatCount(accepted)} accepted, ${formatCount(now)} ${whose}: accepted counts everybody who ever accepted, whatever days are shown, so those who left or were removed are missing there: ${byLink == null ? 'at least ' : ''}${formatCount(accepted - now)}.`;
}
