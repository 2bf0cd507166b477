import type { AppModel } from './app-model';
import { backgroundAssetSeeds } from './builds/background-assets';
import type { BuildModel } from './builds/builds';
import { bundleSeeds, hasClip } from './builds/bundles';
import { clipSeeds } from './builds/clips';
import { storeVersionIdOf, storeVersionSeeds } from './builds/store-versions';
import { declarationIdOf, testInformationSeeds } from './builds/test-information';
import { uploadSeeds } from './builds/uploads';
import { whatsNewSeeds } from './builds/whats-new';
import { signatureSeeds } from './crashes/diagnostics';
import { isoPacific, isoUtc } from './dates';
import { uuidSeries } from './ids';
import { groupSeeds } from './people/groups';
import { iconTemplateOf } from './pictures/icon';
import type { Seed } from './types';

function buildSeed(model: AppModel, build: BuildModel): Seed {
  const { platform } = build.train;
  const isIos = platform === 'IOS';
  return {
    type: 'builds',
    id: build.id,
    attributes: {
      version: build.number,
      uploadedDate: isoPacific(build.uploadedMs),
      expirationDate: isoPacific(build.expiresMs),
      expired: build.expired,
      minOsVersion: build.minimumOs,
      lsMinimumSystemVersion: platform === 'MAC_OS' ? build.minimumOs : null,
      computedMinMacOsVersion: isIos ? '14.0' : null,
      computedMinVisionOsVersion: isIos ? '1.0' : null,
      iconAssetToken:
        build.processingState === 'VALID'
          ? {
              templateUrl: iconTemplateOf(model),
              width: 1024,
              height: 1024,
            }
          : null,
      processingState: build.processingState,
      buildAudienceType: build.audience,
      usesNonExemptEncryption: build.usesNonExemptEncryption,
    },
    relationships: {
      app: model.id,
      preReleaseVersion: build.train.id,
      appEncryptionDeclaration: declarationIdOf(model, build),
      appStoreVersion: storeVersionIdOf(model, build),
    },
  };
}

function reviewSeeds(model: AppModel): Seed[] {
  const submissionId = uuidSeries(`${model.key}/review-submissions`);
  return model.builds.flatMap((build): Seed[] =>
    build.review === null || build.submittedMs === null
      ? []
      : [
          {
            type: 'betaAppReviewSubmissions',
            id: submissionId(build.index),
            attributes: { betaReviewState: build.review, submittedDate: isoUtc(build.submittedMs) },
            relationships: { build: build.id },
          },
        ],
  );
}

function betaDetailSeeds(model: AppModel): Seed[] {
  const detailId = uuidSeries(`${model.key}/beta-details`);
  return model.builds.map((build) => ({
    type: 'buildBetaDetails',
    id: detailId(build.index),
    attributes: {
      autoNotifyEnabled: build.autoNotify,
      internalBuildState: build.internal,
      externalBuildState: build.external,
    },
    relationships: { build: build.id },
  }));
}

/** Everything of one app but testers and feedback. */
export function appSeeds(model: AppModel): Seed[] {
  return [
    ...model.groups.flatMap((group) => groupSeeds(model.id, group)),
    ...model.trains.map(
      (train): Seed => ({
        type: 'preReleaseVersions',
        id: train.id,
        attributes: { version: train.version, platform: train.platform },
        relationships: { app: model.id },
      }),
    ),
    ...testInformationSeeds(model),
    ...storeVersionSeeds(model),
    ...model.builds.map((build) => buildSeed(model, build)),
    ...betaDetailSeeds(model),
    ...reviewSeeds(model),
    ...whatsNewSeeds(model),
    ...bundleSeeds(model),
    ...(hasClip(model) ? clipSeeds(model) : []),
    ...uploadSeeds(model),
    ...signatureSeeds(model),
    ...backgroundAssetSeeds(model),
  ];
}
