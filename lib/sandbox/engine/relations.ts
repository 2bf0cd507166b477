/** One edge of the data model, kept on the owner and indexed for the other side. */
export interface Relation {
  owner: string;
  name: string;
  many: boolean;
  target: string;
  inverse: string | null;
  inverseMany: boolean;
  /** The owner is a part of the target and dies with it. */
  part: boolean;
}

export interface Side {
  relation: Relation;
  side: 'owner' | 'inverse';
}

/*
 * owner.name > target.inverse: the owner is part of the target and dies with it; `-` is a mere link; `*` marks a
 * to-many end. Names Apple does not publish (such as `betaRecruitmentCriteria.betaGroup`) are kept but not rendered.
 */
const TABLE = `
betaGroups.app > apps.betaGroups*
betaGroups.builds* - builds.betaGroups*
betaTesters.apps* - apps.betaTesters*
betaTesters.betaGroups* - betaGroups.betaTesters*
betaTesters.builds* - builds.individualTesters*
betaRecruitmentCriteria.betaGroup > betaGroups.betaRecruitmentCriteria
preReleaseVersions.app > apps.preReleaseVersions*
builds.app > apps.builds*
builds.preReleaseVersion > preReleaseVersions.builds*
builds.appEncryptionDeclaration - appEncryptionDeclarations.builds*
builds.appStoreVersion - appStoreVersions.build
appStoreVersions.app > apps.appStoreVersions*
buildBetaDetails.build > builds.buildBetaDetail
betaBuildLocalizations.build > builds.betaBuildLocalizations*
betaAppReviewSubmissions.build > builds.betaAppReviewSubmission
buildIcons.build > builds.icons*
apps.appStoreIcon - buildIcons
buildBundles.build > builds.buildBundles*
buildBundles.appClipDomainCacheStatus - appClipDomainStatuses
buildBundles.appClipDomainDebugStatus - appClipDomainStatuses
buildBundleFileSizes.buildBundle > buildBundles.buildBundleFileSizes*
buildUploads.app > apps.buildUploads*
buildUploads.build - builds.buildUpload
buildUploads.assetFile - buildUploadFiles
buildUploads.assetDescriptionFile - buildUploadFiles
buildUploads.assetSpiFile - buildUploadFiles
buildUploadFiles.buildUpload > buildUploads.buildUploadFiles*
diagnosticSignatures.build > builds.diagnosticSignatures*
betaAppLocalizations.app > apps.betaAppLocalizations*
betaAppReviewDetails.app > apps.betaAppReviewDetail
betaLicenseAgreements.app > apps.betaLicenseAgreement
appEncryptionDeclarations.app > apps.appEncryptionDeclarations*
appEncryptionDeclarationDocuments.appEncryptionDeclaration > appEncryptionDeclarations.appEncryptionDeclarationDocument
appClips.app > apps.appClips*
appClipDefaultExperiences.appClip > appClips.appClipDefaultExperiences*
appClipDefaultExperiences.releaseWithAppStoreVersion - appStoreVersions
appClipDefaultExperienceLocalizations.appClipDefaultExperience > appClipDefaultExperiences.appClipDefaultExperienceLocalizations*
appClipAppStoreReviewDetails.appClipDefaultExperience > appClipDefaultExperiences.appClipAppStoreReviewDetail
appClipAdvancedExperiences.appClip > appClips.appClipAdvancedExperiences*
appClipAdvancedExperiences.headerImage - appClipAdvancedExperienceImages
appClipAdvancedExperienceLocalizations.appClipAdvancedExperience > appClipAdvancedExperiences.localizations*
betaAppClipInvocations.buildBundle > buildBundles.betaAppClipInvocations*
betaAppClipInvocationLocalizations.betaAppClipInvocation > betaAppClipInvocations.betaAppClipInvocationLocalizations*
betaFeedbackCrashSubmissions.app > apps.betaFeedbackCrashSubmissions*
betaFeedbackCrashSubmissions.build - builds
betaFeedbackCrashSubmissions.tester - betaTesters
betaFeedbackScreenshotSubmissions.app > apps.betaFeedbackScreenshotSubmissions*
betaFeedbackScreenshotSubmissions.build - builds
betaFeedbackScreenshotSubmissions.tester - betaTesters
users.visibleApps* - apps
webhooks.app > apps.webhooks*
webhookDeliveries.webhook > webhooks.deliveries*
webhookDeliveries.event - webhookEvents
backgroundAssets.app > apps.backgroundAssets*
backgroundAssets.appStoreVersion - backgroundAssetVersions
backgroundAssets.internalBetaVersion - backgroundAssetVersions
backgroundAssets.externalBetaVersion - backgroundAssetVersions
backgroundAssetVersions.backgroundAsset > backgroundAssets.versions*
backgroundAssetVersions.assetFile - backgroundAssetUploadFiles
backgroundAssetVersions.manifestFile - backgroundAssetUploadFiles
backgroundAssetUploadFiles.backgroundAssetVersion > backgroundAssetVersions.backgroundAssetUploadFiles*
backgroundAssetVersionInternalBetaReleases.backgroundAssetVersion > backgroundAssetVersions.internalBetaRelease
backgroundAssetVersionExternalBetaReleases.backgroundAssetVersion > backgroundAssetVersions.externalBetaRelease
backgroundAssetVersionAppStoreReleases.backgroundAssetVersion > backgroundAssetVersions.appStoreRelease
`;

const LINE = /^(\w+)\.(\w+)(\*?) ([>-]) (\w+)(?:\.(\w+)(\*?))?$/;

function parse(line: string): Relation {
  const match = LINE.exec(line);
  if (!match) throw new Error(`not a relation: ${line}`);
  const [, owner = '', name = '', many, kind, target = '', inverse, inverseMany] = match;
  return {
    owner,
    name,
    many: many === '*',
    target,
    inverse: inverse ?? null,
    inverseMany: inverseMany === '*',
    part: kind === '>',
  };
}

export const RELATIONS: readonly Relation[] = TABLE.trim().split('\n').map(parse);

const sides = new Map<string, Map<string, Side>>();

function register(type: string, name: string, side: Side): void {
  const names = sides.get(type) ?? new Map<string, Side>();
  sides.set(type, names.set(name, side));
}

for (const relation of RELATIONS) {
  register(relation.owner, relation.name, { relation, side: 'owner' });
  if (relation.inverse) register(relation.target, relation.inverse, { relation, side: 'inverse' });
}

function groupedBy(key: 'owner' | 'target'): Map<string, Relation[]> {
  const groups = new Map<string, Relation[]>();
  for (const relation of RELATIONS)
    groups.set(relation[key], [...(groups.get(relation[key]) ?? []), relation]);
  return groups;
}

const ownedBy = groupedBy('owner');
const aimedAt = groupedBy('target');

/** The relation behind a relationship name, from either end; undefined for names the sandbox does not keep. */
export function sideOf(type: string, name: string): Side | undefined {
  return sides.get(type)?.get(name);
}

/** Relations kept on resources of a type. */
export function relationsOwnedBy(type: string): readonly Relation[] {
  return ownedBy.get(type) ?? [];
}

/** Relations of other resources that point at a type. */
export function relationsAimedAt(type: string): readonly Relation[] {
  return aimedAt.get(type) ?? [];
}
