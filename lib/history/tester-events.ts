import { shapeOfRows } from '@/lib/store/rows';
import type { Write } from '@/lib/store/store';
import { erasedFrom } from './erased';

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

const COLUMNS = ['accountId', 'appId', 'testerId', 'emailLower', 'at', 'kind', 'before', 'after'] as const;

const appended = shapeOfRows<EventRow>(COLUMNS, (build, rows) =>
  build.insertInto('testerEvents').values(rows),
);

interface EventRow {
  readonly accountId: string;
  readonly appId: string;
  readonly testerId: string;
  readonly emailLower: string | null;
  readonly at: number;
  readonly kind: TesterEvent['kind'];
  readonly before: string | null;
  readonly after: string | null;
}

/** Appends to the testers' history, which is a record: nothing removes it but an erasure, after which none is kept. */
export function testerEventStatements(events: readonly TesterEvent[]): Write[] {
  const rows = appended(
    events.map(({ accountId, appId, testerId, email, at, kind, before, after }) => ({
      accountId,
      appId,
      testerId,
      emailLower: email?.toLowerCase() ?? null,
      at,
      kind,
      before: encoded(before),
      after: encoded(after),
    })),
  );
  const places = new Map(events.map((event) => [`${event.accountId} ${event.appId}`, event]));
  return [
    ...rows,
    ...[...places.values()].map(({ accountId, appId }) => {
      const those = events.filter((event) => event.accountId === accountId && event.appId === appId);
      return erasedFrom('testerEvents', {
        accountId,
        appId,
        testerIds: those.map(({ testerId }) => testerId),
      });
    }),
  ];
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
