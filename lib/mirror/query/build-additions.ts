import { sql } from 'kysely';
import { BUILD_FIGURES, type BuildFigures } from '@/lib/history/build-days';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { ResourceObject } from '../resource';

interface Wanted {
  readonly rows: readonly (readonly string[])[];
}

interface Reading extends BuildFigures {
  readonly account: string;
  readonly id: string;
  readonly day: string;
}

/** So many readings make the little curve of a row. */
const TREND = 14;

const figures = sql.join(BUILD_FIGURES.map((name) => sql.ref(`d.${name}`)));

/** The newest readings of each build. */
const readings = shape(
  (_, given: Wanted, dialect) =>
    sql<Reading>`SELECT k."account", k."id", d."day", ${figures}
      FROM ${dialect.listed(given.rows, ['account', 'id'])} AS k
      JOIN "buildDays" AS d ON d."accountId" = k."account" AND d."buildId" = k."id"
        AND d."day" >= coalesce((SELECT x."day" FROM "buildDays" AS x
          WHERE x."accountId" = k."account" AND x."buildId" = k."id"
          ORDER BY x."day" DESC LIMIT 1 OFFSET ${sql.lit(TREND - 1)}), '')`,
);

const individuals = shape(
  (_, given: Wanted, dialect) =>
    sql<{ account: string; id: string; count: number }>`SELECT k."account", k."id", COUNT(*) AS "count"
      FROM ${dialect.listed(given.rows, ['account', 'id'])} AS k
      JOIN "buildTesters" AS m ON m."accountId" = k."account" AND m."buildId" = k."id"
      GROUP BY k."account", k."id"`,
);

/** How each build is used by our newest reading, `trend` of its sessions, and how many testers have it one by one. */
export async function buildUses(
  db: Store,
  resources: readonly ResourceObject[],
): Promise<Map<string, Record<string, unknown>>> {
  const given = { rows: resources.map(({ id, meta }) => [String(meta?.accountId), id]) };
  const [read, single] = await Promise.all([db.read(readings(given)), db.read(individuals(given))]);
  const uses = new Map<string, { use: BuildFigures & { day: string }; trend: (number | null)[] }>();
  for (const { account, id, ...use } of read.toSorted((a, b) => (a.day < b.day ? -1 : 1))) {
    const key = `${account} ${id}`;
    uses.set(key, { use, trend: [...(uses.get(key)?.trend ?? []), use.sessionCount] });
  }
  const counts = new Map(single.map(({ account, id, count }) => [`${account} ${id}`, count]));
  return new Map(
    resources.map(({ id, meta }) => {
      const key = `${meta?.accountId} ${id}`;
      return [
        `${meta?.accountId} ${meta?.appId} ${id}`,
        { ...uses.get(key), individualCount: counts.get(key) ?? 0 },
      ];
    }),
  );
}
