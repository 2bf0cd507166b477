import type { LearnedPace, Ledger, PassedMinute, RateLimitReading, SharedFacts } from './budget-types';
import { afterRefusal, paceAtFirst, paceNow } from './learned-pace';
import type { Lane } from './types';

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;
/** A minute and a little, because requests arrive later than they are sent. */
const MINUTE_MS = 60_500;
/** How long a background lane rests at the reserve before it asks again what remains. */
const LOOK_AGAIN_MS = 300_000;
/** The part of a minute's requests that background work leaves to people. */
const KEPT_OF_A_MINUTE = 0.05;
/** Beyond this part of a minute's requests background work leaves evenly, so that people never meet a full minute. */
const AT_ONCE = 0.3;

/** Requests this old have been answered, ms. */
const ANSWERED_MS = 30_000;

/** What a process knows that no other has told anything. */
export const ALONE: SharedFacts = {
  sent: [],
  blockedUntil: undefined,
  learned: undefined,
  passed: undefined,
  hour: undefined,
};

/**
 * The numbers behind the throttle: what was sent, what Apple said remains, what a 429 taught – by this process and,
 * through the ledger, by all others of the key.
 */
export class Quota {
  #blockedUntil: number | undefined;
  #hourLimit: number | undefined;
  #hourRemaining: number | undefined;
  #observedAt: number | undefined;
  #announcedPerMinute: number | undefined;
  #minuteEmptyUntil = 0;
  #learned: LearnedPace | undefined;
  #passed: PassedMinute | undefined;
  /** Instants of our own requests of the last hour, oldest first. */
  #sent: number[] = [];

  constructor(
    readonly reserve: number,
    readonly ledger?: Ledger,
  ) {}

  observe(reading: RateLimitReading, now: number): void {
    if (reading.hourLimit !== undefined) this.#hourLimit = reading.hourLimit;
    if (reading.hourRemaining !== undefined) {
      this.#hourRemaining = reading.hourRemaining;
      this.#observedAt = now;
      this.ledger?.note({
        hour: { limit: this.#hourLimit, remaining: reading.hourRemaining, observedAt: now },
      });
    }
    if (reading.minuteLimit !== undefined && reading.minuteLimit > 0) {
      this.#announcedPerMinute = reading.minuteLimit;
    }
    if (reading.minuteRemaining === 0) this.#minuteEmptyUntil = now + 5_000;
  }

  countSent(now: number): void {
    this.#forget(now);
    this.#sent.push(now);
    this.ledger?.spend(now);
  }

  /** An answer that is no refusal, while so many others are open. */
  accept(open: number, now: number): void {
    const count = this.#minute(now).length - open;
    const { count: known = 0, at = 0 } = this.#passedMinute() ?? {};
    const isNews = count >= known + Math.max(5, known * 0.1) || (count >= known && now - at > HOUR_MS);
    if (isNews) this.#notePassed({ count, at: now });
  }

  #notePassed(passed: PassedMinute): void {
    this.#passed = passed;
    this.ledger?.note({ passed });
  }

