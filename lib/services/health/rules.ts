import type { Found, LightKind, LightLevel } from '@/lib/format/lights';
import { formatPlural } from '@/lib/format/numbers';
import { type Ask, DAY_MS } from './ask';
import {
  findFailedSyncs,
  findKeysInTrouble,
  findOldSyncs,
  findRefusedKeys,
  longWithout,
} from './find-accounts';
import { findSlowAdoption } from './find-adoption';
import {
  fallOf,
  findExpiring,
  findInReview,
  findLessStable,
  findMissingCompliance,
  findRejected,
} from './find-builds';
import { findUnread } from './find-feedback';
import { findUnusedGroups } from './find-groups';
import { findFullApps, findFullLinks } from './find-places';
import { findShutLinks } from './find-shut-links';
import { LIMITS } from './limits';

/** How lights of a kind are found, and what is said of why they are lit. */
export interface Rule<Kind extends LightKind = LightKind> {
  readonly kind: Kind;
  /** When it is lit, in a sentence with its threshold. */
  readonly says: string;
  find(ask: Ask): Promise<readonly Found<Kind>[]>;
  level(found: Found<Kind>, ask: Ask): LightLevel;
}

const always = (level: LightLevel) => () => level;
const percent = (share: number) => `${Math.round(share * 100)} %`;
/** Red once it has been so for long enough. */
const olderIsRed =
  (redMs: number) =>
  ({ since }: { readonly since: string | null }, { now }: { readonly now: number }): LightLevel =>
    since !== null && now - Date.parse(since) >= redMs ? 'red' : 'amber';

/** Every rule by its kind, so that the compiler misses none; what testers are kept from first. */
const BY_KIND: { readonly [Kind in LightKind]: Omit<Rule<Kind>, 'kind'> } = {
  key_refused: {
    says: 'App Store Connect does not accept the key, so nothing is read or changed. Apple gives keys no date of expiry.',
    find: findRefusedKeys,
    level: always('red'),
  },
  key_trouble: {
    says: 'App Store Connect does not answer as it should, though the key is not refused.',
    find: findKeysInTrouble,
    level: always('amber'),
  },
  sync_failed: {
    says: 'The last sync of the account failed.',
    find: findFailedSyncs,
    level: always('red'),
  },
  sync_old: {
    says: `The account was last read to the end more than ${LIMITS.sync_old.hours} hours ago; red from ${LIMITS.sync_old.redHours} hours.`,
    find: (ask) => findOldSyncs(ask, LIMITS.sync_old),
    level: ({ facts }, ask) =>
      ask.machineNow - Date.parse(facts.at) >= 2 * longWithout(ask, LIMITS.sync_old.redHours / 2)
        ? 'red'
        : 'amber',
  },
  link_admits_nobody: {
    says: 'A public link is on, and whoever opens it cannot join.',
    find: findShutLinks,
    level: always('red'),
  },
  build_expiring: {
    says: `The last build that testers of a platform have expires within ${LIMITS.build_expiring.days} days, or has; red from ${LIMITS.build_expiring.redDays} days.`,
    find: (ask) => findExpiring(ask, LIMITS.build_expiring),
    level: ({ facts }, { now }) =>
      Date.parse(facts.at) - now < LIMITS.build_expiring.redDays * DAY_MS ? 'red' : 'amber',
  },
  review_rejected: {
    says: 'Beta review refused a build that is newer than what testers have.',
    find: findRejected,
    level: always('red'),
  },
  export_compliance_missing: {
    says: 'A build that is newer than what testers have waits for the answer about encryption.',
    find: findMissingCompliance,
    level: always('amber'),
  },
  crash_free_fell: {
    says: `The share of sessions without a crash fell by ${formatPlural(LIMITS.crash_free_fell.points, 'percentage point')} or more from one build to the next; red from ${LIMITS.crash_free_fell.redPoints}. Both builds have at least ${LIMITS.crash_free_fell.sessions} sessions.`,
    find: (ask) => findLessStable(ask, LIMITS.crash_free_fell),
    level: ({ facts }) =>
      fallOf(facts.newest, facts.former) >= LIMITS.crash_free_fell.redPoints ? 'red' : 'amber',
  },
  review_waiting: {
    says: `A build has been with beta review for ${LIMITS.review_waiting.days} days or more; red from ${LIMITS.review_waiting.redDays}.`,
    find: (ask) => findInReview(ask, LIMITS.review_waiting),
    level: olderIsRed(LIMITS.review_waiting.redDays * DAY_MS),
  },
  testers_nearly_full: {
    says: `${percent(LIMITS.testers_nearly_full.share)} of the external testers an app may have are there, or by their trend all will be within ${LIMITS.testers_nearly_full.days} days; red when it is full.`,
    find: (ask) => findFullApps(ask, LIMITS.testers_nearly_full),
    level: ({ facts }) => (facts.used >= facts.limit ? 'red' : 'amber'),
  },
  link_nearly_full: {
    says: `${percent(LIMITS.link_nearly_full.share)} of a public link’s places are taken, or by their trend all will be within ${LIMITS.link_nearly_full.days} days.`,
    // A full link admits nobody, which another rule says with every reason.
    find: async (ask) =>
      (await findFullLinks(ask, LIMITS.link_nearly_full)).filter(({ facts }) => facts.used < facts.limit),
    level: always('amber'),
  },
  feedback_unread: {
    says: `Feedback has waited for somebody to look at it for ${LIMITS.feedback_unread.days} days or more; red from ${LIMITS.feedback_unread.redDays}.`,
    find: (ask) => findUnread(ask, LIMITS.feedback_unread),
    level: olderIsRed(LIMITS.feedback_unread.redDays * DAY_MS),
  },
  adoption_slow: {
    says: `Fewer than ${percent(LIMITS.adoption_slow.share)} of the devices have the newest build ${LIMITS.adoption_slow.days} days after it was uploaded; at least ${LIMITS.adoption_slow.devices} devices are known.`,
    find: (ask) => findSlowAdoption(ask, LIMITS.adoption_slow),
    level: always('amber'),
  },
  group_unused: {
    says: `A group with testers, older than ${LIMITS.group_unused.days} days, has no build, or none of its testers opened the app in that time.`,
    find: (ask) => findUnusedGroups(ask, LIMITS.group_unused),
    level: always('amber'),
  },
};

/** Every rule; of two lights of one level the one of the earlier rule comes first. */
export const RULES = Object.entries(BY_KIND).map(([kind, rule]) => ({ kind, ...rule })) as readonly {
  readonly [Kind in LightKind]: Rule<Kind>;
}[LightKind][];
