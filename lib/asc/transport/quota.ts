import type { RateLimitReading } from './budget-types';
import type { Lane } from './types';

const HOUR_MS = 3_600_000;
/** A minute and a little, because requests arrive later than they are sent. */
const MINUTE_MS = 60_500;
/** What the usual 3,500 an hour allow on average; a 429 below this pace is not about the minute. */
const SUSTAINED_PER_MINUTE = 60;
/** How long a background lane rests at the reserve before it asks again what remains. */
const LOOK_AGAIN_MS = 300_000;

/** The numbers behind the throttle: what was sent, what Apple said remains, what a 429 taught. */
export class Quota {
  blockedUntil: number | undefined;
  #hourLimit: number | undefined;
  #hourRemaining: number | undefined;
  #observedAt: number | undefined;
  #announcedPerMinute: number | undefined;
  #minuteEmptyUntil = 0;
  #learnedPerMinute: number | undefined;
  #learnedAt = 0;
  /** Instants of our own requests of the last hour, oldest first. */
  #sent: number[] = [];

  constructor(readonly reserve: number) {}

  observe(reading: RateLimitReading, now: number): void {
    if (reading.hourLimit !== undefined) this.#hourLimit = reading.hourLimit;
    if (reading.hourRemaining !== undefined) {
      this.#hourRemaining = reading.hourRemaining;
      this.#observedAt = now;
    }
    if (reading.minuteLimit !== undefined && reading.minuteLimit > 0) {
      this.#announcedPerMinute = reading.minuteLimit;
    }
    if (reading.minuteRemaining === 0) this.#minuteEmptyUntil = now + 5_000;
  }

  countSent(now: number): void {
    this.#forget(now);
    this.#sent.push(now);
  }

  /** A 429: nothing more before `until`, and if we were fast, a slower pace from now on. */
  refuse(until: number, now: number): void {
    const isSameBurst = this.blockedUntil !== undefined && now < this.blockedUntil;
    this.blockedUntil = Math.max(this.blockedUntil ?? 0, until);
    const pace = this.#sentSince(now - MINUTE_MS);
    if (isSameBurst || this.#hourRemaining === 0 || pace < SUSTAINED_PER_MINUTE) return;
    const known = this.#learnedPerMinute ?? pace;
    this.#learnedPerMinute = Math.max(SUSTAINED_PER_MINUTE, Math.floor(Math.min(pace, known) * 0.8));
    this.#learnedAt = now;
  }

  perMinute(now: number): number | undefined {
    const learned = this.#learnedNow(now);
    if (learned === undefined) return this.#announcedPerMinute;
    return Math.min(learned, this.#announcedPerMinute ?? learned);
  }

  /** The earliest instant at which a request of the lane may leave; `now` or later. */
  readyAt(lane: Lane, inFlight: number, now: number): number {
    this.#forget(now);
    let at = Math.max(now, this.blockedUntil ?? 0);
    const perMinute = this.perMinute(now);
    if (perMinute !== undefined) {
      const kept = lane === 'interactive' ? 0 : Math.max(2, Math.ceil(perMinute * 0.03));
      const allowed = Math.max(1, perMinute - kept);
      const limiting = this.#sent[this.#sent.length - allowed];
      if (limiting !== undefined) at = Math.max(at, limiting + MINUTE_MS);
    }
    if (lane === 'interactive') return at;
    return Math.max(at, this.#minuteEmptyUntil, this.#hourReadyAt(inFlight, now));
  }

  figures(now: number) {
    const isBlocked = this.blockedUntil !== undefined && this.blockedUntil > now;
    const oldest = this.#sent[0];
    return {
      limit: this.#hourLimit,
      remaining: this.#hourRemaining,
      observedAt: this.#observedAt,
      resetHint: oldest === undefined ? undefined : oldest + HOUR_MS,
      blockedUntil: isBlocked ? this.blockedUntil : undefined,
      perMinute: this.perMinute(now),
    };
  }

  /** When the reserve allows a background request: now, when our oldest request ages out, or to look again. */
  #hourReadyAt(inFlight: number, now: number): number {
    const [limit, remaining, observedAt] = [this.#hourLimit, this.#hourRemaining, this.#observedAt];
    if (remaining === undefined || observedAt === undefined) return now;
    const kept = (limit ?? remaining) * this.reserve;
    const agedOut = this.#sentSince(observedAt - HOUR_MS) - this.#sentSince(now - HOUR_MS);
    if (remaining + agedOut - inFlight > kept) return now;
    const oldest = this.#sent.find((sentAt) => sentAt > now - HOUR_MS);
    const lookAgainAt = observedAt + LOOK_AGAIN_MS;
    return Math.max(now, oldest === undefined ? lookAgainAt : Math.min(oldest + HOUR_MS + 1, lookAgainAt));
  }

  /** After a 429 the pace grows again by a little each minute, until it no longer limits. */
  #learnedNow(now: number): number | undefined {
    if (this.#learnedPerMinute === undefined) return undefined;
    const minutes = Math.floor((now - this.#learnedAt) / 60_000);
    const grown = this.#learnedPerMinute + minutes * 5;
    return grown > 3_000 ? undefined : grown;
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
