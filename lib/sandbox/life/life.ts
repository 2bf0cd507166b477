import type { Resource } from '../engine/resource';
import type { World } from '../engine/world';
import { expire } from '../rules/builds';
import type { Clock } from '../time/clock';
import type { Timers } from '../time/timers';
import { submitFeedback, uploadBuild, visitLink } from './arrivals';
import { PACE } from './pace';
import { diceOf, steps } from './steps';

const WEEK_MS = 7 * 86_400_000;

type Arrival = 'feedback' | 'joining' | 'upload';

const MOVING = new Set(['PROCESSING', 'WAITING_FOR_REVIEW', 'IN_REVIEW']);

/** What moves by itself as the programme's time goes on. */
export class Life {
  readonly #world: World;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #counts: Map<string, number>;
  readonly #onCount: (key: string, n: number) => void;

  constructor(
    world: World,
    clock: Clock,
    timers: Timers,
    counts: ReadonlyMap<string, number>,
    onCount: (key: string, n: number) => void,
  ) {
    this.#world = world;
    this.#clock = clock;
    this.#timers = timers;
    this.#counts = new Map(counts);
    this.#onCount = onCount;
  }

  /** Sets going what the programme left in motion, the expiry of builds, and what arrives. */
  begin(appIds: readonly string[]): void {
    const { store } = this.#world;
    for (const type of ['builds', 'betaAppReviewSubmissions', 'appEncryptionDeclarations', 'betaTesters'])
      for (const resource of store.inStock(type)) {
        const { nextAt, processingState, betaReviewState } = resource.attributes;
        if (typeof nextAt === 'number') this.#stepAt(resource, nextAt);
        else if (MOVING.has(String(processingState)))
          this.#stepAt(resource, this.#soon(resource, PACE.buildProcessing));
        else if (MOVING.has(String(betaReviewState)))
          this.#stepAt(resource, this.#soon(resource, PACE.reviewQueue));
        if (type === 'builds') this.expireInTime(resource);
      }
    for (const appId of appIds)
      for (const kind of ['feedback', 'joining', 'upload'] as const) this.#expect(kind, appId);
  }

  /** Does everything whose time has come, in order and dated as it was due. */
  settle(): void {
    const now = this.#clock.running();
    for (let task = this.#timers.take(now); task; task = this.#timers.take(now))
      this.#clock.during(task.at, task.run);
  }

  /** Has a resource take its next step after so long; kept with the resource. */
  wake(resource: Resource, delayMs: number): void {
    const at = this.#clock.now() + delayMs;
    this.#world.store.update(resource, { nextAt: at });
    this.#stepAt(resource, at);
    if (resource.type === 'builds') this.expireInTime(resource);
  }

  /** The number of the next thing of a kind in an app; taking it uses it up. */
  next(kind: Arrival, appId: string): number {
    const key = `${kind} ${appId}`;
    const n = this.#counts.get(key) ?? 0;
    this.#counts.set(key, n + 1);
    this.#onCount(key, n + 1);
    return n;
  }

  expireInTime(build: Resource): void {
    const at = Date.parse(String(build.attributes.expirationDate));
    if (build.attributes.expired === true || Number.isNaN(at)) return;
    this.#timers.add(at, () => {
      const current = this.#world.store.peek('builds', build.id);
      if (current && current.attributes.expired !== true) expire(this.#world, current);
    });
  }

  #soon(resource: Resource, span: number): number {
    return this.#clock.epochMs + (span * (32 + diceOf(resource.id))) / 256;
  }

  #stepAt({ type, id }: Resource, at: number): void {
    this.#timers.add(at, () => {
      const resource = this.#world.store.peek(type, id);
      const nextAt = resource?.attributes.nextAt;
      if (resource && (nextAt === undefined || nextAt === at)) steps[type]?.(this.#world, resource);
    });
  }

  #expect(kind: Arrival, appId: string): void {
    const span = PACE[kind];
    const offset = (span * (1 + diceOf(`${kind}${appId}`))) / 256;
    const first = this.#clock.epochMs + offset + span * (this.#counts.get(`${kind} ${appId}`) ?? 0);
    this.#arriveAt(kind, appId, Math.max(first, this.#clock.running() - WEEK_MS));
  }

  #arriveAt(kind: Arrival, appId: string, at: number): void {
    this.#timers.add(at, () => {
      this.#arrive(kind, appId);
      // After a long pause only the last week is caught up with.
      this.#arriveAt(kind, appId, Math.max(at + PACE[kind], this.#clock.running() - WEEK_MS));
    });
  }

  #arrive(kind: Arrival, appId: string): void {
    const n = this.next(kind, appId);
    if (kind === 'feedback') submitFeedback(this.#world, appId, n, {});
    else if (kind === 'joining') visitLink(this.#world, appId, n);
    else uploadBuild(this.#world, appId);
  }
}
