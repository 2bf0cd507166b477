import { WITH_BETA_REVIEW } from '@/lib/asc/catalogue/values';
import { type DatedBuild, hasEnded, nameOf, needsOf, uploaded } from '../builds/known-builds';
import type { Ask } from './ask';
import { newestOnDevices } from './find-adoption';
import { findStability, newestTested } from './find-builds';
import { unreadOfApps } from './find-feedback';
import { LIMITS } from './limits';
import { openLinks } from './open-links';

interface OfBuild {
  readonly id: string;
  readonly name: string;
}

interface Use extends OfBuild {
  readonly sessions: number;
  readonly crashes: number;
}

/** How an app stands, in figures; null where nothing is known or there is nothing to tell. */
export interface AppFigures {
  /** The build that testers have and that ends first, of those that end last on their platform. */
  readonly ends: (OfBuild & { readonly at: string; readonly isOver: boolean }) | null;
  /** The build that has been with beta review for longest. */
  readonly review: (OfBuild & { readonly state: string; readonly at: string | null }) | null;
  /** The open link with the fewest places left. */
  readonly places:
    | (OfBuild & { readonly used: number; readonly limit: number; readonly isAtMost: boolean })
    | null;
  readonly unread: { readonly reports: number; readonly oldest: string | null };
  /** Of the newest build that testers have and that was used; the one before it where both were used enough. */
  readonly stability: (Use & { readonly former: Use | null }) | null;
  /** How many devices have the newest build. */
  readonly adoption:
    | (OfBuild & { readonly devices: number; readonly all: number; readonly day: string })
    | null;
}

const appKey = ({ accountId, appId }: { readonly accountId: string; readonly appId: string }) =>
  `${accountId} ${appId}`;
const named = (row: DatedBuild): OfBuild => ({ id: row.id, name: nameOf(row) });
const countsOf = (row: DatedBuild): Use => ({
  ...named(row),
  ...{ sessions: row.sessionCount ?? 0, crashes: row.crashCount ?? 0 },
});

/** The first of each app. */
function firstByApp<Row extends { readonly accountId: string; readonly appId: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) if (!found.has(appKey(row))) found.set(appKey(row), row);
  return found;
}

/** The figures of every app, told by `<account> <app>`. */
export async function figuresOf(
  ask: Ask,
): Promise<(app: { readonly accountId: string; readonly appId: string }) => AppFigures> {
  const now = new Date(ask.now).toISOString();
  const builds = await ask.builds();
  const ends = firstByApp(needsOf(builds, now));
  const review = firstByApp(
    builds
      .filter((row) => !hasEnded(row, now) && WITH_BETA_REVIEW.includes(row.externalBuildState ?? ''))
      .sort((one, other) => ((one.submittedDate ?? '~') < (other.submittedDate ?? '~') ? -1 : 1)),
  );
  const links = (await openLinks(ask)).flatMap((link) =>
    link.used === null || link.limit === null ? [] : [{ ...link, used: link.used, limit: link.limit }],
  );
  const places = firstByApp(links.sort((one, other) => one.limit - one.used - (other.limit - other.used)));
  const unread = firstByApp(await unreadOfApps(ask));
  const newest = [...(await newestTested(ask)).values()].sort((one, other) =>
    uploaded(one) > uploaded(other) ? -1 : 1,
  );
  const used = firstByApp(newest.filter(({ sessionCount }) => (sessionCount ?? 0) > 0));
  const pairs = new Map(
    (await findStability(ask, LIMITS.crash_free_fell)).map((pair) => [
      `${pair.newest.accountId} ${pair.newest.id}`,
      pair,
    ]),
  );
  const adoption = firstByApp(
    [...(await newestOnDevices(ask))]
      .sort((one, other) => (uploaded(one.build) > uploaded(other.build) ? -1 : 1))
      .map((share) => ({ ...share, accountId: share.build.accountId, appId: share.build.appId })),
  );
  return (app) => {
    const key = appKey(app);
    const [end, inReview, link, waiting] = [ends.get(key), review.get(key), places.get(key), unread.get(key)];
    const [stable, share] = [used.get(key), adoption.get(key)];
    const former = stable && pairs.get(`${stable.accountId} ${stable.id}`)?.former;
    return {
      ends: end ? { ...named(end), at: end.at, isOver: end.at <= now } : null,
      review: inReview
        ? { ...named(inReview), state: inReview.externalBuildState ?? '', at: inReview.submittedDate }
        : null,
      places: link
        ? { ...{ id: link.id, name: link.name, isAtMost: link.isAtMost }, used: link.used, limit: link.limit }
        : null,
      unread: { reports: waiting?.reports ?? 0, oldest: waiting?.oldest ?? null },
      stability: stable ? { ...countsOf(stable), former: former ? countsOf(former) : null } : null,
      adoption: share
        ? { ...named(share.build), devices: share.devices, all: share.all, day: share.day }
        : null,
    };
  };
}
