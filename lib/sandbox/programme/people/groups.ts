import { type BuildModel, hasAutomaticTeam, isInside, isOutside } from '../builds/builds';
import { DAY_MS, isoUtc } from '../dates';
import { uuidSeries } from '../ids';
import type { AppPlan } from '../plan';
import { cycle, hashWords, Random } from '../prng';
import type { Seed } from '../types';
import type { DeviceFamily } from './devices';

export interface OsRange {
  deviceFamily: DeviceFamily;
  minimumOsInclusive: string;
  maximumOsInclusive?: string;
}

/** One group and the stretch of the app's testers it holds (see `testers.ts`). */
export interface GroupModel {
  id: string;
  index: number;
  name: string;
  isInternal: boolean;
  hasAllBuilds: boolean;
  link: { id: string; enabled: boolean; limit: number | null } | null;
  feedbackEnabled: boolean;
  createdMs: number;
  builds: readonly BuildModel[];
  criteria: readonly OsRange[] | null;
  /** First tester and the one after the last, among those who belong here first of all. */
  from: number;
  to: number;
}

/** What a kind of group is like; apps use them from the top. */
interface Template {
  names: readonly string[];
  kind: 'team' | 'manual' | 'closed' | 'open' | 'waiting';
  weight: number;
  criteria?: readonly OsRange[];
  limit?: number | null;
}

const TEMPLATES: readonly Template[] = [
  { names: ['App Store Connect Users', 'Core Team', 'Everyone at HQ'], kind: 'team', weight: 0 },
  {
    names: ['Public Beta', 'Early Access', 'Open Beta', '早期アクセス', 'Bêta publique'],
    kind: 'open',
    weight: 52,
    limit: 10_000,
  },
  {
    names: ['Long-time Customers', 'Friends & Family', 'Stammkunden', 'Бета-тестеры'],
    kind: 'closed',
    weight: 22,
  },
  { names: ['QA Rotation', 'Release Captains', 'Night Build QA'], kind: 'manual', weight: 0 },
  { names: ['Press and Partners', 'Agency Review', 'Accessibility Panel'], kind: 'waiting', weight: 6 },
  {
    names: ['Newest Phones Only', 'iPhone on iOS 26', 'Neue Geräte'],
    kind: 'open',
    weight: 10,
    criteria: [{ deviceFamily: 'IPHONE', minimumOsInclusive: '26.0' }],
    limit: null,
  },
  {
    names: ['Tablet Pilot', 'iPad Classroom', 'مختبرو الآيباد'],
    kind: 'open',
    weight: 5,
    criteria: [
      { deviceFamily: 'IPAD', minimumOsInclusive: '18.0', maximumOsInclusive: '26.3' },
      { deviceFamily: 'IPHONE', minimumOsInclusive: '26.1' },
    ],
    limit: 500,
  },
  { names: ['<b>VIP</b> & "Gold"', '=SUM(Insiders)', 'Lisbon \u202Etolip'], kind: 'closed', weight: 3 },
  {
    names: ['Conference 2025 (closed)', 'Summer Campaign', 'Hackathon'],
    kind: 'open',
    weight: 4,
    limit: null,
  },
  { names: ['Translators', 'Übersetzerinnen und Übersetzer'], kind: 'closed', weight: 3 },
  { names: ['Support Agents', 'Customer Care'], kind: 'closed', weight: 2 },
  { names: ['Crash Hunters', 'Performance Lab'], kind: 'closed', weight: 2 },
];

interface Setting {
  key: string;
  index: number;
  plan: AppPlan;
  builds: readonly BuildModel[];
  epochMs: number;
}

/** The first tester who belongs to no group. */
export function looseFrom(plan: AppPlan): number {
  return plan.testers - plan.looseTesters;
}

function buildsFor(kind: Template['kind'], position: number, builds: readonly BuildModel[]): BuildModel[] {
  if (kind === 'team') return builds.filter(isInside);
  if (kind === 'manual') return builds.filter((build) => isInside(build) && build.index % 2 === 0);
  const shared = builds.filter((build) => isOutside(build));
  // Groups that wait hold only what has not passed review yet.
  const pending = builds.filter(
    (build) => build.external === 'WAITING_FOR_BETA_REVIEW' || build.external === 'IN_BETA_REVIEW',
  );
  if (kind === 'waiting') return pending;
  const newest = shared.slice(-1);
  const some = shared.filter((build) => build.index % 5 !== position % 5);
  return [...new Set([...some, ...newest])];
}

