import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '@/lib/clock';
import { openDatabase } from '@/lib/store/database';
import { StaleWriteError } from '@/lib/store/errors';
import { announced, BELL, type Changes, listen, type Place, type Topic } from '@/lib/store/feed';
import { BELL_CONNECTION, hearBell } from '@/lib/store/postgres-bell';
import { exactly, type Store, statementOf, type Write } from '@/lib/store/store';
import { manualClock } from '@/tests/factories/clock';
import { testDatabase } from '@/tests/factories/database';
import { asAdmin, testPostgres } from '@/tests/factories/stores';

const AT = 1_795_902_913_609;
const PATIENT = { timeout: 20_000 };
/** Less than what passes between two looks without a bell. */
const SHORT_MS = 300;
const log = pino({ level: 'silent' });

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface ListenerOptions {
  readonly topics?: readonly Topic[];
  readonly since?: Place;
  readonly clock?: ReturnType<typeof manualClock>;
}

/** Waits for what comes in real time, moving the clock of a test on so little that nobody looks by himself: 4 s in all. */
function soon<T>(ask: () => T | Promise<T>, clock?: ReturnType<typeof manualClock>) {
  return expect.poll(async () => {
    await clock?.advance(10);
    return ask();
  }, PATIENT);
}

/** A listener with all it was told. */
function listening(db: Store, { clock, ...options }: ListenerOptions = {}) {
  const stop = new AbortController();
  const told: Changes[] = [];
  const over = listen(
    { db, clock: clock ?? systemClock, log },
    options,
    (changes) => void told.push(changes),
    stop.signal,
  );
  const end = async () => {
    stop.abort();
    await over;
  };
  ends.push(end);
  const heard = () =>
    told.flatMap(({ changes }) => changes.map(({ topic, subject }) => `${topic}/${subject}`)).sort();
  return {
    told,
    heard,
    end,
    begun: () => soon(() => told.length, clock).toBeGreaterThan(0),
    hears: (...all: string[]) => soon(heard, clock).toEqual(all.sort()),
  };
}

const jobs = (...ids: string[]) => announced('jobs', ids, AT);
const rowsIn = async (db: Store) =>
  (await db.read(db.build.selectFrom('announcements').select('subject').orderBy('subject'))).map(
    ({ subject }) => subject,
  );
const fails = (db: Store) =>
  exactly(1, db.build.updateTable('leases').set({ expiresAt: 1 }).where('name', '=', 'nobody'));

const ENGINES = [
  { name: 'SQLite', open: () => testDatabase({ patienceMs: 15_000 }) },
  { name: 'PostgreSQL', open: () => testPostgres() },
] as const;

