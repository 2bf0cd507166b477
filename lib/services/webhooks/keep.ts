import { announced } from '@/lib/store/feed';
import { shapeOfRows } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import type { EventTold } from './payload';

/** An event as it came, by whichever way. */
export interface Came {
  readonly receiverId: string;
  readonly told: EventTold;
  readonly payload: string;
  readonly origin: 'sent' | 'found';
  /** ms since 1970 */
  readonly at: number;
}

/** More that wait to be written are refused: whoever sends them sends them again, or they are found later. */
const MOST_WAITING = 20_000;
const AT_ONCE = 50;

interface EventRow {
  readonly receiverId: string;
  readonly id: string;
  readonly type: string;
  readonly instanceType: string | null;
  readonly instanceId: string | null;
  readonly origin: string;
  readonly state: string;
  readonly payload: string;
  readonly receivedAt: number;
}
const COLUMNS = [
  ...(['receiverId', 'id', 'type', 'instanceType', 'instanceId'] as const),
  ...(['origin', 'state', 'payload', 'receivedAt'] as const),
];
const inserts = shapeOfRows<EventRow>(COLUMNS, (build, rows) =>
  build
    .insertInto('receivedEvents')
    .values(rows)
    .onConflict((on) => on.doNothing()),
);
const received = shape((build, given: { id: string; at: number }) =>
  build.updateTable('receivers').set({ receivedAt: given.at }).where('id', '=', given.id),
);

/** Writes events in one transaction, each once however often it comes, and wakes the worker. */
export async function keepEvents(db: Store, events: readonly Came[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ receiverId, told, payload, origin, at }) => ({
    ...{ receiverId, id: told.id, type: told.type, origin, state: 'waiting', payload, receivedAt: at },
    ...{ instanceType: told.instance?.type ?? null, instanceId: told.instance?.id ?? null },
  }));
  const sent = new Map(
    events.filter(({ origin }) => origin === 'sent').map(({ receiverId, at }) => [receiverId, at]),
  );
  const ids = [...new Set(events.map(({ receiverId }) => receiverId))];
  const statements: Write[] = [
    ...inserts(rows),
    ...[...sent].map(([id, at]) => received({ id, at })),
    ...announced('webhooks', ids, events[0]?.at ?? 0),
  ];
  await db.write(statements);
}

interface Waiting {
  readonly event: Came;
  resolve(): void;
  reject(error: unknown): void;
}
/** Events of this process that wait to be written: those that come while some are written go together. */
const waiting = new WeakMap<Store, Waiting[]>();

/** So many wait already that another one cannot be promised anything. */
export class FloodError extends Error {
  override readonly name = 'FloodError';
}

/** Keeps one event; a flood of them costs few transactions. @throws FloodError */
export function keepEvent(db: Store, event: Came): Promise<void> {
  return new Promise((resolve, reject) => {
    const queue = waiting.get(db) ?? [];
    if (queue.length >= MOST_WAITING) {
      reject(new FloodError('Too many events wait to be written.'));
      return;
    }
    queue.push({ event, resolve, reject });
    if (waiting.has(db)) return;
    waiting.set(db, queue);
    void writeAll(db, queue);
  });
}

async function writeAll(db: Store, queue: Waiting[]): Promise<void> {
  while (queue.length > 0) {
    const these = queue.splice(0, AT_ONCE);
    try {
      await keepEvents(
        db,
        these.map(({ event }) => event),
      );
      for (const { resolve } of these) resolve();
    } catch (error) {
      for (const { reject } of these) reject(error);
    }
  }
  waiting.delete(db);
}
