import { randomUUID } from 'node:crypto';
import type { Ledger, SharedFacts } from '@/lib/asc/transport/budget-types';
import { ALONE } from '@/lib/asc/transport/quota';
import type { Clock } from '@/lib/clock';
import type { Log } from '@/lib/log';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';

/** How long what others noted is taken as read, ms. */
const FRESH_MS = 200;
const KEPT_MS = 2 * 60_000;
const SECOND_MS = 1_000;
/** A note in the ledger is never worth a long wait for the store. */
const PATIENCE_MS = 1_000;

const scopeOf = ({ baseUrl, keyId }: { readonly baseUrl: string; readonly keyId: string }) =>
  `${baseUrl} ${keyId}`;

/** The ledger of one key in the store: what its processes spend by the second, and what Apple has told any of them. */
export function keyLedger(
  { db, clock, log }: { readonly db: Store; readonly clock: Clock; readonly log: Pick<Log, 'warn'> },
  { baseUrl, keyId }: { readonly baseUrl: string; readonly keyId: string },
): Ledger {
  const scope = scopeOf({ baseUrl, keyId });
  const owner = randomUUID();
  let facts: SharedFacts = ALONE;
  let renewedAt: number | undefined;
  let renewing: Promise<void> | undefined;
  /** Second → requests not written yet. */
  let spent = new Map<number, number>();
  let noted: Partial<Omit<SharedFacts, 'sent'>> = {};
  let isWriting = false;

  async function flush(now: number): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    try {
      while (spent.size > 0 || Object.keys(noted).length > 0) {
        const statements = [...spendStatements(scope, owner, spent, now), ...factStatements(scope, noted)];
        spent = new Map();
        noted = {};
        await db.write(statements, { patienceMs: PATIENCE_MS });
      }
    } catch (error) {
      log.warn({ err: error }, 'What this key has used was not noted.');
    } finally {
      isWriting = false;
    }
  }

  async function renew(now: number): Promise<void> {
    try {
      facts = await readFacts(db, scope, owner, now);
      renewedAt = now;
    } catch (error) {
      log.warn({ err: error }, 'What other processes have used of this key could not be read.');
    } finally {
      renewing = undefined;
    }
  }

  return {
    get facts() {
      return facts;
    },
    renew(now) {
      if (renewedAt !== undefined && now >= renewedAt && now - renewedAt < FRESH_MS) return undefined;
      renewing ??= renew(now);
      return renewing;
    },
    spend(at) {
      const second = Math.floor(at / SECOND_MS) * SECOND_MS;
      spent.set(second, (spent.get(second) ?? 0) + 1);
      void flush(at);
    },
    note(facts) {
      noted = { ...noted, ...facts };
      void flush(clock.now());
    },
  };
}

const spentByOthers = shape((build, given: { scope: string; owner: string; since: number }) =>
  build
    .selectFrom('keySpending')
    .select(({ eb, fn, lit }) => [
      eb('second', '+', lit(SECOND_MS - 1)).as('at'),
      fn.sum<number>('count').as('count'),
    ])
    .where('scope', '=', given.scope)
    .where('owner', '<>', given.owner)
    .where('second', '>', given.since)
    .groupBy('second')
    .orderBy('second'),
);
const budgetOf = shape((build, given: { scope: string }) =>
  build.selectFrom('keyBudgets').selectAll().where('scope', '=', given.scope),
);

/** What App Store Connect last said of the hour of a key, to any process; null before it has. */
export async function hourOf(
  db: Store,
  key: { readonly baseUrl: string; readonly keyId: string },
): Promise<{ readonly limit: number; readonly remaining: number; readonly observedAt: number } | null> {
  const [row] = await db.read(budgetOf({ scope: scopeOf(key) }));
  const { hourLimit: limit, hourRemaining: remaining, observedAt } = row ?? {};
  return limit == null || remaining == null || observedAt == null ? null : { limit, remaining, observedAt };
}

