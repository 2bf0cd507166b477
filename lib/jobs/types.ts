import type { Write } from '@/lib/store/store';

export const JOB_STATUSES = [
  'draft',
  'queued',
  'running',
  'paused',
  'done',
  'failed',
  'cancelled',
  'parked',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const ITEM_STATUSES = ['pending', 'sending', 'done', 'failed', 'skipped', 'ambiguous'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** A job as its table holds it; instants in ms since 1970, `params` parsed. */
export interface Job {
  readonly id: string;
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly kind: string;
  readonly title: string;
  readonly status: JobStatus;
  readonly params: unknown;
  readonly createdBy: string | null;
  readonly createdByEmail: string | null;
  readonly createdAt: number;
  readonly scheduledAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly updatedAt: number;
  readonly waitUntil: number | null;
  readonly waitReason: string | null;
  readonly pace: Pace | null;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of those done: said to be so by Apple, and not so on reading again. */
  readonly noEffect: number;
  readonly crashes: number;
  readonly error: string | null;
  readonly hold: Hold | null;
}

/** One thing of a job. `payload` and `result` are parsed JSON. */
export interface JobItem {
  readonly position: number;
  readonly status: ItemStatus;
  readonly payload: unknown;
  readonly label: string | null;
  readonly result: unknown;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly attempts: number;
  readonly sentAt: number | null;
  readonly reconciledAt: number | null;
  readonly finishedAt: number | null;
}

/** A key's quota as last seen: requests per hour and minute, and what remains of the hour. */
export interface Pace {
  readonly hourLimit: number | null;
  readonly hourRemaining: number | null;
  readonly perMinute: number | null;
  /** What it may use of a minute for now, while no limit is known, and what of that is no trial. */
  readonly perMinuteAtFirst?: { readonly now: number; readonly passed: number } | null;
  /** So many leave without a pause after a rest, before the pace is kept. */
  readonly atOnce?: number | null;
  readonly observedAt: number | null;
}

/** What became of an item. `statements` are committed together with it. */
export type Outcome =
  | { readonly status: 'done'; readonly result?: unknown; readonly statements?: readonly Write[] }
  | {
      readonly status: 'skipped' | 'failed';
      readonly code: string;
      readonly detail: string;
      readonly result?: unknown;
      readonly statements?: readonly Write[];
    };

/** What reading back found: an outcome after all, or that nothing has happened. */
export type Finding = Outcome | { readonly status: 'absent'; readonly statements?: readonly Write[] };

/** Apple has told this success, and on reading again it is not so: the item stays done with a warning. */
export const NO_EFFECT = 'FLIGHTDECK.NO_EFFECT';
/** Apple has accepted the order, and has not carried it out by the end of the job. */
export const STILL_QUEUED = 'FLIGHTDECK.STILL_QUEUED';

/** An item that is done by Apple's word only. */
export interface Unseen {
  readonly item: JobItem;
  readonly code: typeof NO_EFFECT | typeof STILL_QUEUED;
  readonly detail: string;
}

/** What an error means for the items that were being sent, and for the job. */
export type Trouble = {
  /** Committed together with what the engine makes of it. */
  readonly statements?: readonly Write[];
} & (
  | {
      /** Refused for good. */
      readonly kind: 'refused';
      readonly code: string;
      readonly detail: string;
      /** `item` when left out. */
      readonly concerns?: Concern;
    }
  /** It may have happened: read back before anything else. */
  | { readonly kind: 'unknown'; readonly code: string; readonly detail: string }
  /** Certainly not sent; go on at `until` (ms since 1970). */
  | {
      readonly kind: 'wait';
      readonly until: number;
      readonly reason: string;
      /** Because the store cannot be used: only of the last call, not of what went before it. */
      readonly isStoreAway?: true;
    }
  /** Certainly not sent: the job gives its place free and is taken again at `until` (ms since 1970). */
  | { readonly kind: 'sleep'; readonly until: number; readonly reason: string; readonly note: unknown }
  /** Certainly not sent, and a person must act first. */
  | {
      readonly kind: 'stop';
      readonly reason: string;
      readonly hold: HoldKind;
    }
);

/**
 * What a refusal is about: the item itself, or something the next items share – the key's role, a limit that is
 * reached, what the job works on, or nobody can tell.
 */
export type Concern = 'item' | 'role' | 'limit' | 'target' | 'unknown';

/** What a job is held for, until a person has mended it. */
export type HoldKind = 'key' | 'agreement' | 'clock' | 'role' | 'limit' | 'gone' | 'repeated' | 'refused';

/** A thing of Apple's that a job works on. */
export interface Target {
  readonly type: 'apps' | 'betaGroups' | 'builds';
  readonly id: string;
  /** What people call it; null when nobody knows any more. */
  readonly name: string | null;
}

/** Why a job is held. */
export interface Hold {
  readonly kind: HoldKind;
  /** What is gone. */
  readonly target?: Target;
  /** The reason without what differs from item to item. */
  readonly reason?: string;
  /** A person has gone on in spite of `reason`: it holds the job no more. */
  readonly isWaived?: boolean;
}

/** What a handler works with besides its items. */
export interface Work<C> {
  readonly job: Job;
  readonly context: C;
  /** Aborted when the lease is lost or the worker stops; a call in flight should be let finish. */
  readonly signal: AbortSignal;
  /** Stores what is done already while more is to come, and waits until the store can be written; see `commit`. */
  write(writes: readonly Write[]): Promise<number[]>;
}

/** A job sleeps no longer at a time: one that would was put to sleep by a clock that has been set back since, ms. */
export const LONGEST_SLEEP_MS = 10 * 60_000;

/** Thrown by a handler that waits for something: nothing was sent for its item. */
export class Sleep extends Error {
  override readonly name = 'Sleep';
  constructor(
    /** ms since 1970; at most {@link LONGEST_SLEEP_MS} from now */
    readonly until: number,
    readonly reason: string,
    /** What the item keeps as its result meanwhile. */
    readonly note: unknown,
  ) {
    super(reason);
  }
}

/** What an item of one kind of job does. */
export interface JobHandler<C> {
  readonly kind: string;
  /** Requests to Apple per item, for the estimate of the end. */
  readonly requestsPerItem: number;
  /** Items of the same key that may go in one call, at most `size`. */
  readonly batch?: { readonly size: number; keyOf(item: JobItem): string };
  /** Whether each item needs the one before it, so that none goes on while that one's fate is open. */
  readonly isInOrder?: boolean;
  /** Whether the job ends with the first item that fails; those after it stay as they are, and a retry goes on there. */
  readonly endsAtFailure?: boolean;
  /** Whether it sleeps while the key is refused, and goes on by itself with one that is not. */
  readonly sleepsWithoutKey?: boolean;
  /** Sends. The items are `sending` by then; an outcome per item, in their order, or an error for all of them. */
  run(work: Work<C>, items: readonly JobItem[]): Promise<readonly Outcome[]>;
  /** Reads back what became of items that may have been sent. */
  reconcile(work: Work<C>, items: readonly JobItem[]): Promise<readonly Finding[]>;
  /** Reads again, many at once, and gives the items whose success cannot be seen at Apple. */
  unseen?(work: Work<C>, items: readonly JobItem[]): Promise<readonly Unseen[]>;
  /** What our copy must learn again of such items. */
  relearn?(work: Work<C>, items: readonly JobItem[]): Promise<void>;
  /** What the items need to exist at Apple, besides the app. */
  targets?(work: Work<C>, items: readonly JobItem[]): readonly Omit<Target, 'name'>[];
  /** After the last item; may create a follow-up job. */
  finish?(work: Work<C>): Promise<void>;
}

export type Registry<C> = ReadonlyMap<string, JobHandler<C>>;
