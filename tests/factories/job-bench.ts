import { pino } from 'pino';
import { createJob, type NewItem } from '@/lib/jobs/create';
import type { RunnerDeps } from '@/lib/jobs/run';
import type { Finding, JobHandler, JobItem, Outcome, Trouble } from '@/lib/jobs/types';
import { type ManualClock, manualClock } from './clock';
import { type TestDatabase, testDatabase } from './database';

/** An error of the pretended remote, already sorted. */
export class RemoteTrouble extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.kind);
  }
}

/** A pretended remote that takes names, says how often each was taken, and can be told to misbehave. */
export class FakeRemote {
  readonly taken = new Map<string, number>();
  calls = 0;
  reads = 0;
  /** Called around each effect; throw or hang to misbehave. */
  before: (names: readonly string[]) => Promise<void> | void = () => {};
  after: (names: readonly string[]) => Promise<void> | void = () => {};
  onRead: () => Promise<void> | void = () => {};

  async take(names: readonly string[]): Promise<void> {
    this.calls += 1;
    await this.before(names);
    for (const name of names) this.taken.set(name, (this.taken.get(name) ?? 0) + 1);
    await this.after(names);
  }

  async has(name: string): Promise<boolean> {
    this.reads += 1;
    await this.onRead();
    return this.taken.has(name);
  }
}

export function fakeHandler(remote: FakeRemote, batchSize?: number): JobHandler<null> {
  const nameOf = (item: JobItem) => String((item.payload as { name: string }).name);
  return {
    kind: 'fake',
    requestsPerItem: 1,
    ...(batchSize === undefined
      ? {}
      : { batch: { size: batchSize, keyOf: (item) => nameOf(item)[0] ?? '' } }),
    async run(_work, items): Promise<Outcome[]> {
      await remote.take(items.map(nameOf));
      return items.map((item) => ({ status: 'done', result: { took: nameOf(item) } }));
    },
    reconcile(_work, items): Promise<Finding[]> {
      return Promise.all(
        items.map(
          async (item) =>
            ((await remote.has(nameOf(item))) ? { status: 'done' } : { status: 'absent' }) as Finding,
        ),
      );
    },
  };
}

export interface JobBench {
  readonly db: TestDatabase;
  readonly clock: ManualClock;
  readonly remote: FakeRemote;
  deps(over?: Partial<RunnerDeps<null>>): RunnerDeps<null>;
  create(
    names: readonly (string | NewItem)[],
    over?: { scheduledAt?: number; kind?: string },
  ): Promise<string>;
  /** Moves time on until the promise is settled. */
  drive<T>(promise: Promise<T>, clock?: ManualClock): Promise<T>;
  close(): Promise<void>;
}

export async function jobBench(batchSize?: number): Promise<JobBench> {
  const db = await testDatabase();
  const clock = manualClock();
  const remote = new FakeRemote();
  const handler = fakeHandler(remote, batchSize);
  return {
    db,
    clock,
    remote,
    deps: (over = {}) => ({
      db,
      clock,
      log: pino({ level: 'silent' }),
      callLimitMs: 70_000,
      effectLagMs: 5_000,
      registry: new Map([[handler.kind, handler]]),
      contextFor: async () => null,
      classify: (error) =>
        error instanceof RemoteTrouble
          ? error.trouble
          : { kind: 'unknown', code: 'LOST', detail: String(error) },
      ...over,
    }),
    create: (names, { scheduledAt, kind = 'fake' } = {}) =>
      createJob(
        db,
        {
          kind,
          title: 'Take names',
          accountId: 'acc',
          appId: 'app',
          params: { some: 'thing' },
          createdBy: 'u1',
          createdByEmail: 'boss@example.com',
          ...(scheduledAt === undefined ? {} : { scheduledAt }),
          items: names.map((name) => (typeof name === 'string' ? { payload: { name }, label: name } : name)),
        },
        clock.now(),
      ),
    async drive(promise, driven = clock) {
      let isSettled = false;
      promise.then(
        () => {
          isSettled = true;
        },
        () => {
          isSettled = true;
        },
      );
      for (let turn = 0; !isSettled; turn += 1) {
        if (turn > 5000) throw new Error('The run does not end.');
        await driven.advance(250);
      }
      return promise;
    },
    close: db.close,
  };
}