function linkFor(template: Template, setting: Setting, index: number, members: number): GroupModel['link'] {
  if (template.kind !== 'open') return null;
  const random = new Random(`${setting.key}/link/${index}`);
  const id = Array.from({ length: 8 }, () =>
    random.pick([...'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789']),
  ).join('');
  const isClosed = template.names[0]?.includes('closed') ?? false;
  // The campaign link is full to the last place; the others have room.
  const limit = template.limit === 500 ? Math.min(10_000, Math.max(1, members)) : (template.limit ?? null);
  return { id, enabled: !isClosed, limit };
}

/** Where an app is too small for a group with criteria of its own, a group without a link has been given some. */
function criteriaOfSmall({ plan, index }: Setting, { kind }: Template): GroupModel['criteria'] {
  const hasOwn = TEMPLATES.slice(0, plan.groups).some(({ criteria }) => criteria !== undefined);
  if (kind !== 'closed' || hasOwn || index % 2 === 0) return null;
  return [
    { deviceFamily: 'IPHONE', minimumOsInclusive: '18.0' },
    { deviceFamily: 'IPAD', minimumOsInclusive: '18.0' },
  ];
}

/** Decides an app's groups, their builds and which stretch of testers each holds. */
export function layOutGroups(setting: Setting): GroupModel[] {
  const { key, index: app, plan, builds, epochMs } = setting;
  const groupId = uuidSeries(`${key}/betaGroups`);
  const [word] = hashWords(`${key}/groups`);
  const templates = TEMPLATES.slice(0, plan.groups);
  const weights = templates.reduce((sum, template) => sum + template.weight, 0);
  const outsiders = looseFrom(plan) - plan.internalTesters;
  let weightBefore = 0;
  return templates.map((template, index): GroupModel => {
    const isInternal = template.kind === 'team' || template.kind === 'manual';
    const edge = (weight: number) => plan.internalTesters + Math.round((outsiders * weight) / weights);
    const [from, to] =
      template.kind === 'team'
        ? [0, plan.internalTesters]
        : [edge(weightBefore), edge(weightBefore + template.weight)];
    weightBefore += template.weight;
    return {
      id: groupId(index),
      index,
      name: cycle(template.names, app),
      isInternal,
      hasAllBuilds: template.kind === 'team' && hasAutomaticTeam(app),
      link: linkFor(template, setting, index, to - from),
      feedbackEnabled: index !== 9,
      createdMs: epochMs - (plan.buildSpanDays - index * 7 - (word % 5)) * DAY_MS,
      builds: buildsFor(template.kind, index, builds),
      criteria: template.criteria ?? criteriaOfSmall(setting, template),
      from,
      to,
    };
  });
}

/** A group as Apple shows it, with its criteria where it has some. */
export function groupSeeds(appId: string, group: GroupModel): Seed[] {
  const criteriaId = uuidSeries(`${group.id}/criteria`)(0);
  const link = group.isInternal ? null : group.link;
  const seeds: Seed[] = [
    {
      type: 'betaGroups',
      id: group.id,
      attributes: {
        name: group.name,
        createdDate: isoUtc(group.createdMs),
        isInternalGroup: group.isInternal,
        hasAccessToAllBuilds: group.hasAllBuilds,
        publicLinkEnabled: group.isInternal ? null : (link?.enabled ?? false),
        publicLinkId: link?.id ?? null,
        publicLinkLimitEnabled: group.isInternal ? null : link?.limit != null,
        publicLinkLimit: link?.limit ?? null,
        publicLink: link?.enabled ? `https://testflight.apple.com/join/${link.id}` : null,
        feedbackEnabled: group.feedbackEnabled,
        iosBuildsAvailableForAppleSiliconMac: group.index % 3 !== 2,
        iosBuildsAvailableForAppleVision: group.index % 2 === 0,
      },
      relationships: {
        app: appId,
        builds: group.builds.map((build) => build.id),
      },
    },
  ];
  if (group.criteria) {
    seeds.push({
      type: 'betaRecruitmentCriteria',
      id: criteriaId,
      attributes: {
        lastModifiedDate: isoUtc(group.createdMs + 3 * DAY_MS),
        deviceFamilyOsVersionFilters: group.criteria.map((range) => ({ ...range })),
      },
      relationships: { betaGroup: group.id },
    });
  }
  return seeds;
}
