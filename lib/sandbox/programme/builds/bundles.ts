import type { AppModel } from '../app-model';
import { isoUtc } from '../dates';
import { type IdSeries, uuidSeries } from '../ids';
import type { Platform } from '../people/devices';
import { iconTemplateOf } from '../pictures/icon';
import { hashWords, mix } from '../prng';
import type { Seed } from '../types';
import type { BuildModel } from './builds';
import { invocationSeeds } from './clips';

const SDK: Record<Platform, readonly [sdk: string, platformBuild: string]> = {
  IOS: ['23C53', '23C53'],
  MAC_OS: ['25C58', '25C58'],
  TV_OS: ['23K50', '23K50'],
  VISION_OS: ['23N300', '23N300'],
};

/** Devices that App Store Connect lists thinned sizes for. */
const SIZED: Record<Platform, readonly string[]> = {
  IOS: ['Universal', 'iPhone18,1', 'iPhone15,4', 'iPad16,3'],
  MAC_OS: ['Universal'],
  TV_OS: ['Universal', 'AppleTV14,1'],
  VISION_OS: ['Universal', 'RealityDevice14,1'],
};

type BundleType = 'APP' | 'APP_CLIP' | 'WATCH_APP';

/** Kinds of bundles a build of this app holds. */
function bundleTypes(model: AppModel, build: BuildModel): BundleType[] {
  if (build.train.platform !== 'IOS') return ['APP'];
  return [
    'APP',
    ...(hasClip(model) ? (['APP_CLIP'] as const) : []),
    ...(model.index % 5 === 3 ? (['WATCH_APP'] as const) : []),
  ];
}

/** One app in three offers an App Clip. */
export function hasClip(model: AppModel): boolean {
  return model.index % 3 === 0 && model.brand.platforms.includes('IOS');
}

export function bundleIdOf(model: AppModel, type: BundleType): string {
  return type === 'APP'
    ? model.bundleId
    : `${model.bundleId}.${type === 'APP_CLIP' ? 'Clip' : 'watchkitapp'}`;
}

function entitlementsOf(model: AppModel, bundleId: string): Record<string, Record<string, string>> {
  return {
    [bundleId]: {
      'application-identifier': `EXAMPLE0ID.${bundleId}`,
      'aps-environment': 'production',
      'beta-reports-active': 'true',
      'com.apple.developer.team-identifier': 'EXAMPLE0ID',
      'com.apple.developer.associated-domains': `appclips:${model.brand.slug}.example.com`,
    },
  };
}

function bundleSeed(
  model: AppModel,
  build: BuildModel,
  type: BundleType,
  id: string,
  statusIds: readonly [cache: string, debug: string],
): Seed {
  const { platform } = build.train;
  const [sdkBuild, platformBuild] = SDK[platform];
  const bundleId = bundleIdOf(model, type);
  const hasStatus = type === 'APP_CLIP';
  return {
    type: 'buildBundles',
    id,
    attributes: {
      bundleId,
      bundleType: type,
      sdkBuild,
      platformBuild,
      fileName: `${model.brand.executable}${type === 'APP_CLIP' ? 'Clip' : ''}.${platform === 'MAC_OS' ? 'pkg' : 'ipa'}`,
      hasSirikit: model.index % 4 === 1,
      hasOnDemandResources: false,
      hasPrerenderedIcon: true,
      usesLocationServices: ['transit', 'weather', 'fitness', 'photo'].includes(model.brand.topic),
      isIosBuildMacAppStoreCompatible: platform === 'IOS' && type === 'APP',
      includesSymbols: build.hasSymbols,
      dSYMUrl: null,
      supportedArchitectures: platform === 'MAC_OS' ? ['arm64', 'x86_64'] : ['arm64'],
      requiredCapabilities: ['arm64'],
      deviceProtocols: [],
      locales: [...new Set(['en', model.brand.primaryLocale, 'de', 'ja'])],
      entitlements: entitlementsOf(model, bundleId),
      baDownloadAllowance: null,
      baMaxInstallSize: null,
      minimumOsVersion: build.minimumOs,
    },
    relationships: {
      build: build.id,
      ...(hasStatus
        ? { appClipDomainCacheStatus: statusIds[0], appClipDomainDebugStatus: statusIds[1] }
        : {}),
    },
  };
}

