import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Condition } from './condition';

// What is known of a build beside Apple's attributes, over its row `t`: pages show it, and lists are sorted by it.

/** The share of sessions without a crash at the newest reading, in millionths; null where there are no sessions. */
export const crashFreeShare = (): RawBuilder<number | null> =>
  sql`CASE WHEN t."sessionCount" > 0
    THEN CAST(t."sessionCount" - t."crashCount" AS BIGINT) * 1000000 / t."sessionCount" END`;

/** To how many testers it was given one by one. */
export const individualsOf = (): RawBuilder<number> =>
  sql`(SELECT COUNT(*) FROM "buildTesters" AS m WHERE m."accountId" = t."accountId" AND m."buildId" = t."id")`;

const DAY_MS = 86_400_000;
const ENDS_WITHIN = ['7', '14', '30'];

/** Within so many days a build ends: what a menu offers, with the instant until when. */
export function endings(now: number): { readonly value: string; readonly until: string }[] {
  return ENDS_WITHIN.map((value) => ({ value, until: new Date(now + Number(value) * DAY_MS).toISOString() }));
}

/** Whether the build `t` can still be tested, and ends by an instant. */
export const endsBy = (until: RawBuilder<unknown>): RawBuilder<SqlBool> =>
  sql`(t."expired" IS NOT TRUE AND t."expirationDate" <= ${until})`;

/** Builds that end within one of so many days. */
export function endsWithin(values: readonly string[], now: number): Condition {
  const wanted = endings(now).filter(({ value }) => values.includes(value));
  return {
    form: `ends ${wanted.length}`,
    values: wanted.map(({ until }) => until),
    is: (places) => {
      const each = wanted.map((_, at) => endsBy(sql`${places[at]}`));
      return each.length === 0 ? sql`1 = 0` : sql`(${sql.join(each, sql` OR `)})`;
    },
  };
}