describe.each(ENGINES)('announcements on $name', ({ open }) => {
  const opened = async () => {
    const db = await open();
    ends.push(() => db.close());
    return db;
  };
  /** What another process holds of the same database. */
  const another = async ({ url }: { url: string }) => {
    const db = await openDatabase({ url, migrationsDir: null });
    ends.push(() => db.close());
    return db;
  };

  it('are told, from this process and another, by topic, and to each of several listeners', async () => {
    const db = await opened();
    const other = await another(db);
    const [all, some] = [listening(db), listening(other, { topics: ['jobs'] })];
    await Promise.all([all.begun(), some.begun()]);
    expect(all.told[0]).toMatchObject({ changes: [], isGap: true });
    await db.write([...jobs('a', 'b', 'a'), ...announced('accounts', ['o\'x "1"\n'], AT)]);
    await other.write(jobs('c'));
    await all.hears('jobs/a', 'jobs/b', 'jobs/c', 'accounts/o\'x "1"\n');
    await some.hears('jobs/a', 'jobs/b', 'jobs/c');
    expect([...all.told, ...some.told].filter(({ isGap }) => isGap)).toHaveLength(2);
  });

  it('are heard while time stands still: nobody waits for the next look', async () => {
    const db = await opened();
    const clock = manualClock();
    const listener = listening(db, { clock });
    await listener.begun();
    await clock.advance(SHORT_MS);
    const at = clock.now();
    await (await another(db)).write(jobs('a'));
    await listener.hears('jobs/a');
    expect(clock.now() - at).toBeLessThan(4_500);
  });

  it('are found by looking when no bell is heard', async () => {
    const db = await opened();
    const clock = manualClock();
    const deaf: Store = {
      ...db,
      hear: async (_, { signal }) => void (await once(signal, 'abort')),
    };
    const listener = listening(deaf, { clock });
    await listener.begun();
    await clock.advance(SHORT_MS);
    await db.write(jobs('a'));
    await clock.advance(4_000);
    expect(listener.heard()).toEqual([]);
    await clock.advance(1_000);
    await listener.hears('jobs/a');
  });

  it('are not told of a change that was rolled back', async () => {
    const db = await opened();
    const listener = listening(db);
    await listener.begun();
    await expect(db.write([...jobs('never'), fails(db)])).rejects.toBeInstanceOf(StaleWriteError);
    await db.write(jobs('after'));
    await listener.hears('jobs/after');
    expect(await rowsIn(db)).toEqual(['after']);
  });

  it('are told after the store could not be read', async () => {
    const db = await opened();
    const clock = manualClock();
    let isAway = false;
    let refused = 0;
    const read: Store['read'] = (query) => {
      if (!isAway) return db.read(query);
      refused += 1;
      return Promise.reject(new Error('away'));
    };
    const listener = listening({ ...db, read }, { clock });
    await listener.begun();
    isAway = true;
    await db.write(jobs('a'));
    await soon(() => refused, clock).toBeGreaterThan(0);
    isAway = false;
    await clock.advance(5_500);
    await listener.hears('jobs/a');
  });

  it('are told again when whoever is told has failed', async () => {
    const db = await opened();
    const clock = manualClock();
    const stop = new AbortController();
    const told: string[] = [];
    const clumsy = listen(
      { db, clock, log },
      {},
      async ({ isGap, changes }) => {
        told.push(isGap ? 'gap' : changes.map(({ subject }) => subject).join());
        if (told.length === 2) throw new Error('clumsy');
      },
      stop.signal,
    );
    await soon(() => told, clock).toEqual(['gap']);
    await db.write(jobs('a'));
    await soon(() => told, clock).toEqual(['gap', 'a']);
    await clock.advance(5_500);
    await soon(() => told, clock).toEqual(['gap', 'a', 'a']);
    stop.abort();
    await clumsy;
  });

  it('go on from a place, and say when things may have been missed', async () => {
    const db = await opened();
    const clock = manualClock();
    const first = listening(db, { clock });
    await first.begun();
    await first.end();
    const since = first.told.at(-1)?.place ?? { at: 0, mark: '' };
    await db.write(jobs('meanwhile'));
    const second = listening(db, { clock, since });
    await second.hears('jobs/meanwhile');
    expect(second.told.map(({ isGap }) => isGap)).toEqual([false]);

    const after = second.told.at(-1)?.place ?? { at: 0, mark: '' };
    expect(after).not.toEqual(since);
    for (const lost of [
      { ...after, at: clock.now() - 3_600_000 },
      { ...after, mark: after.mark.includes(':') ? '999999999:999999999:' : '999999999' },
    ]) {
      const third = listening(db, { clock, since: lost });
      await third.begun();
      expect(third.told[0]).toMatchObject({ changes: [], isGap: true });
    }
  });

  it('come in batches when they are many, each thing once in a batch', async () => {
    const db = await opened();
    const first = listening(db);
    await first.begun();
    await first.end();
    const since = first.told.at(-1)?.place ?? { at: 0, mark: '' };
    const ids = Array.from({ length: 2_500 }, (_, n) => `${n}`);
    await db.write([...jobs(...ids), ...ids.flatMap((_, n) => announced('accounts', [`${n % 2}`], AT))]);
    const listener = listening(db, { since });
    const isOver = () => listener.told.some(({ place }) => place !== since);
    await expect.poll(isOver, PATIENT).toBe(true);
    expect(new Set(listener.heard())).toEqual(
      new Set([...ids.map((id) => `jobs/${id}`), 'accounts/0', 'accounts/1']),
    );
    expect(Math.max(...listener.told.map(({ changes }) => changes.length))).toBeLessThanOrEqual(1_000);
    // 5,000 rows in five batches: what came many times was told once in each.
    expect(listener.told).toHaveLength(5);
    expect(listener.heard().length).toBeLessThanOrEqual(2_500 + 2 * 5);
    // Who is interrupted between two batches begins again with the first.
    const places = listener.told.map(({ place }) => place);
    expect(places.slice(0, -1).every((place) => place === since)).toBe(true);
    expect(places.at(-1)).not.toEqual(since);
  });

  it('are taken away an hour later by whoever listens', async () => {
    const db = await opened();
    const clock = manualClock(AT);
    const old = Array.from({ length: 2_100 }, (_, n) => `old-${n}`);
    await db.write(announced('jobs', old, AT - 3_600_001));
    await db.write(announced('jobs', ['young'], AT - 3_400_000));
    const listener = listening(db, { clock });
    await soon(() => rowsIn(db), clock).toEqual(['young']);
    await listener.begun();
    await db.write(announced('jobs', ['new'], clock.now()));
    await listener.hears('jobs/new');
    await clock.advance(600_000);
    await soon(() => rowsIn(db), clock).toEqual(['new']);
    // Numbers are not given out again when the newest rows are gone.
    await db.write([db.build.deleteFrom('announcements')]);
    await db.write(announced('jobs', ['newest'], clock.now()));
    await listener.hears('jobs/new', 'jobs/newest');
  });

  it('leave nothing behind when whoever listens stops', async () => {
    const db = await opened();
    const clock = manualClock();
    const listener = listening(db, { clock });
    await listener.begun();
    await clock.advance(SHORT_MS);
    const before = listener.told.length;
    await listener.end();
    expect(clock.sleepers()).toEqual([]);
    await db.write(jobs('late'));
    await clock.advance(10_000);
    expect(listener.told).toHaveLength(before);
    // Also when it is told to before it begins.
    await listen({ db, clock, log }, {}, () => expect.unreachable(), AbortSignal.abort());
    expect(clock.sleepers()).toEqual([]);
  });
});

