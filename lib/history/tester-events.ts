import type { SqlValue, Write } from '@/lib/store/database';

/** What happened to a tester, seen by a sync or done by one of our changes. */
export interface TesterEvent {
  readonly accountId: string;
  readonly appId: string;
  readonly testerId: string;
  readonly email: string | null;
  /** ms since 1970 */
  readonly at: number;
  readonly kind: 'state' | 'joined' | 'left' | 'invited' | 'restored' | 'removed' | 'device';
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Appends to the testers' history, which is a record: nothing ever removes it. */
export function testerEventStatements(events: readonly TesterEvent[]): Write[] {
  const statements: Write[] = [];
  for (let from = 0; from < events.length; from += 200) {
    const chunk = events.slice(from, from + 200);
    statements.push({
      sql: `INSERT INTO "testerEvents" ("accountId", "appId", "testerId", "emailLower", "at", "kind", "before", "after") VALUES ${chunk
        .map(() => '(?, ?, ?, ?, ?, ?, ?, ?)')
        .join(', ')}`,
      params: chunk.flatMap((event): SqlValue[] => [
        event.accountId,
        event.appId,
        event.testerId,
        event.email?.toLowerCase() ?? null,
        event.at,
        event.kind,
        encoded(event.before),
        encoded(event.after),
      ]),
    });
  }
  return statements;
}

function encoded(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** A stored value of an event. Before there was one encoding, what a sync saw was kept as plain words. */
export function eventValue(stored: string | null): unknown {
  if (stored === null) return null;
  try {
    return JSON.parse(stored);
  } catch {
    return stored;
  }
}
