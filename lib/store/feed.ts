import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Clock, createAlarm } from '@/lib/clock';
import type { Log } from '@/lib/log';
import type { Dialect } from './dialect';
import { shapeOfRows } from './rows';
import { shape } from './shape';
import type { Store, Write } from './store';

const TOPICS = [
  'jobs',
  'syncRequests',
  'accounts',
  'feedback',
  'presence',
  'webhooks',
  'mirror',
  'notices',
  'own',
  'alerts',
] as const;
/**
 * What an announcement is about; of `accounts` that one was added or removed, or its key replaced; of `mirror` a type of our
 * copy; of `own` a type of what is ours, as the audit trail calls it.
 */
export type Topic = (typeof TOPICS)[number];

/** That something about one thing was changed; what, its reader looks up. */
interface Announcement {
  readonly topic: Topic;
  /** The id of the thing. */
  readonly subject: string;
}

/** Where a listener stands: given to another one, that goes on from there. */
export interface Place {
  /** ms since 1970 */
  readonly at: number;
  /** What had been written then, in words of the engine. */
  readonly mark: string;
}

export interface Changes {
  /** Each thing once. */
  readonly changes: readonly Announcement[];
  /** Things may have changed that nobody can name: at the beginning, and when the listener was away for too long. */
  readonly isGap: boolean;
  readonly place: Place;
}

/** What PostgreSQL's NOTIFY is called: a bell, that tells nothing but that there is something to read. */
export const BELL = 'flightdeck';
/** How long announcements are kept, ms. */
const KEPT_MS = 3_600_000;
/** A listener that was away for longer may have missed some; clocks of two machines differ a little. */
const LONGEST_AWAY_MS = KEPT_MS - 300_000;
/** How often to look without having been rung for, ms. */
const POLL_MS = 5_000;
/** After each look, so that much in short time comes in few batches, ms. */
const BREATH_MS = 50;
/** The most announcements of a batch. */
const BATCH = 1_000;
const PRUNE_EVERY_MS = 300_000;
const PRUNE_AT_ONCE = 2_000;

/** What each engine knows of the order in which changes appear. */
interface Words {
  /** The number of the transaction that writes. */
  readonly xact: RawBuilder<number>;
  /** Rings for those who listen, when the transaction stands. */
  readonly bell: RawBuilder<unknown> | null;
  /** What has been written by now, as a mark. */
  readonly mark: RawBuilder<string>;
  /** Whether a row appeared after one mark and not after another. */
  between(from: string, to: string): RawBuilder<SqlBool>;
}

const WORDS: Readonly<Record<Dialect['engine'], Words>> = {
  // There is one writer: numbers appear in their order.
  sqlite: {
    xact: sql`0`,
    bell: null,
    mark: sql`CAST(coalesce((SELECT "seq" FROM sqlite_sequence WHERE "name" = 'announcements'), 0) AS TEXT)`,
    between: (from, to) => sql`"seq" > CAST(${from} AS INTEGER) AND "seq" <= CAST(${to} AS INTEGER)`,
  },
  // Transactions end in any order. A snapshot says exactly which had ended, so that nothing is missed or told twice.
  postgres: {
    xact: sql`pg_current_xact_id()::text::bigint`,
    bell: sql`pg_notify(${sql.lit(BELL)}, '')`,
    mark: sql`pg_current_snapshot()::text`,
    between: (from, to) => sql`"xact" >= pg_snapshot_xmin(${from}::text::pg_snapshot)::text::bigint
      AND NOT pg_visible_in_snapshot("xact"::text::xid8, ${from}::text::pg_snapshot)
      AND pg_visible_in_snapshot("xact"::text::xid8, ${to}::text::pg_snapshot)`,
  },
};

interface Row {
  topic: string;
  subject: string;
  at: number;
}

const inserts = shapeOfRows<Row>(['topic', 'subject', 'at'], (build, rows, { engine }) => {
  const { xact, bell } = WORDS[engine];
  const insert = build.insertInto('announcements').values(rows.map((row) => ({ ...row, xact })));
  return bell === null ? insert : insert.returning(bell.as('bell'));
});
const marks = shape((build, _, { engine }) => build.selectNoFrom(() => WORDS[engine].mark.as('mark')));
const batches = shape(
  (build, given: { from: string; to: string; after: number; topics: readonly Topic[] }, { engine, among }) =>
    build
      .selectFrom('announcements')
      .select(['seq', 'topic', 'subject'])
      .where('seq', '>', given.after)
      .where(({ ref }) => among(ref('topic'), given.topics))
      .where(WORDS[engine].between(given.from, given.to))
      .orderBy('seq')
      // One more tells whether there are more.
      .limit(BATCH + 1)
      .$narrowType<{ topic: Topic }>(),
);
const prunes = shape((build, given: { before: number }) =>
  build
    .deleteFrom('announcements')
    .where('seq', 'in', (eb) =>
      eb
        .selectFrom('announcements')
        .select('seq')
        .where('at', '<', given.before)
        .orderBy('seq')
        .limit(PRUNE_AT_ONCE),
    ),
);

