import { crashFree, crashFreeWords } from '@/lib/format/crash-free';
import { formatDuration } from '@/lib/format/durations';
import { formatCount, formatPlural } from '@/lib/format/numbers';

/** When the second stage of a release may begin. */
export interface GateRule {
  /** The least share of new sessions without a crash, percent. */
  readonly crashFree: number;
  /** For how long it has to stay so, hours. */
  readonly hours: number;
  /** How many new sessions there have to be. */
  readonly sessions: number;
}

/** What App Store Connect told of a build at one time, ms since 1970. */
export interface GateReading {
  readonly at: number;
  readonly sessions: number;
  readonly crashes: number;
}

/** Why a second stage waits for a person. */
export type Held = 'below' | 'few' | 'stale';

export type GateVerdict =
  | { readonly is: 'open' | 'wait'; readonly words: string }
  | { readonly is: 'hold'; readonly why: Held; readonly words: string };

/** Between two readings that are further apart nobody knows how it went, ms. */
const LONGEST_GAP_MS = 3 * 3_600_000;
/** Figures that have not changed for so long are no new ones, ms. */
const LONGEST_SAME_MS = 24 * 3_600_000;

/** Readings by which a second stage is judged, and since when it waits for them, ms since 1970. */
interface Measured {
  readonly since: number;
  /** In the order in which they were read. */
  readonly readings: readonly GateReading[];
  /** Why the last reading failed, in words. */
  readonly trouble: string | null;
}

/**
 * Judges by our own readings alone. The first is where counting begins; what App Store Connect counts more than then is
 * new. A reading speaks for the time since the one before it. Nothing opens without evidence: a count that dropped
 * begins anew, and what nobody has read or nothing has happened in does not count as time.
 */
export function judgeGate(rule: GateRule, { since, readings, trouble }: Measured, now: number): GateVerdict {
  const own = sinceDrop(readings);
  const [first, last] = [own[0], own.at(-1)];
  const why = trouble === null ? '' : ` ${trouble}`;
  if (!first || !last) {
    const isLong = now - since > LONGEST_GAP_MS;
    const words = `App Store Connect has told no sessions of this build yet.${why}`;
    return isLong ? held('stale', words) : { is: 'wait', words };
  }
  const [sessions, crashes] = [last.sessions - first.sessions, last.crashes - first.crashes];
  const told = figures(sessions, crashes);
  const wanted = `${rule.crashFree}% for ${formatPlural(rule.hours, 'hour')}, and ${formatPlural(rule.sessions, 'new session')}, are wanted`;
  if (now - last.at > LONGEST_GAP_MS)
    return held('stale', `There has been no new reading for ${formatDuration(now - last.at)}.${why} ${told}`);
  // Not even the sessions that are wanted, without another crash, would reach it.
  if (crashes > 0 && !reaches(rule, Math.max(sessions, rule.sessions), crashes))
    return held('below', `${told} At least ${wanted}.`);
  const same = now - changedAt(own, first);
  if (same > LONGEST_SAME_MS)
    return held('stale', `App Store Connect has told nothing new for ${formatDuration(same)}. ${told}`);
  const steadyMs = steadySince(rule, own, first, last);
  if (sessions >= rule.sessions && steadyMs >= rule.hours * 3_600_000)
    return { is: 'open', words: `${told} At least ${rule.crashFree}% for ${formatDuration(steadyMs)}.` };
  if (sessions < rule.sessions && last.at - first.at >= rule.hours * 3_600_000)
    return held(
      'few',
      `In ${formatDuration(last.at - first.at)} there were ${formatPlural(sessions, 'new session')} of the ${formatCount(rule.sessions)} that are wanted. ${told}`,
    );
  return { is: 'wait', words: `${told} ${wanted}: ${soFar(sessions, steadyMs)}.` };
}

const held = (why: Held, words: string): GateVerdict => ({ is: 'hold', why, words });

const soFar = (sessions: number, steadyMs: number) =>
  `so far ${formatPlural(sessions, 'new session')}, and ${steadyMs === 0 ? '0 hours' : formatDuration(steadyMs)}`;

/** “Crash-free new sessions: 1 − 2 crashes ÷ 187 sessions = 98.9%.” */
function figures(sessionCount: number, crashCount: number): string {
  if (sessionCount === 0 && crashCount === 0) return 'No new sessions yet: no share can be told.';
  const share = crashFree({ sessionCount, crashCount });
  const words = crashFreeWords({ sessionCount, crashCount });
  return `Crash-free new sessions: ${share === null ? words : `${words} = ${share}.`}`;
}

/** A count that drops tells nothing of what came between: what follows it is counted from there. */
function sinceDrop(readings: readonly GateReading[]): readonly GateReading[] {
  const from = readings.findLastIndex((reading, index) => {
    const before = readings[index - 1];
    return before && (reading.sessions < before.sessions || reading.crashes < before.crashes);
  });
  return readings.slice(Math.max(0, from));
}

/** Whether a share is at least the one that is wanted; crashes without a session are none. */
function reaches({ crashFree: least }: GateRule, sessions: number, crashes: number): boolean {
  // In tenths of a percent, which are whole.
  return sessions > 0 && (sessions - crashes) * 1_000 >= Math.round(least * 10) * sessions;
}

/** For how long the readings have been good without a break up to the last one, ms. */
function steadySince(
  rule: GateRule,
  readings: readonly GateReading[],
  first: GateReading,
  last: GateReading,
): number {
  let since: number | null = null;
  for (const [index, { at, sessions, crashes }] of readings.entries()) {
    const before = readings[index - 1];
    if (!before) continue;
    if (!reaches(rule, sessions - first.sessions, crashes - first.crashes)) since = null;
    else if (at - before.at > LONGEST_GAP_MS) since = at;
    else since ??= before.at;
  }
  return since === null ? 0 : last.at - since;
}

function changedAt(readings: readonly GateReading[], first: GateReading): number {
  const changed = readings.findLast((reading, index) => {
    const before = readings[index - 1];
    return before && (reading.sessions !== before.sessions || reading.crashes !== before.crashes);
  });
  return (changed ?? first).at;
}

/**
 * The readings that are worth keeping: the first, by which the others are counted, and what the rule may look back on.
 * Those of the future were read before the clock was set back, and nobody knows when.
 */
export function keptReadings(
  { hours }: GateRule,
  readings: readonly GateReading[],
  now: number,
): readonly GateReading[] {
  const past = sinceDrop(readings.filter(({ at }) => at <= now));
  const from = now - hours * 3_600_000 - LONGEST_SAME_MS - LONGEST_GAP_MS;
  return past.filter(({ at }, index) => index === 0 || at >= from);
}
