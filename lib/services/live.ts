import { may, type Permission, type UserActor } from '@/lib/access/policy';
import type { Clock } from '@/lib/clock';
import type { Log } from '@/lib/log';
import { announcedSince, type Changes, listen, type Topic } from '@/lib/store/feed';
import type { Store } from '@/lib/store/store';

/** What a browser is told of, and which permission that takes. Ids alone: whoever is told asks for itself. */
const TOLD: Readonly<Partial<Record<Topic, Permission>>> = {
  feedback: 'feedback:read',
  presence: 'feedback:read',
  notices: 'feedback:read',
  jobs: 'jobs:read',
  // Types of Apple's resources that were changed or read again, and of what is ours.
  mirror: 'programme:read',
  own: 'programme:read',
};
const LIVE_TOPICS = Object.keys(TOLD) as readonly Topic[];

/** One event: what is to be asked again. A gap says that anything may have changed. */
export type LiveEvent =
  | { readonly kind: 'gap' }
  | { readonly kind: 'change'; readonly topic: Topic; readonly ids: readonly string[] };

/** More than these at once are told as the topic alone. */
const MOST_IDS = 200;

/** What one person may be told of what was announced. */
export function eventsFor(actor: UserActor, { changes, isGap }: Told): LiveEvent[] {
  if (isGap) return [{ kind: 'gap' }];
  return LIVE_TOPICS.flatMap((topic): LiveEvent[] => {
    const permission = TOLD[topic];
    const ids = changes.filter((change) => change.topic === topic).map(({ subject }) => subject);
    if (ids.length === 0 || permission === undefined || !may(actor, permission)) return [];
    return [{ kind: 'change', topic, ids: ids.length > MOST_IDS ? [] : ids }];
  });
}

interface Parts {
  readonly db: Store;
  readonly clock: Clock;
  readonly log: Log;
}

type Told = Pick<Changes, 'changes' | 'isGap'>;
type Listener = (told: Told) => void;

/** Those of a process who want to be told: the store is listened to once for all of them, as long as there is anybody. */
export class LiveHub {
  readonly #parts: Parts;
  readonly #listeners = new Set<Listener>();
  #ending: AbortController | null = null;
  #listening = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Tells everything from now on; gives what ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#ending === null) this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#ending?.abort();
      this.#ending = null;
    };
  }

  /** What was announced since a moment, ms since 1970; what comes later is told by the way. */
  async missed(since: number): Promise<Told> {
    await this.#listening;
    const { db, clock } = this.#parts;
    return announcedSince(db, { since, now: clock.now(), topics: LIVE_TOPICS });
  }

  #begin(): void {
    const ending = new AbortController();
    this.#ending = ending;
    let isFirst = true;
    let hasBegun = () => {};
    this.#listening = new Promise((resolve) => {
      hasBegun = resolve;
      ending.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const tell = (told: Changes) => {
      // At the beginning nothing has been missed: whoever comes has just asked.
      const isBeginning = isFirst && told.isGap;
      isFirst = false;
      hasBegun();
      if (isBeginning) return;
      for (const listener of this.#listeners) listener(told);
    };
    listen(this.#parts, { topics: LIVE_TOPICS }, tell, ending.signal).catch((error: unknown) => {
      this.#parts.log.error(
        { err: error },
        'What changes is not told any more; browsers ask again by themselves.',
      );
    });
  }
}
