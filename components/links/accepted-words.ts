import { formatCount } from '@/lib/format/numbers';

/** Why those who accepted and the places taken by the link differ; null where they do not or one is unknown. */
export function acceptedWords(
  accepted: number | null | undefined,
  places: number | null | undefined,
  days: number,
): string | null {
  if (accepted == null || places == null || accepted === places) return null;
  const lead = `Accepted counts everybody who accepted in the last ${days} days; places taken are those who are in the group by the link now`;
  return accepted > places
    ? `${lead}, so who left or was removed is missing there: at least ${formatCount(accepted - places)}.`
    : `${lead}, also those who accepted earlier.`;
}