/**
 * Announces that things were changed; stands in the transaction of the change, and is told when that one stands. To
 * announce what came to nothing after all does no harm: whoever is told looks for itself.
 */
export function announced(topic: Topic, subjects: readonly string[], now: number): Write[] {
  return inserts([...new Set(subjects)].map((subject) => ({ topic, subject, at: now })));
}

/** Transactions end later than they say that they were: so much more is looked at, ms. */
const LATE_MS = 5_000;
const recent = shape((build, given: { since: number; topics: readonly Topic[] }, { among }) =>
  build
    .selectFrom('announcements')
    .select(['topic', 'subject'])
    .distinct()
    .where('at', '>=', given.since)
    .where(({ ref }) => among(ref('topic'), given.topics))
    .limit(BATCH + 1)
    .$narrowType<{ topic: Topic }>(),
);

/**
 * What was announced since a moment, and a little of what was before: for those who were away for a while.
 * @param since ms since 1970
 */
export async function announcedSince(
  db: Store,
  { since, now, topics }: { since: number; now: number; topics: readonly Topic[] },
): Promise<Pick<Changes, 'changes' | 'isGap'>> {
  if (now - since > LONGEST_AWAY_MS) return { changes: [], isGap: true };
  const changes = await db.read(recent({ since: since - LATE_MS, topics }));
  return changes.length > BATCH ? { changes: [], isGap: true } : { changes, isGap: false };
}

interface ListenOptions {
  /** Default: all. */
  readonly topics?: readonly Topic[];
  /** Where to go on from; without it the first thing told is a gap. */
  readonly since?: Place;
}

/**
 * Tells what was announced, by any process, until `signal` is aborted: each at least once, in batches, soon after it
 * stands. While the store cannot be read it waits, and tells afterwards. Takes old announcements away by the way.
 */
export async function listen(
  { db, clock, log }: { readonly db: Store; readonly clock: Clock; readonly log: Log },
  { topics = TOPICS, since }: ListenOptions,
  onChange: (told: Changes) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const alarm = createAlarm(clock, signal);
  const heard = db.hear(alarm.ring, { clock, signal });
  const tell = async (told: Changes) => {
    if (!signal.aborted) await onChange(told);
  };
  let place = since ?? null;
  let pruneAt = 0;
  let isFailing = false;
  while (!signal.aborted) {
    try {
      place = await readOn(db, place, clock.now(), topics, tell);
      if (clock.now() >= pruneAt) {
        pruneAt = clock.now() + PRUNE_EVERY_MS;
        await prune(db, clock.now());
      }
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.warn({ error }, 'What was changed cannot be read now; trying again.');
      isFailing = true;
    }
    await clock.sleep(BREATH_MS, signal).catch(() => undefined);
    await alarm.sleep(POLL_MS);
  }
  await heard;
}

/** Tells what appeared since a place; gives the new one. */
async function readOn(
  db: Store,
  from: Place | null,
  now: number,
  topics: readonly Topic[],
  tell: (told: Changes) => Promise<void>,
): Promise<Place> {
  const [{ mark } = { mark: '' }] = await db.read(marks({}));
  const place = { at: now, mark };
  if (from === null || now - from.at > LONGEST_AWAY_MS || height(from.mark) > height(mark)) {
    await tell({ changes: [], isGap: true, place });
    return place;
  }
  for (let after = 0; from.mark !== mark; ) {
    const rows = await db.read(batches({ from: from.mark, to: mark, after, topics }));
    const batch = rows.slice(0, BATCH);
    const isLast = batch.length === rows.length;
    // Before the last batch nobody may go on from anywhere but where this began.
    const told = { changes: eachOnce(batch), isGap: false, place: isLast ? place : from };
    if (batch.length > 0) await tell(told);
    if (isLast) break;
    after = batch.at(-1)?.seq ?? after;
  }
  return place;
}

/** What only grows in one database; a lower one is that of another database, such as one restored. */
const height = (mark: string) => Number(mark.split(':')[1] ?? mark);

function eachOnce(rows: readonly Announcement[]): Announcement[] {
  const known = new Map(rows.map(({ topic, subject }) => [`${topic}/${subject}`, { topic, subject }]));
  return [...known.values()];
}

async function prune(db: Store, now: number): Promise<void> {
  for (;;) {
    const [pruned = 0] = await db.write([prunes({ before: now - KEPT_MS })]);
    if (pruned < PRUNE_AT_ONCE) return;
  }
}
