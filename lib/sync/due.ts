import { testersScope } from './plan';
import type { ScopeState } from './scopes';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Builds beyond the newest page are read again this often. */
const BUILDS_MS = 6 * HOUR_MS;
/** Testers of an app whose groups changed size are read again, but not more often than this. */
const CHANGED_MS = 30 * 60_000;
/** Where groups have no sizes an app is read as often as it costs ten requests an hour. */
const UNKNOWN_PAGE_MS = HOUR_MS / 10;

/** What the groups told of their apps. */
export interface GroupNews {
  /** Apps whose groups changed size. */
  readonly changed: ReadonlySet<string>;
  /** Apps with groups whose size Apple does not tell. */
  readonly unknown: ReadonlySet<string>;
}

/**
 * The apps whose testers to read in this cycle: those never read to the end, those whose groups changed size or have
 * none, and one more in turn, so that every app is read once a day.
 */
export function dueTesterApps(
  scopes: ReadonlyMap<string, ScopeState>,
  appIds: readonly string[],
  { changed, unknown }: GroupNews,
  now: number,
): string[] {
  const ageOf = (appId: string) => {
    const state = scopes.get(testersScope(appId));
    return state?.completedAt == null || state.phase !== 'idle'
      ? Number.POSITIVE_INFINITY
      : now - state.completedAt;
  };
  const due = appIds.filter((appId) => {
    const age = ageOf(appId);
    if (age === Number.POSITIVE_INFINITY || (changed.has(appId) && age >= CHANGED_MS)) return true;
    const pages = scopes.get(testersScope(appId))?.pages ?? 1;
    return unknown.has(appId) && age >= Math.max(CHANGED_MS, pages * UNKNOWN_PAGE_MS);
  });
  const inTurn = nextInTurn(appIds, ageOf);
  return inTurn !== undefined && !due.includes(inTurn) ? [...due, inTurn] : due;
}

/** The member not read for longest, when a day's share has passed since the last was read. */
export function nextInTurn(
  members: readonly string[],
  ageOf: (member: string) => number,
): string | undefined {
  const ages = members.map((member) => ({ member, age: ageOf(member) }));
  const youngest = Math.min(...ages.map(({ age }) => age));
  const oldest = ages.sort((a, b) => b.age - a.age)[0];
  if (!oldest || oldest.age === Number.POSITIVE_INFINITY) return undefined;
  return youngest >= DAY_MS / members.length ? oldest.member : undefined;
}

/** Whether the whole list of builds is due, not only its newest page. */
export function areAllBuildsDue(state: ScopeState | undefined, now: number): boolean {
  return state?.startedAt == null || now - state.startedAt >= BUILDS_MS;
}
