const WIDTH = 56;
const HEIGHT = 16;

/** A curve of a few values beside their newest, which is said in words; nothing where there are fewer than two. */
export function Sparkline({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ value, at }]));
  if (known.length < 2) return null;
  const least = Math.min(...known.map(({ value }) => value));
  const span = Math.max(...known.map(({ value }) => value)) - least;
  const points = known.map(({ value, at }) => {
    const x = 1 + (at * (WIDTH - 2)) / (values.length - 1);
    // What never changed lies in the middle.
    const y = span === 0 ? HEIGHT / 2 : 2 + (HEIGHT - 4) * (1 - (value - least) / span);
    return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
  });
  return (
    <svg
      role="img"
      aria-label={label}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="shrink-0 text-accent-ink"
    >
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  );
}
