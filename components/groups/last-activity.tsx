'use client';

import { Time } from '@/components/ui/time';
import type { GroupResource } from '@/lib/browser/types';

/** When a member last gave feedback or somebody joined, with which of both in the tooltip. */
export function LastActivity({ group }: { group: GroupResource }) {
  const last = group.meta?.lastActivity;
  if (!last) return <span className="text-ink-faint">None seen</span>;
  return (
    <>
      <Time at={last.kind === 'joined' ? last.at.slice(0, 10) : last.at} />
      <span className="sr-only">{last.kind === 'feedback' ? ', feedback' : ', somebody joined'}</span>
    </>
  );
}
