import type { RateLimitReading } from './budget-types';

const FIGURES = {
  'user-hour-lim': 'hourLimit',
  'user-hour-rem': 'hourRemaining',
  'user-minute-lim': 'minuteLimit',
  'user-minute-rem': 'minuteRemaining',
} as const;

/**
 * Reads `X-Rate-Limit: user-hour-lim:3500;user-hour-rem:500;`. In the wild it also carries minute figures, lacks the
 * hour, or stands on two lines (joined by a comma); undefined when there is nothing to read.
 * @see https://developer.apple.com/documentation/appstoreconnectapi/identifying-rate-limits
 */
export function readRateLimit(headers: Headers): RateLimitReading | undefined {
  const text = headers.get('x-rate-limit');
  if (text === null) return undefined;
  const reading: { -readonly [K in keyof RateLimitReading]: RateLimitReading[K] } = {};
  for (const [, name = '', digits = ''] of text.matchAll(/([a-z-]+)\s*[:=]\s*(-?\d+)/gi)) {
    const figure = FIGURES[name.toLowerCase() as keyof typeof FIGURES];
    if (figure) reading[figure] = Math.max(0, Number(digits));
  }
  return Object.keys(reading).length > 0 ? reading : undefined;
}

const HOUR_MS = 3_600_000;

/**
 * How long `Retry-After` asks to wait, in ms, at most an hour: seconds, an HTTP date, or an epoch in s or ms.
 * A date is read against the answer's own `Date`, so that a wrong clock here does not matter.
 */
export function readRetryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  const served = Date.parse(headers.get('date') ?? '');
  const reference = Number.isNaN(served) ? now : served;
  if (/^\d+(\.\d+)?$/.test(text)) {
    const figure = Number(text);
    if (figure > 1e12) return clamp(figure - reference);
    if (figure > 1e9) return clamp(figure * 1000 - reference);
    return clamp(figure * 1000);
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : clamp(date - reference);
}

function clamp(ms: number): number {
  return Math.min(HOUR_MS, Math.max(0, ms));
}
