/** Colours of the first and the second series; shape tells them apart as well. */
export const SERIES = ['var(--accent)', 'var(--line-strong)'] as const;

export const AXIS = { fontSize: 12, fill: 'var(--ink-soft)' } as const;
export const GRID = 'var(--line)';

/** A tooltip that stayed where the chart was wider makes no page wider. */
export const CHART = 'overflow-x-clip';

export const TOOLTIP = {
  contentStyle: {
    background: 'var(--surface-raised)',
    border: '1px solid var(--line)',
    borderRadius: 6,
    fontSize: 13,
    color: 'var(--ink)',
  },
  labelStyle: { color: 'var(--ink-soft)' },
  itemStyle: { color: 'var(--ink)' },
  cursor: { fill: 'var(--surface-hover)', stroke: 'var(--line-strong)' },
  isAnimationActive: false,
} as const;