describe('announcements on PostgreSQL', () => {
  const opened = async () => {
    const db = await testPostgres();
    ends.push(() => db.close());
    return db;
  };
  /** Connections that listen, by number. */
  const bells = (url: string) =>
    asAdmin(async (admin) => {
      const { rows } = await admin.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = $1 AND query = $2 AND state = 'idle'`,
        [BELL_CONNECTION, `LISTEN ${BELL}`],
      );
      return rows.map(({ pid }) => pid);
    }, url);

  /** A transaction of another process that has done its writes and is not over; gives what commits it. */
  async function unfinished(db: Store & { url: string }, writes: readonly Write[]) {
    const client = new pg.Client({ connectionString: db.url });
    await client.connect();
    await client.query('BEGIN');
    for (const write of writes) {
      const { sql, params } = statementOf(db.dialect, write);
      await client.query(sql, [...params]);
    }
    return async () => {
      await client.query('COMMIT');
      await client.end();
    };
  }

  it('are told once each when transactions end in another order than they began', async () => {
    const db = await opened();
    const listener = listening(db);
    await listener.begun();
    const finish = await unfinished(db, jobs('early'));
    await db.write(jobs('late'));
    await listener.hears('jobs/late');
    const since = listener.told.at(-1)?.place ?? { at: 0, mark: '' };
    await finish();
    await listener.hears('jobs/early', 'jobs/late');
    // Whoever goes on from before the first ended is told of it too.
    await listening(db, { since }).hears('jobs/early');
  });

  it('miss nothing of many transactions that overlap', async () => {
    const db = await opened();
    const listener = listening(db);
    await listener.begun();
    const names = Array.from({ length: 24 }, (_, n) => `t${n}`);
    const finishes = await Promise.all(names.map((name) => unfinished(db, jobs(name, `${name}-too`))));
    for (let n = 0; n < finishes.length; n += 1) {
      await finishes[(n * 7 + 3) % finishes.length]?.();
      if (n % 3 === 0) await db.write(jobs(`between-${n}`));
    }
    const between = [0, 3, 6, 9, 12, 15, 18, 21].map((n) => `jobs/between-${n}`);
    await listener.hears(...names.flatMap((name) => [`jobs/${name}`, `jobs/${name}-too`]), ...between);
  });

  it('that another server numbered are not taken for news', async () => {
    const db = await opened();
    const listener = listening(db);
    await listener.begun();
    await db.write([
      db.build
        .insertInto('announcements')
        .values({ topic: 'jobs', subject: 'moved', xact: 9_000_000_000, at: AT }),
      ...jobs('news'),
    ]);
    await listener.hears('jobs/news');
  });

  it('are heard again after the connection that listens was lost, with what came meanwhile', async () => {
    const db = await opened();
    const clock = manualClock();
    const listener = listening(db, { clock });
    await listener.begun();
    await expect.poll(() => bells(db.url), PATIENT).toHaveLength(1);
    await clock.advance(SHORT_MS);
    const [lost] = await bells(db.url);
    await asAdmin((admin) => admin.query('SELECT pg_terminate_backend($1, 5000)', [lost]), db.url);
    await expect.poll(() => bells(db.url), PATIENT).toEqual([]);
    await db.write(jobs('meanwhile'));
    await listener.hears('jobs/meanwhile');
    await expect.poll(() => bells(db.url), PATIENT).toHaveLength(1);
    expect(await bells(db.url)).not.toContain(lost);
    await db.write(jobs('again'));
    await listener.hears('jobs/again', 'jobs/meanwhile');
  });

  it('cost one connection for each listener, until it stops', async () => {
    const db = await opened();
    const [one, two] = [listening(db), listening(db)];
    await expect.poll(() => bells(db.url), PATIENT).toHaveLength(2);
    await one.end();
    await expect.poll(() => bells(db.url), PATIENT).toHaveLength(1);
    await two.end();
    await expect.poll(() => bells(db.url), PATIENT).toEqual([]);
  });

  it('can be given up while a server does not answer', async () => {
    const sockets = new Set<{ destroy(): void }>();
    const server = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
    ends.push(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const stop = new AbortController();
    const clock = manualClock();
    const hearing = hearBell(
      { url: `postgresql://user@127.0.0.1:${port}/database`, connectMs: 600_000 },
      () => expect.unreachable(),
      { clock, signal: stop.signal },
    );
    await expect.poll(() => sockets.size, PATIENT).toBe(1);
    stop.abort();
    await hearing;
    expect(clock.sleepers()).toEqual([]);
  });
});
