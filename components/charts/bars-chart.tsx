'use client';

import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatCount } from '@/lib/format/numbers';
import { AXIS, CHART, GRID, SERIES, TOOLTIP } from './chart-style';

const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });

/** Lying bars, one per row and series. Load it on demand: the library is heavy. */
export default function BarsChart({
  label,
  names,
  rows,
  isShare = false,
}: {
  /** The same in words. */
  label: string;
  names: { readonly mine: string; readonly other?: string };
  rows: readonly { readonly label: string; readonly mine: number | null; readonly other: number | null }[];
  /** Values are shares from 0 to 1. */
  isShare?: boolean;
}) {
  const words = (value: unknown) =>
    typeof value === 'number' ? (isShare ? percent.format(value) : formatCount(value)) : '–';
  const isTwo = names.other !== undefined;
  return (
    <div
      role="img"
      aria-label={label}
      className={CHART}
      style={{ height: rows.length * (isTwo ? 52 : 40) + (isTwo ? 64 : 36) }}
    >
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={[...rows]}
          layout="vertical"
          accessibilityLayer={false}
          margin={{ right: 16 }}
          barGap={2}
        >
          <CartesianGrid horizontal={false} stroke={GRID} />
          <XAxis
            type="number"
            tick={AXIS}
            stroke={GRID}
            tickFormatter={words}
            allowDecimals={isShare}
            {...(isShare ? { domain: [0, 1] } : {})}
          />
          <YAxis type="category" dataKey="label" width={132} tick={AXIS} tickLine={false} stroke={GRID} />
          <Tooltip {...TOOLTIP} formatter={(value) => words(value)} />
          {isTwo ? <Legend wrapperStyle={{ fontSize: 13 }} itemSorter={null} /> : null}
          <Bar
            dataKey="mine"
            name={names.mine}
            fill={SERIES[0]}
            radius={[0, 3, 3, 0]}
            maxBarSize={20}
            isAnimationActive={false}
          />
          {isTwo ? (
            <Bar
              dataKey="other"
              name={names.other ?? ''}
              fill={SERIES[1]}
              radius={[0, 3, 3, 0]}
              maxBarSize={20}
              isAnimationActive={false}
            />
          ) : null}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