function fileSizeSeeds(
  build: BuildModel,
  bundleId: string,
  type: BundleType,
  word: number,
  idAt: IdSeries,
  from: number,
): Seed[] {
  const megabytes = type === 'APP' ? 38 + (mix(word, 1) % 160) : 4 + (mix(word, 2) % 9);
  // The app slowly grows from build to build.
  const full = Math.round((megabytes + build.index * 0.15) * 1_048_576);
  return SIZED[build.train.platform].map((deviceModel, i): Seed => {
    const share = deviceModel === 'Universal' ? 1 : 0.55 + (mix(word, i) % 20) / 100;
    return {
      type: 'buildBundleFileSizes',
      id: idAt(from + i),
      attributes: {
        deviceModel,
        osVersion: deviceModel === 'Universal' ? null : build.minimumOs,
        downloadBytes: Math.round(full * share),
        installBytes: Math.round(full * share * 2.3),
      },
      relationships: { buildBundle: bundleId },
    };
  });
}

/** What a domain fails by; builds take turns, so that an app with many shows each. */
const DOMAIN_ERRORS = [
  ...['CANNOT_REACH_AASA_FILE', 'BAD_JSON_CONTENT', 'TLS_ERROR', 'DNS_ERROR', 'TIMEOUT', 'BAD_HTTP_RESPONSE'],
  ...['BAD_PKCS7_SIGNATURE', 'CROSS_SITE_REDIRECTS_FORBIDDEN', 'INSECURE_REDIRECTS_FORBIDDEN'],
  ...['INVALID_ENTITLEMENT_MISSING_SECTION', 'INVALID_ENTITLEMENT_SYNTAX_ERROR', 'NETWORK_ERROR'],
  ...['INVALID_ENTITLEMENT_UNHANDLED_SECTION', 'INVALID_ENTITLEMENT_UNKNOWN_ID', 'NETWORK_ERROR_TEMPORARY'],
  ...['OTHER_ERROR', 'TOO_MANY_REDIRECTS', 'UNEXPECTED_ERROR'],
];

function domainStatus(model: AppModel, build: BuildModel, id: string, isDebug: boolean): Seed {
  const domain = `${model.brand.slug}.example.com`;
  const isBroken = model.index % 6 === 3 || build.index % 2 === 1;
  const errorCode = DOMAIN_ERRORS[(build.index + (isDebug ? 9 : 0)) % DOMAIN_ERRORS.length];
  const when = isoUtc(build.uploadedMs);
  return {
    type: 'appClipDomainStatuses',
    id,
    attributes: {
      domains: [
        { domain, isValid: !isBroken, lastUpdatedDate: when, ...(isBroken ? { errorCode } : {}) },
        { domain: `links.${domain}`, isValid: true, lastUpdatedDate: when },
      ],
      lastUpdatedDate: when,
    },
    relationships: {},
  };
}

function iconSeed(model: AppModel, build: BuildModel, id: string): Seed {
  return {
    type: 'buildIcons',
    id,
    attributes: {
      iconAsset: {
        templateUrl: iconTemplateOf(model),
        width: 1024,
        height: 1024,
      },
      iconType: build.train.platform === 'TV_OS' ? 'TV_OS_HOME_SCREEN' : 'APP_STORE',
      masked: false,
      name: 'AppIcon',
    },
    relationships: { build: build.id },
  };
}

/** Bundles, sizes, icons and App Clip parts of an app's processed builds. */
export function bundleSeeds(model: AppModel): Seed[] {
  const idAt = uuidSeries(`${model.key}/bundles`);
  const [word] = hashWords(`${model.key}/sizes`);
  return model.builds.flatMap((build): Seed[] => {
    if (build.processingState !== 'VALID') return [];
    const first = build.index * 64;
    const parts = bundleTypes(model, build).flatMap((type, i): Seed[] => {
      const id = idAt(first + i);
      const statusIds = [idAt(first + 4), idAt(first + 5)] as const;
      const clip = type === 'APP_CLIP';
      return [
        bundleSeed(model, build, type, id, statusIds),
        ...(build.expired ? [] : fileSizeSeeds(build, id, type, word, idAt, first + 8 + i * 8)),
        ...(clip ? statusIds.map((statusId, n) => domainStatus(model, build, statusId, n === 1)) : []),
        ...(clip && !build.expired ? invocationSeeds(model, id, idAt, first + 40) : []),
      ];
    });
    return [...parts, iconSeed(model, build, idAt(first + 60))];
  });
}
