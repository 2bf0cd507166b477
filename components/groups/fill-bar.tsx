import clsx from 'clsx';
import { MARKS } from '@/components/ui/status';
import type { GroupResource } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';

/** How many places of a group's link are taken, and of how many; `limit` is null without one. */
export function fillOf(group: GroupResource): { used: number | null; limit: number | null } {
  const { publicLinkLimitEnabled, publicLinkLimit } = group.attributes ?? {};
  return {
    used: group.meta?.linkTesterCount ?? group.meta?.testerCount ?? null,
    limit: publicLinkLimitEnabled ? (publicLinkLimit ?? null) : null,
  };
}

/** A bar of the places taken: amber from nine tenths on, red when none is left. */
export function FillBar({ used, limit, className }: { used: number; limit: number; className?: string }) {
  const share = limit > 0 ? Math.min(1, used / limit) : 1;
  const words = `${formatCount(used)} of ${formatCount(limit)} places taken`;
  return (
    <span
      role="img"
      aria-label={words}
      data-tip={words}
      className={clsx('block h-1.5 overflow-hidden rounded-full bg-active', className)}
    >
      <span
        style={{ width: `${share * 100}%` }}
        className={clsx(
          'block h-full rounded-full',
          used > 0 && 'min-w-1',
          MARKS[ourTone(share >= 1 ? 'places.none' : share >= 0.9 ? 'places.scarce' : 'places.free')],
        )}
      />
    </span>
  );
}
