import { APP_TESTER_LIMIT, BUILD_DAYS } from '@/lib/asc/catalogue/limits';
import { WITH_BETA_REVIEW } from '@/lib/asc/catalogue/values';
import { formatDate } from '@/lib/format/dates';
import { formatCount } from '@/lib/format/numbers';
import { criteriaSentence, type DeviceFilter, impossibleFilters } from '@/lib/format/recruitment';
import type { Forecast } from './forecast';

/** A build that expires within so many days is worth a word. */
const EXPIRES_SOON_DAYS = 7;
const FORECAST_DAYS = 30;
const DAY_MS = 86_400_000;

/** External states in which people can install a build. */
export const TESTABLE: ReadonlySet<string> = new Set([
  'IN_BETA_TESTING',
  'BETA_APPROVED',
  'READY_FOR_BETA_TESTING',
]);

export interface BuildFact {
  readonly id: string;
  readonly label: string;
  readonly externalBuildState: string | null;
  readonly expired: boolean | null;
  /** Apple's ISO text. */
  readonly expirationDate: string | null;
}

/** Everything known about a link; null means unknown and accuses nobody. */
export interface LinkFacts {
  readonly group: {
    readonly id: string;
    readonly name: string;
    readonly isInternalGroup: boolean | null;
    readonly publicLinkEnabled: boolean | null;
    readonly publicLinkLimitEnabled: boolean | null;
    readonly publicLinkLimit: number | null;
    readonly testerCount: number | null;
    /** Members who came by the link: only they count against its limit. */
    readonly linkTesterCount: number | null;
  };
  readonly builds: readonly BuildFact[];
  readonly criteria: readonly DeviceFilter[] | null;
  /** Apple's own check; null when it was not asked or there are no criteria. */
  readonly hasCompatibleBuild: boolean | null;
  readonly externalTesterCount: number | null;
  readonly forecast: Forecast | null;
  /** ms since 1970 */
  readonly now: number;
}

export type DoctorAction =
  | 'enableLink'
  | 'raiseLimit'
  | 'addBuild'
  | 'submitForReview'
  | 'editCriteria'
  | 'pruneTesters'
  | 'createExternalGroup';

export interface DoctorFinding {
  readonly code: string;
  /** `blocked`: nobody can join now. `warning`: will stop, or stops some. */
  readonly severity: 'blocked' | 'warning';
  readonly title: string;
  readonly detail: string;
  /** What mends it. */
  readonly action: DoctorAction;
  /** The build the action is about. */
  readonly buildId?: string;
}

/** Every reason why a link admits nobody, or soon will not, each with what mends it; none means it works. */
export function examineLink(facts: LinkFacts): DoctorFinding[] {
  if (facts.group.isInternalGroup) return [internal(facts)];
  const findings = [
    ...linkOff(facts),
    ...slots(facts),
    ...builds(facts),
    ...criteria(facts),
    ...appLimit(facts),
    ...slotsRunOut(facts),
  ];
  // What keeps everybody out comes before what will.
  const rank = ({ severity }: DoctorFinding) => (severity === 'blocked' ? 0 : 1);
  return findings.sort((a, b) => rank(a) - rank(b));
}

function internal({ group }: LinkFacts): DoctorFinding {
  return blocked(
    'INTERNAL_GROUP',
    'Internal groups have no public link',
    `“${group.name}” is an internal group. Its members are people of your App Store Connect team. A public link needs an external group.`,
    'createExternalGroup',
  );
}

function linkOff({ group }: LinkFacts): DoctorFinding[] {
  if (group.publicLinkEnabled !== false) return [];
  return [
    blocked(
      'LINK_OFF',
      'The link is off',
      'Whoever opens it is told that this beta is not accepting testers.',
      'enableLink',
    ),
  ];
}

function slots({ group }: LinkFacts): DoctorFinding[] {
  const { publicLinkLimitEnabled, publicLinkLimit } = group;
  const used = group.linkTesterCount ?? group.testerCount;
  if (!publicLinkLimitEnabled || publicLinkLimit === null || used === null || used < publicLinkLimit)
    return [];
  const detail = `${formatCount(used)} of ${formatCount(publicLinkLimit)} places are taken.`;
  return [blocked('LIMIT_REACHED', 'The link is full', detail, widening(publicLinkLimit))];
}

/** A link takes no more people than its app: beyond that only fewer testers help. */
function widening(publicLinkLimit: number | null): DoctorAction {
  return (publicLinkLimit ?? 0) < APP_TESTER_LIMIT ? 'raiseLimit' : 'pruneTesters';
}

function builds(facts: LinkFacts): DoctorFinding[] {
  if (facts.builds.length === 0) {
    return [blocked('NO_BUILD', 'The group has no build', 'There is nothing to install yet.', 'addBuild')];
  }
  const alive = facts.builds.filter((build) => !isExpired(build, facts.now));
  if (alive.length === 0) {
    const newest = facts.builds[0];
    const detail = `Every build of the group has expired${newest ? `, last ${newest.label}` : ''}. A build can be tested for ${BUILD_DAYS} days.`;
    return [blocked('BUILDS_EXPIRED', 'All builds have expired', detail, 'addBuild')];
  }
  const known = alive.filter((build) => build.externalBuildState !== null);
  const testable = known.filter((build) => TESTABLE.has(build.externalBuildState ?? ''));
  if (testable.length === 0 && known.length === alive.length) return [notApproved(alive)];
  return expiringSoon(testable.length > 0 ? testable : alive, facts.now);
}

