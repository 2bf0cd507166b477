const DAY_MS = 86_400_000;
/** A trend over fewer days says nothing. */
const MIN_DAYS = 3;
/** Further ahead than this no date is told. */
const HORIZON_DAYS = 3650;

/** A count on a UTC day, `YYYY-MM-DD`. */
export interface DayCount {
  readonly day: string;
  readonly count: number;
}

export interface Forecast {
  /** Change per day by a straight line through the counts; null with too few days. */
  readonly perDay: number | null;
  /** UTC day on which the count reaches the limit; null when it does not in ten years, or nothing is known. */
  readonly day: string | null;
  readonly daysLeft: number | null;
  readonly isReached: boolean;
}

/** When a growing count reaches its limit, by the linear trend of the last `windowDays` days. */
export function forecastLimit(
  counts: readonly DayCount[],
  current: number,
  limit: number,
  now: number,
  windowDays = 28,
): Forecast {
  const today = Math.floor(now / DAY_MS);
  const points = counts
    .map(({ day, count }) => ({ x: Date.parse(`${day}T00:00:00Z`) / DAY_MS - today, y: count }))
    .filter(({ x }) => Number.isFinite(x) && x > -windowDays && x <= 0);
  if (!points.some(({ x }) => x === 0)) points.push({ x: 0, y: current });
  const perDay = slope(points);
  if (current >= limit) return { perDay, day: iso(today), daysLeft: 0, isReached: true };
  if (perDay === null || perDay <= 0) return { perDay, day: null, daysLeft: null, isReached: false };
  const daysLeft = Math.ceil((limit - current) / perDay);
  if (daysLeft > HORIZON_DAYS) return { perDay, day: null, daysLeft: null, isReached: false };
  return { perDay, day: iso(today + daysLeft), daysLeft, isReached: false };
}

/** Least squares. */
function slope(points: readonly { x: number; y: number }[]): number | null {
  if (new Set(points.map(({ x }) => x)).size < MIN_DAYS) return null;
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const over = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const under = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return under === 0 ? null : over / under;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function iso(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
