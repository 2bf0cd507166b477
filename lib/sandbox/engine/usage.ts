import type { TesterUsage } from '../programme/types';
import type { Resource } from './resource';
import type { World } from './world';

export interface Use {
  sessionCount: number;
  crashCount: number;
  feedbackCount: number;
}

interface LiveUse extends Partial<Use> {
  at: number;
  /** In which build, where that is known. */
  buildId?: string;
}

/** What a tester did at one time. */
export interface DatedUse extends Use {
  /** ms since 1970 */
  readonly at: number;
  /** Which day before the programme began, where it is one of these; reports of that day are counted in it. */
  readonly day: number | null;
  readonly buildId: string | null;
}

export const DAY_MS = 86_400_000;

/** After this many days the pattern of days before the epoch repeats itself, so that figures go on growing. */
const PATTERN_DAYS = 28;

/** Usage of testers over a window that ends now: the programme's own days, what repeats of them, and what was seen. */
export class UsageBook {
  readonly #world: World;
  readonly #byApp = new Map<string, ReadonlyMap<string, TesterUsage['days']>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Sums of one tester over the last so many days. */
  of(tester: Resource, windowDays: number): Use {
    const sum: Use = { sessionCount: 0, crashCount: 0, feedbackCount: 0 };
    if (tester.appId === null) return sum;
    const elapsed = this.#elapsedDays();
    for (const day of this.#days(tester.appId).get(tester.id) ?? []) {
      if (day.daysAgo + elapsed < windowDays) add(sum, day, 1);
      add(sum, { ...day, feedbackCount: 0 }, repeats(day.daysAgo, elapsed, windowDays));
    }
    const since = this.#world.clock.now() - windowDays * DAY_MS;
    for (const use of (tester.attributes.live ?? []) as LiveUse[]) if (use.at >= since) add(sum, use, 1);
    return sum;
  }

  /** What one tester did in the last so many days, each with its time; what is younger than the delay is left out. */
  dated(tester: Resource, windowDays: number, delayMs: number): DatedUse[] {
    if (tester.appId === null) return [];
    const { clock, programme } = this.#world;
    const { epochMs } = programme.options;
    const elapsed = this.#elapsedDays();
    const until = clock.now() - delayMs;
    const uses: DatedUse[] = [];
    const put = (at: number, use: Partial<Use>, day: number | null, buildId: string | null): void => {
      const { sessionCount = 0, crashCount = 0, feedbackCount = 0 } = use;
      if (at <= until) uses.push({ at, day, buildId, sessionCount, crashCount, feedbackCount });
    };
    for (const day of this.#days(tester.appId).get(tester.id) ?? []) {
      const at = epochMs - day.daysAgo * DAY_MS;
      if (day.daysAgo + elapsed < windowDays) put(at, day, day.daysAgo, null);
      if (day.daysAgo >= PATTERN_DAYS) continue;
      const again = { ...day, feedbackCount: 0 };
      for (let ago = elapsed - 1 - day.daysAgo; ago >= 0; ago -= PATTERN_DAYS) {
        if (ago < windowDays) put(epochMs + (elapsed - ago) * DAY_MS, again, null, null);
      }
    }
    const since = clock.now() - windowDays * DAY_MS;
    for (const use of (tester.attributes.live ?? []) as LiveUse[]) {
      if (use.at >= since) put(use.at, use, null, use.buildId ?? null);
    }
    return uses;
  }

  #elapsedDays(): number {
    const { clock, programme } = this.#world;
    return Math.max(0, Math.floor((clock.now() - programme.options.epochMs) / DAY_MS));
  }

  #days(appId: string): ReadonlyMap<string, TesterUsage['days']> {
    const known = this.#byApp.get(appId);
    if (known) return known;
    const days = new Map(this.#world.programme.usage(appId).map((usage) => [usage.testerId, usage.days]));
    this.#byApp.set(appId, days);
    return days;
  }
}

function add(sum: Use, use: Partial<Use>, times: number): void {
  sum.sessionCount += (use.sessionCount ?? 0) * times;
  sum.crashCount += (use.crashCount ?? 0) * times;
  sum.feedbackCount += (use.feedbackCount ?? 0) * times;
}

/** How often a day of the pattern has come round again since the epoch, inside the window. */
function repeats(daysAgo: number, elapsed: number, windowDays: number): number {
  if (daysAgo >= PATTERN_DAYS) return 0;
  let times = 0;
  for (let ago = elapsed - 1 - daysAgo; ago >= 0; ago -= PATTERN_DAYS) if (ago < windowDays) times += 1;
  return times;
}
