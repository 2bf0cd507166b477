import { type AppModel, appIdAt } from '../app-model';
import { uuidSeries } from '../ids';
import { planOf } from '../plan';
import { cycle, Random } from '../prng';
import type { ProgrammeOptions, Seed } from '../types';
import { OS_RELEASES } from './devices';
import { personAt } from './names';

const ROLES = [
  ['ACCOUNT_HOLDER', 'ADMIN'],
  ['ADMIN'],
  ['APP_MANAGER'],
  ['DEVELOPER'],
  ['MARKETING'],
  ['DEVELOPER', 'CREATE_APPS'],
  ['CUSTOMER_SUPPORT'],
  ['DEVELOPER', 'CLOUD_MANAGED_APP_DISTRIBUTION'],
  ['APP_MANAGER', 'ACCESS_TO_REPORTS'],
] as const;

/** An app as Apple shows it. */
export function appSeed(model: AppModel): Seed {
  const { brand } = model;
  return {
    type: 'apps',
    id: model.id,
    attributes: {
      name: brand.name,
      bundleId: model.bundleId,
      sku: `${brand.slug.toUpperCase()}-${2019 + (model.index % 6)}`,
      primaryLocale: brand.primaryLocale,
      accessibilityUrl: null,
      isOrEverWasMadeForKids: model.index % 17 === 7,
      subscriptionStatusUrl: null,
      subscriptionStatusUrlVersion: null,
      subscriptionStatusUrlForSandbox: null,
      subscriptionStatusUrlVersionForSandbox: null,
      contentRightsDeclaration:
        model.index % 4 === 3 ? 'USES_THIRD_PARTY_CONTENT' : 'DOES_NOT_USE_THIRD_PARTY_CONTENT',
      streamlinedPurchasingEnabled: true,
    },
    relationships: {},
  };
}

/** The people of the team; internal testers are drawn from them by the same addresses. */
export function userSeeds(options: ProgrammeOptions): Seed[] {
  const plan = planOf(options.size);
  const userId = uuidSeries(`${options.seed}/users`);
  return Array.from({ length: plan.users }, (_, n): Seed => {
    const person = personAt(String(options.seed), n);
    const roles = n === 0 ? ROLES[0] : cycle(ROLES.slice(1), n);
    const seesAll = n < 3 || n % 3 === 0 || n < plan.app(0).internalTesters;
    const random = new Random(`${options.seed}/user-apps/${n}`);
    const visible = Array.from({ length: plan.apps }, (_, app) => app).filter(
      (app) => random.chance(0.3) || app === n % plan.apps,
    );
    return {
      type: 'users',
      id: userId(n),
      attributes: {
        username: person.email,
        firstName: person.firstName,
        lastName: person.lastName,
        roles: [...roles],
        allAppsVisible: seesAll,
        provisioningAllowed: roles.some((role) => role === 'ADMIN' || role === 'DEVELOPER'),
      },
      relationships: { visibleApps: seesAll ? [] : visible.map((app) => appIdAt(options, app)) },
    };
  });
}

/** The one list of device families and systems that recruitment criteria may name. */
export function criterionOptionSeed(options: ProgrammeOptions): Seed {
  const versions = (platform: keyof typeof OS_RELEASES) => [
    ...new Set(OS_RELEASES[platform].map(([version]) => version.split('.').slice(0, 2).join('.'))),
  ];
  return {
    type: 'betaRecruitmentCriterionOptions',
    id: uuidSeries(`${options.seed}/criterion-options`)(0),
    attributes: {
      deviceFamilyOsVersions: [
        { deviceFamily: 'IPHONE', osVersions: versions('IOS') },
        { deviceFamily: 'IPAD', osVersions: versions('IOS') },
        { deviceFamily: 'MAC', osVersions: versions('MAC_OS') },
        { deviceFamily: 'APPLE_TV', osVersions: versions('TV_OS') },
        { deviceFamily: 'VISION', osVersions: versions('VISION_OS') },
      ],
    },
    relationships: {},
  };
}
