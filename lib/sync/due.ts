import { testersScope } from './plan';
import type { ScopeState } from './scopes';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;
/** Builds beyond the newest page are read again this often. */
const BUILDS_MS = 6 * HOUR_MS;
/** What is known to have changed is read again after so long even when there are few requests to spare. */
const CHANGED_MS = 30 * MINUTE_MS;
/** Where groups have no sizes an app is read as often as it costs ten requests an hour. */
const UNKNOWN_PAGE_MS = HOUR_MS / 10;
/** Apps in which something is going on are read as often as each costs sixty requests an hour, twice an hour at least. */
const LIVELY_PAGE_MS = MINUTE_MS;
/** In turn, apps are read as often as all together cost twelve requests an hour, and once a day at least. */
const TURN_PAGE_MS = 5 * MINUTE_MS;

/** Why an app's testers may have to be read again. */
export interface SweepReasons {
  /** Lists of testers that are known to have changed, or that the last pass did not show wholly. */
  readonly due: ReadonlySet<string>;
  /** Apps with groups whose size Apple does not tell. */
  readonly unknown: ReadonlySet<string>;
  /** Apps with a build of today, or with many who were invited lately. */
  readonly lively: ReadonlySet<string>;
}

/**
 * The apps whose testers to read in this cycle: those never read to the end; those that are due, the one that waits longest
 * first, and those where something is going on, as long as there are requests to spare; and one more in turn.
 */
export function dueTesterApps(
  scopes: ReadonlyMap<string, ScopeState>,
  appIds: readonly string[],
  { due, unknown, lively }: SweepReasons,
  { spare, now }: { spare: number; now: number },
): string[] {
  const ageOf = (appId: string) => {
    const state = scopes.get(testersScope(appId));
    return state?.completedAt == null || state.phase !== 'idle'
      ? Number.POSITIVE_INFINITY
      : now - state.completedAt;
  };
  const pagesOf = (appId: string) => Math.max(1, scopes.get(testersScope(appId))?.pages ?? 1);
  let left = spare;
  const swept = new Set<string>();
  const consider = (candidates: readonly string[], most: number) => {
    const oldestFirst = [...candidates].sort((a, b) => ageOf(b) - ageOf(a));
    for (const appId of oldestFirst) {
      if (swept.has(appId) || (pagesOf(appId) > left && ageOf(appId) < most)) continue;
      swept.add(appId);
      left -= pagesOf(appId);
    }
  };
  const isRested = (appId: string, least: number, pageMs: number) =>
    ageOf(appId) >= Math.max(least, Math.min(CHANGED_MS, pagesOf(appId) * pageMs));
  consider(
    appIds.filter((appId) => ageOf(appId) === Number.POSITIVE_INFINITY),
    0,
  );
  consider(
    appIds.filter((appId) => due.has(testersScope(appId))),
    CHANGED_MS,
  );
  consider(
    appIds.filter((appId) => lively.has(appId) && isRested(appId, 0, LIVELY_PAGE_MS)),
    Number.POSITIVE_INFINITY,
  );
  consider(
    appIds.filter((appId) => {
      const pause = Math.max(CHANGED_MS, pagesOf(appId) * UNKNOWN_PAGE_MS);
      return unknown.has(appId) && ageOf(appId) >= pause;
    }),
    0,
  );
  const inTurn = nextInTurn(appIds, ageOf, (appId) => pagesOf(appId) * TURN_PAGE_MS);
  if (inTurn !== undefined) swept.add(inTurn);
  return [...swept];
}

/** The member not read for longest, when the last one read has had its share: of the day, or less if it cost little. */
export function nextInTurn(
  members: readonly string[],
  ageOf: (member: string) => number,
  shareOf: (member: string) => number = () => Number.POSITIVE_INFINITY,
): string | undefined {
  const byAge = members.map((member) => ({ member, age: ageOf(member) })).sort((a, b) => a.age - b.age);
  const [youngest, oldest] = [byAge[0], byAge.at(-1)];
  if (!youngest || !oldest || oldest.age === Number.POSITIVE_INFINITY) return undefined;
  const share = Math.min(DAY_MS / members.length, shareOf(youngest.member));
  return youngest.age >= share ? oldest.member : undefined;
}

/** Whether the whole list of builds is due, not only its newest page. */
export function areAllBuildsDue(state: ScopeState | undefined, now: number): boolean {
  return state?.startedAt == null || now - state.startedAt >= BUILDS_MS;
}