async function readFacts(db: Store, scope: string, owner: string, now: number): Promise<SharedFacts> {
  const sent = await db.read(spentByOthers({ scope, owner, since: now - KEPT_MS }));
  const [row] = await db.read(budgetOf({ scope }));
  const { perMinute, refusedAt, learnedAt, passed, passedAt, hourRemaining, observedAt } = row ?? {};
  return {
    sent,
    blockedUntil: row?.blockedUntil ?? undefined,
    learned:
      perMinute != null && refusedAt != null && learnedAt != null
        ? { perMinute, refusedAt, at: learnedAt }
        : undefined,
    passed: passed != null && passedAt != null ? { count: passed, at: passedAt } : undefined,
    hour:
      hourRemaining != null && observedAt != null
        ? { limit: row?.hourLimit ?? undefined, remaining: hourRemaining, observedAt }
        : undefined,
  };
}

const spends = shape((build, given: { scope: string; owner: string; second: number; count: number }) =>
  build
    .insertInto('keySpending')
    .values({ scope: given.scope, owner: given.owner, second: given.second, count: given.count })
    .onConflict((conflict) =>
      conflict
        .columns(['scope', 'owner', 'second'])
        .doUpdateSet(({ eb, ref }) => ({ count: eb('keySpending.count', '+', ref('excluded.count')) })),
    ),
);
const forgets = shape((build, given: { scope: string; before: number }) =>
  build.deleteFrom('keySpending').where('scope', '=', given.scope).where('second', '<', given.before),
);

function spendStatements(
  scope: string,
  owner: string,
  spent: ReadonlyMap<number, number>,
  now: number,
): Write[] {
  const adds = [...spent].map(([second, count]) => spends({ scope, owner, second, count }));
  return adds.length === 0 ? [] : [...adds, forgets({ scope, before: now - KEPT_MS })];
}

const known = shape((build, given: { scope: string }) =>
  build
    .insertInto('keyBudgets')
    .values({ scope: given.scope })
    .onConflict((conflict) => conflict.column('scope').doNothing()),
);
const blocks = shape((build, given: { scope: string; until: number }) =>
  build
    .updateTable('keyBudgets')
    .set({ blockedUntil: given.until })
    .where('scope', '=', given.scope)
    .where(({ eb, or }) => or([eb('blockedUntil', 'is', null), eb('blockedUntil', '<', given.until)])),
);
const hourly = shape(
  (build, given: { scope: string; limit: number | null; remaining: number; observedAt: number }) =>
    build
      .updateTable('keyBudgets')
      .set({ hourLimit: given.limit, hourRemaining: given.remaining, observedAt: given.observedAt })
      .where('scope', '=', given.scope),
);
const learns = shape((build, given: { scope: string } & NonNullable<SharedFacts['learned']>) =>
  build
    .updateTable('keyBudgets')
    .set({ perMinute: given.perMinute, refusedAt: given.refusedAt, learnedAt: given.at })
    .where('scope', '=', given.scope),
);
const passes = shape((build, given: { scope: string } & NonNullable<SharedFacts['passed']>) =>
  build
    .updateTable('keyBudgets')
    .set({ passed: given.count, passedAt: given.at })
    .where('scope', '=', given.scope),
);

/** What is known longer stays; of two processes whoever was told later is right. */
function factStatements(scope: string, facts: Partial<Omit<SharedFacts, 'sent'>>): Write[] {
  if (Object.keys(facts).length === 0) return [];
  const { blockedUntil, learned, passed, hour } = facts;
  return [
    known({ scope }),
    ...(blockedUntil === undefined ? [] : [blocks({ scope, until: blockedUntil })]),
    ...(learned ? [learns({ scope, ...learned })] : []),
    ...(passed ? [passes({ scope, ...passed })] : []),
    ...(hour ? [hourly({ scope, ...hour, limit: hour.limit ?? null })] : []),
  ];
}
