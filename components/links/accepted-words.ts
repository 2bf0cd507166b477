import { formatCount } from '@/lib/format/numbers';

/** Why more have accepted than have a place by the link, and how many more; null where there are not more. */
export function acceptedWords(
  accepted: number | null | undefined,
  places: number | null | undefined,
): string | null {
  if (accepted == null || places == null || accepted <= places) return null;
  return `Accepted counts everybody who ever accepted, whatever days are shown; places taken are those who are in the group by the link now, so who left or was removed is missing there: ${formatCount(accepted - places)}.`;
}
