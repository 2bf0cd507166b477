'use client';

import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatCount } from '@/lib/format/numbers';
import { AXIS, GRID, SERIES, TOOLTIP } from './chart-style';

type Row = Readonly<Record<string, string | number | null>> & { readonly label: string };

/** Lines over days; the second is dashed. Load it on demand: the library is heavy. */
export default function LinesChart({
  label,
  lines,
  rows,
}: {
  /** The same in words. */
  label: string;
  lines: readonly { readonly key: string; readonly name: string }[];
  rows: readonly Row[];
}) {
  return (
    <div role="img" aria-label={label} className="h-60">
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={[...rows]} accessibilityLayer={false} margin={{ right: 16, top: 8 }}>
          <CartesianGrid vertical={false} stroke={GRID} />
          <XAxis dataKey="label" tick={AXIS} tickLine={false} stroke={GRID} minTickGap={24} />
          <YAxis tick={AXIS} width={44} tickLine={false} stroke={GRID} allowDecimals={false} />
          <Tooltip
            {...TOOLTIP}
            formatter={(value) => (typeof value === 'number' ? formatCount(value) : '–')}
          />
          <Legend wrapperStyle={{ fontSize: 13 }} itemSorter={null} />
          {lines.map(({ key, name }, index) => (
            <Line
              key={key}
              dataKey={key}
              name={name}
              stroke={SERIES[index] ?? SERIES[0]}
              strokeWidth={2}
              dot={rows.length < 15}
              connectNulls
              isAnimationActive={false}
              {...(index > 0 ? { strokeDasharray: '5 4' } : {})}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
