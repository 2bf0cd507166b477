import { Status } from '@/components/ui/status';
import type { GroupResource } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';
import { FillBar, fillOf } from './fill-bar';

/** The public link of a group in a list: on or off, and how full it is. */
export function LinkState({ group }: { group: GroupResource }) {
  const { isInternalGroup, publicLinkEnabled } = group.attributes ?? {};
  if (isInternalGroup) return <span className="text-ink-faint max-sm:hidden">Not for internal groups</span>;
  if (!publicLinkEnabled) return <Status tone={ourTone('link.off')}>Link off</Status>;
  const { used, limit } = fillOf(group);
  if (limit === null || used === null) return <Status tone={ourTone('link.on')}>Link on, no limit</Status>;
  return (
    <span className="flex items-center gap-2.5">
      <FillBar used={used} limit={limit} className="w-16 shrink-0" />
      <span className="truncate tabular-nums">
        {formatCount(used)} of {formatCount(limit)}
      </span>
    </span>
  );
}