  /** Until when nothing may leave because Apple refused, whichever process was told. */
  blockedUntil(now: number): number | undefined {
    const until = Math.max(this.#blockedUntil ?? 0, this.#shared.blockedUntil ?? 0);
    return until > now ? until : undefined;
  }

  /** A 429: nothing more before `until`, and if we were fast, a slower pace from now on. */
  refuse(until: number, now: number): void {
    const isSameBurst = this.blockedUntil(now) !== undefined;
    this.#blockedUntil = Math.max(this.#blockedUntil ?? 0, until);
    this.ledger?.note({ blockedUntil: this.#blockedUntil });
    if (isSameBurst || this.#hourRemaining === 0) return;
    const learned = afterRefusal(this.#learnedPace(), this.#minute(now).length, { until, now });
    if (!learned) return;
    this.#learned = learned;
    this.ledger?.note({ learned });
    this.#notePassed({ count: learned.perMinute, at: now });
  }

  perMinute(now: number): number | undefined {
    const learned = paceNow(this.#learnedPace(), now);
    if (learned === undefined) return this.#announcedPerMinute;
    return Math.min(learned, this.#announcedPerMinute ?? learned);
  }

  /** People may come as near to what was refused as can be; only background work keeps its distance. */
  #perMinuteForPeople(now: number): number | undefined {
    const perMinute = this.perMinute(now);
    const { refusedAt = 0 } = this.#learnedPace() ?? {};
    if (perMinute === undefined) return undefined;
    return Math.min(Math.max(perMinute, refusedAt - 2), this.#announcedPerMinute ?? Number.POSITIVE_INFINITY);
  }

  /** What background work may use of a minute. */
  perMinuteInBackground(now: number): number | undefined {
    const perMinute = this.perMinute(now);
    return perMinute === undefined ? undefined : withoutPeople(perMinute);
  }

  /** What jobs may use of a minute while no limit is known. */
  #perMinuteAtFirst(now: number): { readonly now: number; readonly passed: number } | undefined {
    if (this.perMinute(now) !== undefined) return undefined;
    const pace = paceAtFirst({
      hourLimit: this.#hour()?.limit,
      reserve: this.reserve,
      passed: this.#passedMinute(),
      halfAMinuteAgo: this.#minute(now, ANSWERED_MS).length,
      now,
    });
    return pace && { now: withoutPeople(pace.now), passed: withoutPeople(pace.passed) };
  }

  #allowed(lane: Lane, now: number): number | undefined {
    if (lane === 'interactive') return this.#perMinuteForPeople(now);
    return (
      this.perMinuteInBackground(now) ?? (lane === 'write' ? this.#perMinuteAtFirst(now)?.now : undefined)
    );
  }

  /** The earliest instant at which a request of the lane may leave; `now` or later. */
  readyAt(lane: Lane, inFlight: number, now: number): number {
    this.#forget(now);
    let at = Math.max(now, this.blockedUntil(now) ?? 0);
    const isPerson = lane === 'interactive';
    const allowed = this.#allowed(lane, now);
    if (allowed !== undefined) {
      const minute = this.#minute(now);
      const limiting = minute[minute.length - allowed];
      if (limiting !== undefined) at = Math.max(at, limiting + MINUTE_MS);
      const last = minute.at(-1);
      if (!isPerson && last !== undefined && minute.length > allowed * AT_ONCE) {
        at = Math.max(at, last + Math.ceil(MINUTE_MS / allowed));
      }
    }
    if (lane === 'interactive') return at;
    return Math.max(at, this.#minuteEmptyUntil, this.#hourReadyAt(inFlight, now));
  }

  figures(now: number) {
    const oldest = this.#sent[0];
    const hour = this.#hour();
    const perMinuteInBackground = this.perMinuteInBackground(now);
    const perMinuteAtFirst = this.#perMinuteAtFirst(now);
    const pace = perMinuteInBackground ?? perMinuteAtFirst?.now;
    return {
      limit: hour?.limit,
      remaining: hour?.remaining,
      observedAt: hour?.observedAt,
      resetHint: oldest === undefined ? undefined : oldest + HOUR_MS,
      blockedUntil: this.blockedUntil(now),
      perMinute: this.perMinute(now),
      perMinuteInBackground,
      perMinuteAtFirst,
      atOnceInBackground: pace && Math.floor(pace * AT_ONCE),
    };
  }

  get #shared(): SharedFacts {
    return this.ledger?.facts ?? ALONE;
  }

  /** Whichever process learned last knows best. */
  #learnedPace(): LearnedPace | undefined {
    const { learned } = this.#shared;
    return learned && learned.at > (this.#learned?.at ?? 0) ? learned : this.#learned;
  }

  #passedMinute(): PassedMinute | undefined {
    const { passed } = this.#shared;
    return passed && passed.at > (this.#passed?.at ?? 0) ? passed : this.#passed;
  }

  /** What Apple last said of the hour, to any process. */
  #hour() {
    const { hour } = this.#shared;
    if (hour && hour.observedAt > (this.#observedAt ?? 0)) return hour;
    if (this.#observedAt === undefined || this.#hourRemaining === undefined) {
      return this.#hourLimit === undefined
        ? undefined
        : { limit: this.#hourLimit, remaining: undefined, observedAt: undefined };
    }
    return { limit: this.#hourLimit, remaining: this.#hourRemaining, observedAt: this.#observedAt };
  }

  /** Instants of all requests of the minute that ended so long ago, those of other processes included, oldest first. */
  #minute(now: number, ago = 0): number[] {
    const end = now - ago;
    const since = end - MINUTE_MS;
    const last = this.#sent.length;
    const own = this.#sent.slice(last - this.#sentSince(since), last - this.#sentSince(end));
    const others = this.#shared.sent.filter(({ at }) => at > since && at <= end + SECOND_MS);
    if (others.length === 0) return own;
    const theirs = others.flatMap(({ at, count }) => Array.from({ length: count }, () => at));
    return [...own, ...theirs].sort((a, b) => a - b);
  }

  /** When the reserve allows a background request: now, when our oldest request ages out, or to look again. */
  #hourReadyAt(inFlight: number, now: number): number {
    const { limit, remaining, observedAt } = this.#hour() ?? {};
    if (remaining === undefined || observedAt === undefined) return now;
    const kept = (limit ?? remaining) * this.reserve;
    const agedOut = this.#sentSince(observedAt - HOUR_MS) - this.#sentSince(now - HOUR_MS);
    if (remaining + agedOut - inFlight > kept) return now;
    const oldest = this.#sent.find((sentAt) => sentAt > now - HOUR_MS);
    const lookAgainAt = observedAt + LOOK_AGAIN_MS;
    return Math.max(now, oldest === undefined ? lookAgainAt : Math.min(oldest + HOUR_MS + 1, lookAgainAt));
  }

  #sentSince(instant: number): number {
    let count = 0;
    for (let i = this.#sent.length - 1; i >= 0 && (this.#sent[i] ?? 0) > instant; i--) count++;
    return count;
  }

  /** Keeps an hour beyond the last observation, so that what ages out can be counted. */
  #forget(now: number): void {
    const horizon = Math.min(now, this.#observedAt ?? now) - HOUR_MS;
    let old = 0;
    while (old < this.#sent.length && (this.#sent[old] ?? 0) <= horizon) old++;
    if (old > 0) this.#sent.splice(0, old);
    if (this.#sent.length > 20_000) this.#sent.splice(0, this.#sent.length - 20_000);
  }
}

function withoutPeople(perMinute: number): number {
  return Math.max(1, perMinute - Math.max(2, Math.ceil(perMinute * KEPT_OF_A_MINUTE)));
}
