import { WITH_BETA_REVIEW } from '@/lib/asc/catalogue/values';
import { buildWords } from '@/lib/format/builds';
import { formatPlural } from '@/lib/format/numbers';
import type { BuildFacts, InstallHistory } from './facts';
import type { ExpiryRules } from './rules';

const DAY_MS = 86_400_000;
/** A reading that is older than this says nothing of today, days. */
const STALE_DAYS = 2;

/** The UTC day of an instant, so many days before it. */
export const dayBefore = (now: number, days: number): string =>
  new Date(now - days * DAY_MS).toISOString().slice(0, 10);

/** What the rules say of a build: why it goes, or the first thing that speaks for it. */
export interface Verdict {
  readonly goes: boolean;
  readonly reasons: readonly string[];
}

interface Known {
  readonly installs: ReadonlyMap<string, InstallHistory>;
  /** The builds that replace others: by version and platform the newest that can be tested. */
  readonly newest: ReadonlyMap<string, BuildFacts>;
  readonly now: number;
}

interface Finding {
  readonly holds: boolean;
  readonly reason: string;
}

/** By version and platform, which Apple has one id for, the newest build that can be tested. */
export function newestOf(builds: readonly BuildFacts[]): Map<string, BuildFacts> {
  const newest = new Map<string, BuildFacts>();
  for (const build of builds) {
    const train = build.preReleaseVersionId;
    const known = train === null ? undefined : newest.get(train);
    if (train === null || build.uploadedDate === null || build.processingState !== 'VALID') continue;
    if ((known?.uploadedDate ?? '') < build.uploadedDate) newest.set(train, build);
  }
  return newest;
}

const CAN_HAVE = ['IN_BETA_TESTING', 'BETA_APPROVED', 'READY_FOR_BETA_TESTING'];

/** Of each platform the newest build that external testers have: expiring it would leave them with nothing newer. */
export function newestExternal(builds: readonly BuildFacts[]): Set<string> {
  const newest = new Map<string | null, BuildFacts>();
  for (const build of builds) {
    const { platform, externalBuildState: state } = build;
    const isGiven = build.externalGroupCount + build.individualCount > 0;
    const isHeld = state === 'IN_BETA_TESTING' || (isGiven && (state === null || CAN_HAVE.includes(state)));
    const known = newest.get(platform);
    if (isHeld && (!known || (known.uploadedDate ?? '') < (build.uploadedDate ?? '')))
      newest.set(platform, build);
  }
  return new Set([...newest.values()].map(({ id }) => id));
}

/** Why a build stays whatever the rules say, or null; whoever names a build by itself is not held back by it. */
export function guardOf(build: BuildFacts, external: ReadonlySet<string>): string | null {
  if (external.has(build.id)) return 'Stays: it is the newest build that external testers have.';
  const states = [build.externalBuildState, build.betaReviewState];
  if (states.some((state) => state !== null && IN_REVIEW.includes(state)))
    return 'Stays: it is with beta review, and expiring it would withdraw it.';
  return build.processingState === 'PROCESSING' ? 'Stays: it is still being processed.' : null;
}

const IN_REVIEW = [...WITH_BETA_REVIEW, 'WAITING_FOR_REVIEW', 'IN_REVIEW'];

/** Whether all the rules name a build. What is not known speaks for it. */
export function judge(rules: ExpiryRules, build: BuildFacts, known: Known): Verdict {
  const { olderThanDays, isSuperseded, inNoGroup, installsUnchangedDays } = rules;
  const found: Finding[] = [
    ...(olderThanDays === undefined ? [] : [isOld(build, olderThanDays, known.now)]),
    ...(isSuperseded ? [superseded(build, known)] : []),
    ...(inNoGroup ? [ungiven(build)] : []),
    ...(installsUnchangedDays === undefined ? [] : [unchanged(build, installsUnchangedDays, known)]),
  ];
  const against = found.find(({ holds }) => !holds);
  if (against) return { goes: false, reasons: [against.reason] };
  return { goes: found.length > 0, reasons: found.map(({ reason }) => reason) };
}

function isOld({ uploadedDate }: BuildFacts, days: number, now: number): Finding {
  const at = Date.parse(uploadedDate ?? '');
  if (Number.isNaN(at)) return { holds: false, reason: 'When it was uploaded is not known' };
  const age = Math.floor((now - at) / DAY_MS);
  return { holds: now - at >= days * DAY_MS, reason: `Uploaded ${formatPlural(age, 'day')} ago` };
}

function superseded(build: BuildFacts, { newest }: Known): Finding {
  const other = newest.get(build.preReleaseVersionId ?? '');
  const holds = other !== undefined && (build.uploadedDate ?? '￿') < (other.uploadedDate ?? '');
  return holds
    ? { holds, reason: `Superseded by ${buildWords(other)}` }
    : { holds, reason: 'No newer build of its version and platform' };
}

function ungiven({ groupCount, individualCount }: BuildFacts): Finding {
  if (groupCount > 0) return { holds: false, reason: `In ${formatPlural(groupCount, 'group')}` };
  if (individualCount > 0)
    return { holds: false, reason: `${formatPlural(individualCount, 'tester')} have it one by one` };
  return { holds: true, reason: 'In no group' };
}

function unchanged({ id }: BuildFacts, days: number, { installs, now }: Known): Finding {
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
