import { TESTABLE, WITH_BETA_REVIEW } from '@/lib/asc/catalogue/values';
import { buildWords } from '@/lib/format/builds';
import { formatPlural } from '@/lib/format/numbers';
import { replaces } from '@/lib/mirror/query/superseded';
import type { BuildFacts, InstallHistory } from './facts';
import type { ExpiryRules } from './rules';

const DAY_MS = 86_400_000;
/** A reading that is older than this says nothing of today, days. */
const STALE_DAYS = 2;

/** The UTC day of an instant, so many days before it. */
export const dayBefore = (now: number, days: number): string =>
  new Date(now - days * DAY_MS).toISOString().slice(0, 10);

/** What is known of builds, and of what is done with them. */
export interface Known {
  /** The builds that have not expired, newest first. */
  readonly builds: readonly BuildFacts[];
  readonly installs: ReadonlyMap<string, InstallHistory>;
  /** Ids of builds that go because they were named one by one: they replace nothing. */
  readonly chosen: ReadonlySet<string>;
  readonly now: number;
}

/** What becomes of a build by the rules. */
export interface Verdict {
  readonly build: BuildFacts;
  /** Whether all the rules name it. */
  readonly isNamed: boolean;
  /** Why it is named, or the first thing that speaks for it. */
  readonly reasons: readonly string[];
  /** Why it stays though the rules name it; null where nothing holds it. */
  readonly stays: string | null;
}

/** Judges all builds but the chosen ones, newest first: only what stays itself takes the place of others. */
export function judgeAll(rules: ExpiryRules, known: Known): Verdict[] {
  const others = known.builds.filter(({ id }) => !known.chosen.has(id));
  const guarded = newestOfTesters(others);
  const staying = new Map<string | null, BuildFacts[]>();
  return others.map((build) => {
    const newer = staying.get(build.preReleaseVersionId) ?? [];
    const { isNamed, reasons } = judge(rules, build, { ...known, newer });
    const stays = isNamed ? guardOf(build, guarded) : null;
    if (!isNamed || stays !== null) staying.set(build.preReleaseVersionId, [...newer, build]);
    return { build, isNamed, reasons, stays };
  });
}

/** Of each platform the newest builds that testers have, by who has them: expiring one would leave those with nothing newer. */
function newestOfTesters(builds: readonly BuildFacts[]): Map<string, string> {
  const inside = builds.filter(({ internalBuildState }) => internalBuildState === 'IN_BETA_TESTING');
  // What is in testing may have been taken from everybody since, and what is given may not be in testing yet.
  const held = builds.filter(({ externalBuildState }) => externalBuildState === 'IN_BETA_TESTING');
  const given = builds.filter(
    ({ externalGroupCount, individualCount, externalBuildState: state }) =>
      externalGroupCount + individualCount > 0 && (state === null || TESTABLE.includes(state)),
  );
  return new Map([
    ...newestByPlatform(inside).map((id) => [id, 'internal testers'] as const),
    ...[...newestByPlatform(held), ...newestByPlatform(given)].map((id) => [id, 'external testers'] as const),
  ]);
}

function newestByPlatform(builds: readonly BuildFacts[]): string[] {
  const newest = new Map<string | null, BuildFacts>();
  for (const build of builds) {
    const known = newest.get(build.platform);
    if (!known || (known.uploadedDate ?? '') < (build.uploadedDate ?? '')) newest.set(build.platform, build);
  }
  return [...newest.values()].map(({ id }) => id);
}

/** Why a build stays whatever the rules say, or null; whoever names a build by itself is not held back by it. */
function guardOf(build: BuildFacts, guarded: ReadonlyMap<string, string>): string | null {
  const whose = guarded.get(build.id);
  if (whose !== undefined) return `Stays: it is the newest build that ${whose} have.`;
  const states = [build.externalBuildState, build.betaReviewState];
  if (states.some((state) => state !== null && IN_REVIEW.includes(state)))
    return 'Stays: it is with beta review, and expiring it would withdraw it.';
  return build.processingState === 'PROCESSING' ? 'Stays: it is still being processed.' : null;
}

const IN_REVIEW = [...WITH_BETA_REVIEW, 'WAITING_FOR_REVIEW', 'IN_REVIEW'];

interface Beside extends Known {
  /** Of its version and platform those that stay, newest first. */
  readonly newer: readonly BuildFacts[];
}

interface Finding {
  readonly holds: boolean;
  readonly reason: string;
}

/** Whether all the rules name a build. What is not known speaks for it. */
function judge(rules: ExpiryRules, build: BuildFacts, beside: Beside): Pick<Verdict, 'isNamed' | 'reasons'> {
  const { olderThanDays, isSuperseded, inNoGroup, installsUnchangedDays } = rules;
  const found: Finding[] = [
    ...(olderThanDays === undefined ? [] : [isOld(build, olderThanDays, beside.now)]),
    ...(isSuperseded ? [superseded(build, beside)] : []),
    ...(inNoGroup ? [ungiven(build)] : []),
    ...(installsUnchangedDays === undefined ? [] : [unchanged(build, installsUnchangedDays, beside)]),
  ];
  const against = found.find(({ holds }) => !holds);
  if (against) return { isNamed: false, reasons: [against.reason] };
  return { isNamed: found.length > 0, reasons: found.map(({ reason }) => reason) };
}

function isOld({ uploadedDate }: BuildFacts, days: number, now: number): Finding {
  const at = Date.parse(uploadedDate ?? '');
  if (Number.isNaN(at)) return { holds: false, reason: 'When it was uploaded is not known' };
  const age = Math.floor((now - at) / DAY_MS);
  return { holds: now - at >= days * DAY_MS, reason: `Uploaded ${formatPlural(age, 'day')} ago` };
}

function superseded(build: BuildFacts, { newer }: Beside): Finding {
  const other = newer.find((one) => replaces(one, build));
  return other
    ? { holds: true, reason: `Superseded by ${buildWords(other)}` }
    : { holds: false, reason: 'No newer build of its version and platform takes its place' };
}

function ungiven({ groupCount, individualCount }: BuildFacts): Finding {
  if (groupCount > 0) return { holds: false, reason: `In ${formatPlural(groupCount, 'group')}` };
  if (individualCount > 0)
    return { holds: false, reason: `${formatPlural(individualCount, 'tester')} have it one by one` };
  return { holds: true, reason: 'In no group' };
}

function unchanged({ id }: BuildFacts, days: number, { installs, now }: Beside): Finding {
  const history = installs.get(id);
  if (!history || history.before === null)
    return { holds: false, reason: `Our readings do not go back ${formatPlural(days, 'day')}` };
  if (history.last === null || history.last < dayBefore(now, STALE_DAYS))
    return { holds: false, reason: 'Its installations have not been read lately' };
  const holds = history.least === history.before && history.most === history.before;
  return holds
    ? {
        holds,
        reason: `${formatPlural(history.before, 'installation')}, unchanged for ${formatPlural(days, 'day')} of our readings`,
      }
    : { holds, reason: 'New installations in that time' };
}
