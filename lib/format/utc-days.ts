const DAY_MS = 86_400_000;

/** `YYYY-MM-DD` of an instant in ms since 1970, in UTC. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** How many days a day is after 1 January 1970, for what counts many of them; and the day of such a number. */
export const dayNumber = (day: string): number => Math.round(Date.parse(day) / DAY_MS);
export const numberedDay = (number: number): string => dayOf(number * DAY_MS);

/** The day so many days after another. */
export const dayAfter = (day: string, days = 1): string => numberedDay(dayNumber(day) + days);

/** How many days lie from one to another, both counted. */
export const daysBetween = (from: string, to: string): number => dayNumber(to) - dayNumber(from) + 1;

/** Every day from one to another, both among them. */
export const everyDay = (from: string, to: string): string[] => {
  const first = dayNumber(from);
  return Array.from({ length: Math.max(0, daysBetween(from, to)) }, (_, at) => numberedDay(first + at));
};

/** The Monday of the week that a day is in. */
export const mondayOf = (day: string): string => dayAfter(day, -((new Date(day).getUTCDay() + 6) % 7));
