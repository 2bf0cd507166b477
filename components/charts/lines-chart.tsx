'use client';

import clsx from 'clsx';
import {
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatCount } from '@/lib/format/numbers';
import { AXIS, CHART, GRID, SERIES, TOOLTIP } from './chart-style';

type Row = Readonly<Record<string, string | number | null>> & { readonly label: string };

/** Lines over days; the second is dashed. Load it on demand: the library is heavy. */
export default function LinesChart({
  label,
  lines,
  rows,
  hasGaps = false,
  isPercent = false,
  marks = [],
}: {
  /** The same in words. */
  label: string;
  lines: readonly { readonly key: string; readonly name: string }[];
  rows: readonly Row[];
  /** What is not known breaks a line instead of being drawn over. */
  hasGaps?: boolean;
  /** Values are per cent, of which the scale shows the part they lie in. */
  isPercent?: boolean;
  /** Labels of rows that are marked on the axis. */
  marks?: readonly string[];
}) {
  const words = (value: unknown) =>
    typeof value === 'number' ? (isPercent ? `${value}%` : formatCount(value)) : '–';
  return (
    <div role="img" aria-label={label} className={clsx(CHART, 'h-60')}>
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={[...rows]} accessibilityLayer={false} margin={{ right: 16, top: 8 }}>
          <CartesianGrid vertical={false} stroke={GRID} />
          <XAxis dataKey="label" tick={AXIS} tickLine={false} stroke={GRID} minTickGap={24} />
          <YAxis
            tick={AXIS}
            width={isPercent ? 56 : 44}
            tickLine={false}
            stroke={GRID}
            allowDecimals={isPercent}
            tickFormatter={words}
            {...(isPercent ? { domain: ['auto', 100] as const } : {})}
          />
          <Tooltip {...TOOLTIP} formatter={words} />
          {marks.map((mark) => (
            <ReferenceLine key={mark} x={mark} stroke="var(--line-strong)" strokeDasharray="2 4" />
          ))}
          <Legend wrapperStyle={{ fontSize: 13 }} itemSorter={null} />
          {lines.map(({ key, name }, index) => (
            <Line
              key={key}
              dataKey={key}
              name={name}
              stroke={SERIES[index] ?? SERIES[0]}
              strokeWidth={2}
              // A day between two gaps is a point and no line.
              dot={rows.length < 15 || (hasGaps && { r: 1.5 })}
              connectNulls={!hasGaps}
              isAnimationActive={false}
              {...(index > 0 ? { strokeDasharray: '5 4' } : {})}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
