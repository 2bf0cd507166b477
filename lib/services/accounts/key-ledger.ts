import { randomUUID } from 'node:crypto';
import type { Ledger, SharedFacts } from '@/lib/asc/transport/budget-types';
import type { Clock } from '@/lib/clock';
import type { Log } from '@/lib/log';
import type { Database, Statement } from '@/lib/store/database';

/** How long what others noted is taken as read, ms. */
const FRESH_MS = 200;
const KEPT_MS = 2 * 60_000;
const SECOND_MS = 1_000;
/** A note in the ledger is never worth a long wait for the store. */
const PATIENCE_MS = 1_000;

interface FactsRow {
  blockedUntil: number | null;
  perMinute: number | null;
  refusedAt: number | null;
  learnedAt: number | null;
  passed: number | null;
  passedAt: number | null;
  hourLimit: number | null;
  hourRemaining: number | null;
  observedAt: number | null;
}

const NOTHING: SharedFacts = {
  sent: [],
  blockedUntil: undefined,
  learned: undefined,
  passed: undefined,
  hour: undefined,
};

/** The ledger of one key in the store: what its processes spend by the second, and what Apple has told any of them. */
export function keyLedger(
  { db, clock, log }: { readonly db: Database; readonly clock: Clock; readonly log: Pick<Log, 'warn'> },
  { baseUrl, keyId }: { readonly baseUrl: string; readonly keyId: string },
): Ledger {
  const scope = `${baseUrl} ${keyId}`;
  const owner = randomUUID();
  let facts: SharedFacts = NOTHING;
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

async function readFacts(db: Database, scope: string, owner: string, now: number): Promise<SharedFacts> {
  const sent = await db.query<{ at: number; count: number }>(
    `SELECT second + ${SECOND_MS - 1} AS at, sum(count) AS count FROM keySpending
     WHERE scope = ? AND owner <> ? AND second > ? GROUP BY second ORDER BY second`,
    [scope, owner, now - KEPT_MS],
  );
  const [row] = await db.query<FactsRow>(
    `SELECT blockedUntil, perMinute, refusedAt, learnedAt, passed, passedAt, hourLimit, hourRemaining,
      observedAt
     FROM keyBudgets WHERE scope = ?`,
    [scope],
  );
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

function spendStatements(
  scope: string,
  owner: string,
  spent: ReadonlyMap<number, number>,
  now: number,
): Statement[] {
  const adds = [...spent].map(([second, count]) => ({
    sql: `INSERT INTO keySpending (scope, owner, second, count) VALUES (?, ?, ?, ?)
      ON CONFLICT (scope, owner, second) DO UPDATE SET count = count + excluded.count`,
    params: [scope, owner, second, count],
  }));
  if (adds.length === 0) return [];
  return [
    ...adds,
    { sql: 'DELETE FROM keySpending WHERE scope = ? AND second < ?', params: [scope, now - KEPT_MS] },
  ];
}

/** What is known longer stays; of two processes whoever was told later is right. */
function factStatements(scope: string, facts: Partial<Omit<SharedFacts, 'sent'>>): Statement[] {
  if (Object.keys(facts).length === 0) return [];
  const { blockedUntil, learned, passed, hour } = facts;
  const set = (sql: string, ...params: (number | null)[]): Statement => ({
    sql: `UPDATE keyBudgets SET ${sql} WHERE scope = ?`,
    params: [...params, scope],
  });
  return [
    { sql: 'INSERT INTO keyBudgets (scope) VALUES (?) ON CONFLICT DO NOTHING', params: [scope] },
    ...(blockedUntil === undefined
      ? []
      : [set('blockedUntil = max(coalesce(blockedUntil, 0), ?)', blockedUntil)]),
    ...(learned
      ? [set('perMinute = ?, refusedAt = ?, learnedAt = ?', learned.perMinute, learned.refusedAt, learned.at)]
      : []),
    ...(passed ? [set('passed = ?, passedAt = ?', passed.count, passed.at)] : []),
    ...(hour
      ? [
          set(
            'hourLimit = ?, hourRemaining = ?, observedAt = ?',
            hour.limit ?? null,
            hour.remaining,
            hour.observedAt,
          ),
        ]
      : []),
  ];
}
