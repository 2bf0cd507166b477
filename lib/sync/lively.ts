import { FILTER_IDS } from '@/lib/asc/catalogue/limits';
import type { AscClient } from '@/lib/asc/client-interface';
import type { Store } from '@/lib/store/store';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** The newest events that are looked through for invitations: the table grows for ever. */
const EVENTS = 20_000;
/** What the sync may spend on looking oftener: this share of the hourly quota, while the key has half of it left. */
const SHARE = 0.3;
const LEAST_LEFT = 0.5;
/** Apple's usual hourly quota, for answers that do not tell it. */
const USUAL_LIMIT = 3_500;

/** Requests that may be spent now on what need not be asked for in every cycle. */
export async function spareRequests(
  db: Store,
  accountId: string,
  { limit = USUAL_LIMIT, remaining = limit }: Pick<AscClient['budget'], 'limit' | 'remaining'>,
  now: number,
): Promise<number> {
  if (remaining < limit * LEAST_LEFT) return 0;
  const [spent] = await db.read(
    db.build
      .selectFrom('syncRuns')
      .select((sum) => sum.fn.sum<number | null>('requests').as('n'))
      .where('accountId', '=', accountId)
      .where('startedAt', '>', now - HOUR_MS),
  );
  return Math.max(0, Math.min(limit * SHARE - (spent?.n ?? 0), remaining - limit * LEAST_LEFT));
}

/** Apps with a build that came, or went to review, within a day: their testers install it about now. */
export async function appsWithFreshBuilds(db: Store, accountId: string, now: number): Promise<string[]> {
  const since = new Date(now - DAY_MS).toISOString();
  const rows = await db.read(
    db.build
      .selectFrom('apps as a')
      .select('a.id')
      .where('a.accountId', '=', accountId)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('builds as b')
            .select('b.id')
            .whereRef('b.accountId', '=', 'a.accountId')
            .whereRef('b.appId', '=', 'a.id')
            .where((or) => or.or([or('b.uploadedDate', '>', since), or('b.submittedDate', '>', since)])),
        ),
      ),
  );
  return rows.map(({ id }) => id);
}

/** Testers who came or were invited within a day and have not accepted yet, by app: those who do so soon, do it about now. */
export async function recentlyInvited(
  db: Store,
  accountId: string,
  now: number,
): Promise<Map<string, string[]>> {
  const [newest] = await db.read(
    db.build.selectFrom('testerEvents').select((max) => max.fn.max<number | null>('id').as('id')),
  );
  const rows = await db.read(
    db.build
      .selectFrom('testerEvents as e')
      .innerJoin('betaTesters as t', (on) =>
        on
          .onRef('t.accountId', '=', 'e.accountId')
          .onRef('t.appId', '=', 'e.appId')
          .onRef('t.id', '=', 'e.testerId'),
      )
      .select(['e.appId', 'e.testerId'])
      .distinct()
      .where('e.id', '>', (newest?.id ?? 0) - EVENTS)
      .where('e.accountId', '=', accountId)
      .where('e.at', '>', now - DAY_MS)
      .where('e.kind', 'in', ['joined', 'invited', 'restored'])
      .where('t.state', 'is distinct from', 'INSTALLED'),
  );
  const apps = new Map<string, string[]>();
  for (const { appId, testerId } of rows) apps.set(appId, [...(apps.get(appId) ?? []), testerId]);
  return apps;
}

/** The ids in portions of one request each. */
export function portions(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / FILTER_IDS);
  return Array.from({ length: count }, (_, i) => ids.slice(i * FILTER_IDS, (i + 1) * FILTER_IDS));
}
