import { Cron } from 'croner';

export const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;
/** “Tuesday 09:00 Europe/Berlin” */
const WEEKLY = /^(?<day>[a-z]+) (?<hour>\d{1,2}):(?<minute>\d{2}) (?<zone>[A-Za-z0-9_+\-/]+)$/i;
/** An instant with its zone: without one nobody knows which. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * When a time comes, ms since 1970: the instant itself, or the first of its kind after `from`. It is asked anew at each
 * look, so that neither a restart nor a clock that was set leaves it behind. Null for words that name no time.
 */
export function nextTime(words: string, from: number): number | null {
  if (INSTANT.test(words)) {
    const at = Date.parse(words);
    return Number.isNaN(at) ? null : at;
  }
  return weekly(words, from);
}

function weekly(words: string, from: number): number | null {
  const { day = '', hour = '', minute = '', zone = '' } = WEEKLY.exec(words)?.groups ?? {};
  const weekday = WEEKDAYS.findIndex((name) => name.toLowerCase() === day.toLowerCase());
  if (weekday < 0) return null;
  try {
    const cron = new Cron(`${Number(minute)} ${Number(hour)} * * ${weekday}`, { timezone: zone });
    return cron.nextRun(new Date(from))?.getTime() ?? null;
  } catch {
    return null;
  }
}