function notApproved(alive: readonly BuildFact[]): DoctorFinding {
  const title = 'No build is approved for external testing';
  const waiting = alive.find((build) => WITH_BETA_REVIEW.includes(build.externalBuildState ?? ''));
  if (waiting) {
    const detail = `${waiting.label} is with beta app review. People can join once it is approved, or at once with a build that is approved already.`;
    return { ...blocked('IN_REVIEW', title, detail, 'addBuild'), buildId: waiting.id };
  }
  const ready = alive.find((build) => build.externalBuildState === 'READY_FOR_BETA_SUBMISSION');
  if (ready) {
    const detail = `${ready.label} can be submitted for beta app review.`;
    return { ...blocked('NOT_SUBMITTED', title, detail, 'submitForReview'), buildId: ready.id };
  }
  const [first] = alive;
  const detail = first ? `${first.label} stands at ${first.externalBuildState ?? 'an unknown state'}.` : '';
  return blocked('NO_APPROVED_BUILD', title, detail, 'addBuild');
}

/** Only when the last of them goes: an older build may expire while a newer one stays. */
function expiringSoon(testable: readonly BuildFact[], now: number): DoctorFinding[] {
  const ends = testable.map((build) => ({ build, at: Date.parse(build.expirationDate ?? '') }));
  if (ends.some(({ at }) => Number.isNaN(at))) return [];
  const last = ends.reduce<(typeof ends)[number] | null>((a, b) => (a && a.at >= b.at ? a : b), null);
  if (!last || last.at - now > EXPIRES_SOON_DAYS * DAY_MS) return [];
  const days = Math.max(0, Math.ceil((last.at - now) / DAY_MS));
  const when = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
  return [
    {
      ...warning(
        'BUILD_EXPIRING',
        `The last build expires ${when}`,
        `After ${last.build.label} there is nothing to install.`,
        'addBuild',
      ),
      buildId: last.build.id,
    },
  ];
}

function criteria(facts: LinkFacts): DoctorFinding[] {
  const filters = facts.criteria ?? [];
  if (filters.length === 0) return [];
  const impossible = impossibleFilters(filters);
  if (impossible.length === filters.length) {
    const detail = `“${criteriaSentence(impossible)}” admits no device: the minimum is newer than the maximum.`;
    return [blocked('CRITERIA_IMPOSSIBLE', 'The criteria admit no device', detail, 'editCriteria')];
  }
  if (facts.hasCompatibleBuild === false) {
    const detail = `No build of the group runs on “${criteriaSentence(filters)}”.`;
    return [blocked('CRITERIA_NO_BUILD', 'The criteria fit no build', detail, 'editCriteria')];
  }
  if (impossible.length > 0) {
    const detail = `“${criteriaSentence(impossible)}” admits no device: the minimum is newer than the maximum.`;
    return [
      warning('CRITERIA_PARTLY_IMPOSSIBLE', 'Part of the criteria admits no device', detail, 'editCriteria'),
    ];
  }
  return [];
}

function appLimit({ externalTesterCount: count }: LinkFacts): DoctorFinding[] {
  if (count === null || count < APP_TESTER_LIMIT * 0.95) return [];
  const detail = `${formatCount(count)} of ${formatCount(APP_TESTER_LIMIT)} external testers of the app are taken.`;
  return count >= APP_TESTER_LIMIT
    ? [blocked('APP_FULL', 'The app has no place for another tester', detail, 'pruneTesters')]
    : [warning('APP_NEARLY_FULL', 'The app is nearly full', detail, 'pruneTesters')];
}

function slotsRunOut({ forecast, group }: LinkFacts): DoctorFinding[] {
  if (!forecast?.day || forecast.isReached || (forecast.daysLeft ?? 0) > FORECAST_DAYS) return [];
  const detail = `At ${(forecast.perDay ?? 0).toFixed(1)} testers a day the places run out on ${formatDate(forecast.day)}.`;
  const days = forecast.daysLeft === 1 ? '1 day' : `${forecast.daysLeft} days`;
  return [warning('SLOTS_RUN_OUT', `Full in ${days}`, detail, widening(group.publicLinkLimit))];
}

function isExpired(build: BuildFact, now: number): boolean {
  if (build.expired || build.externalBuildState === 'EXPIRED') return true;
  const at = Date.parse(build.expirationDate ?? '');
  return !Number.isNaN(at) && at <= now;
}

function blocked(code: string, title: string, detail: string, action: DoctorAction): DoctorFinding {
  return { code, severity: 'blocked', title, detail, action };
}

function warning(code: string, title: string, detail: string, action: DoctorAction): DoctorFinding {
  return { code, severity: 'warning', title, detail, action };
}
