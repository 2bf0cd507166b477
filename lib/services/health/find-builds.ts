import { WITH_BETA_REVIEW } from '@/lib/asc/catalogue/values';
import type { Found, LightKind } from '@/lib/format/lights';
import {
  type DatedBuild,
  hasEnded,
  isTested,
  nameOf,
  needsOf,
  newestByPlace,
  placeOf,
  uploaded,
} from '../builds/known-builds';
import { type Ask, DAY_MS } from './ask';

/** Where testers of a platform will have nothing to install within so many days, or have had nothing for a while. */
export async function findExpiring(
  ask: Ask,
  { days }: { readonly days: number },
): Promise<Found<'build_expiring'>[]> {
  const now = new Date(ask.now).toISOString();
  const until = new Date(ask.now + days * DAY_MS).toISOString();
  return needsOf(await ask.builds(), now)
    .filter(({ at }) => at <= until)
    .map((row) => found(row, row.at <= now ? row.at : null, { at: row.at, isOver: row.at <= now }));
}

/** Builds newer than what testers have that wait for an answer about encryption. */
export async function findMissingCompliance(ask: Ask): Promise<Found<'export_compliance_missing'>[]> {
  const waiting = (await ahead(ask)).filter(({ internalBuildState, externalBuildState }) =>
    [internalBuildState, externalBuildState].includes('MISSING_EXPORT_COMPLIANCE'),
  );
  return waiting.map((row) => found(row, row.uploadedDate, {}));
}

/** Builds newer than what testers have that beta review has refused. */
export async function findRejected(ask: Ask): Promise<Found<'review_rejected'>[]> {
  const refused = (await ahead(ask)).filter((row) => row.externalBuildState === 'BETA_REJECTED');
  return refused.map((row) => found(row, row.submittedDate, {}));
}

/** Builds that have been with beta review for so many days. */
export async function findInReview(
  ask: Ask,
  { days }: { readonly days: number },
): Promise<Found<'review_waiting'>[]> {
  const before = new Date(ask.now - days * DAY_MS).toISOString();
  const now = new Date(ask.now).toISOString();
  return (await ask.builds())
    .filter((row) => !hasEnded(row, now) && WITH_BETA_REVIEW.includes(row.externalBuildState ?? ''))
    .flatMap((row) =>
      row.submittedDate !== null && row.submittedDate <= before
        ? [found(row, row.submittedDate, { at: row.submittedDate })]
        : [],
    );
}

/** Of each app and platform the newest build that testers have, of those that have not ended. */
export function newestTested(ask: Ask): Promise<ReadonlyMap<string, DatedBuild>> {
  const now = new Date(ask.now).toISOString();
  return ask.once('newest tested', async () =>
    newestByPlace((await ask.builds()).filter((row) => isTested(row) && !hasEnded(row, now))),
  );
}

/** Builds that were uploaded after what testers have: whatever holds up an older one is over. */
function ahead(ask: Ask): Promise<readonly DatedBuild[]> {
  const now = new Date(ask.now).toISOString();
  return ask.once('ahead', async () => {
    const newest = await newestTested(ask);
    return (await ask.builds()).filter((row) => {
      if (hasEnded(row, now)) return false;
      const tested = newest.get(placeOf(row));
      return !tested || uploaded(row) > uploaded(tested);
    });
  });
}

/** How stable the newest build that testers have is, beside the one before it that says enough. */
export interface Stability {
  readonly newest: DatedBuild;
  readonly former: DatedBuild;
}

/** Of each app and platform where both builds rest on so many sessions; nothing is said of the others. */
export async function findStability(
  ask: Ask,
  { sessions }: { readonly sessions: number },
): Promise<Stability[]> {
  const says = (row: DatedBuild) =>
    row.crashCount !== null && (row.sessionCount ?? 0) >= Math.max(1, sessions);
  const newest = new Map([...(await newestTested(ask))].filter(([, row]) => says(row)));
  if (newest.size === 0) return [];
  const formers = newestByPlace(
    (await ask.builds()).filter((row) => {
      const after = says(row) ? newest.get(placeOf(row)) : undefined;
      return after !== undefined && uploaded(row) < uploaded(after);
    }),
  );
  return [...newest].flatMap(([place, row]) => {
    const former = formers.get(place);
    return former ? [{ newest: row, former }] : [];
  });
}

/** Where the share of sessions without a crash fell by so many percentage points from one build to the next. */
export async function findLessStable(
  ask: Ask,
  { points, sessions }: { readonly points: number; readonly sessions: number },
): Promise<Found<'crash_free_fell'>[]> {
  return (await findStability(ask, { sessions })).flatMap(({ newest, former }) =>
    fallOf(countsOf(newest), countsOf(former)) >= points
      ? [
          found(newest, newest.uploadedDate, {
            ...{ newest: countsOf(newest), former: countsOf(former), formerName: nameOf(former) },
          }),
        ]
      : [],
  );
}

const countsOf = ({ sessionCount, crashCount }: DatedBuild) => ({
  sessions: sessionCount ?? 0,
  crashes: crashCount ?? 0,
});

/** By how many percentage points the crash-free share of one is below that of the other. */
export function fallOf(
  newest: { readonly sessions: number; readonly crashes: number },
  former: { readonly sessions: number; readonly crashes: number },
): number {
  const share = (use: typeof newest) => Math.max(0, 1 - use.crashes / use.sessions);
  // Differences of shares are not exact: what is meant to be one point counts as one.
  return Math.round((share(former) - share(newest)) * 100_000) / 1_000;
}

const found = <Kind extends LightKind>(
  row: DatedBuild,
  since: string | null,
  facts: Found<Kind>['facts'],
): Found<Kind> => ({
  ...{ accountId: row.accountId, appId: row.appId, id: row.id, name: nameOf(row) },
  ...{ since, facts },
});
