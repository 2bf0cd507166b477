import { Cron } from 'croner';

/** When somebody is not to be disturbed. */
export interface QuietHours {
  /** As the IANA names it. */
  readonly timeZone: string;
  readonly isQuiet: boolean;
  /** 'HH:MM'; the end may lie on the next day. */
  readonly quietFrom: string;
  readonly quietTo: string;
}

/** Whether a time zone is known here. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * When quiet hours end that an instant lies in, ms since 1970; null when it lies in none. It lies in some when their end
 * comes before their next beginning, whatever a change of daylight saving makes of either.
 */
export function quietUntil({ timeZone, isQuiet, quietFrom, quietTo }: QuietHours, at: number): number | null {
  if (!isQuiet || quietFrom === quietTo) return null;
  const begins = next(quietFrom, timeZone, at);
  const ends = next(quietTo, timeZone, at);
  return ends !== null && begins !== null && ends < begins ? ends : null;
}

function next(time: string, timeZone: string, after: number): number | null {
  const [hour, minute] = time.split(':');
  const cron = new Cron(`${Number(minute)} ${Number(hour)} * * *`, { timezone: timeZone });
  return cron.nextRun(new Date(after))?.getTime() ?? null;
}
