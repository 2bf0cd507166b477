'use client';

import dynamic from 'next/dynamic';
import { FigureTable } from '@/components/charts/figure-table';
import { Skeleton } from '@/components/ui/skeleton';
import type { LinkTotals } from '@/lib/browser/links';
import { whenReachable } from '@/lib/browser/reach';
import { formatCount, formatShare } from '@/lib/format/numbers';

const BarsChart = dynamic(
  whenReachable(() => import('@/components/charts/bars-chart')),
  {
    ssr: false,
    loading: () => <Skeleton className="h-44 w-full" />,
  },
);

const STEPS = [
  ['Opened the link', 'viewCount'],
  ['Accepted', 'acceptedCount'],
  ['Did not accept', 'didNotAcceptCount'],
  ['Did not meet the criteria', 'didNotMeetCriteriaCount'],
] as const;

export interface Names {
  readonly mine: string;
  readonly other: string;
}

/** How far those came who opened the link. */
export function FunnelFigure({
  names,
  mine,
  other,
}: {
  names: Names;
  mine: LinkTotals | null;
  other: LinkTotals | null | undefined;
}) {
  if (!mine)
    return <p className="text-ink-soft text-sm">App Store Connect has told no figures of this link yet.</p>;
  if (![mine, other].some((totals) => STEPS.some(([, name]) => totals?.[name]))) {
    return <p className="text-ink-soft text-sm">App Store Connect has counted nobody at this link yet.</p>;
  }
  const cell = (totals: LinkTotals, name: (typeof STEPS)[number][1]) => {
    const { viewCount } = totals;
    const share =
      name === 'viewCount' || viewCount === null ? '' : ` (${formatShare(totals[name] ?? 0, viewCount)})`;
    return `${formatCount(totals[name])}${share}`;
  };
  return (
    <FigureTable
      title="How far people come"
      chart={
        <BarsChart
          label={STEPS.map(([words, name]) => `${words}: ${formatCount(mine[name])}`).join(', ')}
          names={other ? names : { mine: names.mine }}
          rows={STEPS.map(([words, name]) => ({
            label: words,
            mine: mine[name],
            other: other?.[name] ?? null,
          }))}
        />
      }
      head={['Step', ...(other ? [names.mine, names.other] : ['People'])]}
      rows={STEPS.map(([words, name]) => [words, cell(mine, name), ...(other ? [cell(other, name)] : [])])}
    />
  );
}
