import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Condition } from './condition';

const WINDOWS = [7, 30, 90, 365];
const DAY_MS = 86_400_000;

/** A word of the filter, such as `active30` or `quiet90`. */
interface Activity {
  readonly isActive: boolean;
  /** Notes from this day on count: each sums Apple's seven days before it, so they begin six days into the window. */
  readonly since: string;
}

/** Whether a daily note of the window holds a session, for words such as `active30` and `quiet90`. */
export function activityIs(values: readonly string[], now: number): Condition {
  const wanted = [...new Set(values)].flatMap((value) => activityOf(value, now) ?? []);
  return {
    form: `activity ${wanted.map(({ isActive }) => (isActive ? 'a' : 'q')).join('')}`,
    values: wanted.map(({ since }) => since),
    is: (places) => {
      const each = wanted.map(({ isActive }, at) => hasSession(sql`${places[at]}`, isActive));
      return each.length === 0 ? sql`1 = 0` : sql`(${sql.join(each, sql` OR `)})`;
    },
  };
}

/** What a menu offers, with the first day that counts. */
export function activityChoices(now: number): { readonly value: string; readonly since: string }[] {
  return ACTIVITY_VALUES.map((value) => ({ value, since: activityOf(value, now)?.since ?? '' }));
}

const ACTIVITY_VALUES = ['active7', 'active30', 'active90', 'quiet7', 'quiet30', 'quiet90', 'quiet365'];

function activityOf(value: string, now: number): Activity | undefined {
  const [, word, days] = /^(active|quiet)(\d+)$/.exec(value) ?? [];
  if (word === undefined || !WINDOWS.includes(Number(days))) return undefined;
  const since = new Date(now - (Number(days) - 5) * DAY_MS).toISOString().slice(0, 10);
  return { isActive: word === 'active', since };
}

/** Whether the tester `t` has a note with sessions since a day, or has none. */
export function hasSession(since: RawBuilder<unknown>, isWanted: boolean): RawBuilder<SqlBool> {
  const noted: RawBuilder<SqlBool> = sql`EXISTS (SELECT 1 FROM "testerDays" AS d WHERE d."accountId" = t."accountId"
    AND d."appId" = t."appId" AND d."testerId" = t."id" AND d."day" >= ${since} AND d."sessionCount" > 0)`;
  return isWanted ? noted : sql`NOT ${noted}`;
}
