'use client';

import dynamic from 'next/dynamic';
import { FigureTable } from '@/components/charts/figure-table';
import { Skeleton } from '@/components/ui/skeleton';
import type { LinkTotals } from '@/lib/browser/links';
import { whenReachable } from '@/lib/browser/reach';
import type { Names } from './funnel-figure';

const BarsChart = dynamic(
  whenReachable(() => import('@/components/charts/bars-chart')),
  {
    ssr: false,
    loading: () => <Skeleton className="h-36 w-full" />,
  },
);

const REASONS = [
  ['Not relevant to them', 'notRelevantRatio'],
  ['Not clear what it is', 'notClearRatio'],
  ['Not interesting', 'notInterestingRatio'],
] as const;

const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
const words = (ratio: number | null | undefined) =>
  ratio === null || ratio === undefined ? '–' : percent.format(ratio);

/** Why people left who did not accept, as shares of those who said so. */
export function ReasonsFigure({
  names,
  mine,
  other,
}: {
  names: Names;
  mine: LinkTotals | null;
  other: LinkTotals | null | undefined;
}) {
  if (!mine || REASONS.every(([, name]) => !mine[name])) return null;
  return (
    <FigureTable
      title="Why they did not accept"
      chart={
        <BarsChart
          label={REASONS.map(([reason, name]) => `${reason}: ${words(mine[name])}`).join(', ')}
          names={other ? names : { mine: names.mine }}
          rows={REASONS.map(([reason, name]) => ({
            label: reason,
            mine: mine[name],
            other: other?.[name] ?? null,
          }))}
          isShare
        />
      }
      head={['Reason', ...(other ? [names.mine, names.other] : ['Share'])]}
      rows={REASONS.map(([reason, name]) => [
        reason,
        words(mine[name]),
        ...(other ? [words(other[name])] : []),
      ])}
    />
  );
}
