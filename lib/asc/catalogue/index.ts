import { appClipAdvancedExperiences } from './app-clip-advanced-experiences';
import { appClipDefaultExperiences } from './app-clip-default-experiences';
import { appClipDomainStatuses } from './app-clip-domain-statuses';
import { appClips } from './app-clips';
import { appEncryptionDeclarationDocuments } from './app-encryption-declaration-documents';
import { appEncryptionDeclarations } from './app-encryption-declarations';
import { appStoreVersions } from './app-store-versions';
import { apps } from './apps';
import { backgroundAssetVersionExternalBetaReleases } from './background-asset-version-external-beta-releases';
import { backgroundAssetVersionInternalBetaReleases } from './background-asset-version-internal-beta-releases';
import { backgroundAssetVersions } from './background-asset-versions';
import { backgroundAssets } from './background-assets';
import { betaAppClipInvocationLocalizations } from './beta-app-clip-invocation-localizations';
import { betaAppClipInvocations } from './beta-app-clip-invocations';
import { betaAppLocalizations } from './beta-app-localizations';
import { betaAppReviewDetails } from './beta-app-review-details';
import { betaAppReviewSubmissions } from './beta-app-review-submissions';
import { betaBuildLocalizations } from './beta-build-localizations';
import { betaCrashLogs } from './beta-crash-logs';
import { betaFeedbackCrashSubmissions } from './beta-feedback-crash-submissions';
import { betaFeedbackScreenshotSubmissions } from './beta-feedback-screenshot-submissions';
import { betaGroups } from './beta-groups';
import { betaLicenseAgreements } from './beta-license-agreements';
import { betaRecruitmentCriteria } from './beta-recruitment-criteria';
import { betaRecruitmentCriterionCompatibleBuildChecks } from './beta-recruitment-criterion-compatible-build-checks';
import { betaRecruitmentCriterionOptions } from './beta-recruitment-criterion-options';
import { betaTesterInvitations } from './beta-tester-invitations';
import { betaTesters } from './beta-testers';
import { buildBetaDetails } from './build-beta-details';
import { buildBetaNotifications } from './build-beta-notifications';
import { buildBundleFileSizes } from './build-bundle-file-sizes';
import { buildBundles } from './build-bundles';
import { buildIcons } from './build-icons';
import { buildUploadFiles } from './build-upload-files';
import { buildUploads } from './build-uploads';
import { builds } from './builds';
import { diagnosticSignatures } from './diagnostic-signatures';
import { preReleaseVersions } from './pre-release-versions';
import type { CatalogueEntry, ResourceType } from './types';
import { users } from './users';
import { webhookDeliveries } from './webhook-deliveries';
import { webhookEvents } from './webhook-events';
import { webhookPings } from './webhook-pings';
import { webhooks } from './webhooks';

/** Every resource type of the surface and what may be done with it. Closed: what is not here does not exist. */
export const catalogue = {
  appClipAdvancedExperiences,
  appClipDefaultExperiences,
  appClipDomainStatuses,
  appClips,
  appEncryptionDeclarationDocuments,
  appEncryptionDeclarations,
  appStoreVersions,
  apps,
  backgroundAssetVersionExternalBetaReleases,
  backgroundAssetVersionInternalBetaReleases,
  backgroundAssetVersions,
  backgroundAssets,
  betaAppClipInvocationLocalizations,
  betaAppClipInvocations,
  betaAppLocalizations,
  betaAppReviewDetails,
  betaAppReviewSubmissions,
  betaBuildLocalizations,
  betaCrashLogs,
  betaFeedbackCrashSubmissions,
  betaFeedbackScreenshotSubmissions,
  betaGroups,
  betaLicenseAgreements,
  betaRecruitmentCriteria,
  betaRecruitmentCriterionCompatibleBuildChecks,
  betaRecruitmentCriterionOptions,
  betaTesterInvitations,
  betaTesters,
  buildBetaDetails,
  buildBetaNotifications,
  buildBundleFileSizes,
  buildBundles,
  buildIcons,
  buildUploadFiles,
  buildUploads,
  builds,
  diagnosticSignatures,
  preReleaseVersions,
  users,
  webhookDeliveries,
  webhookEvents,
  webhookPings,
  webhooks,
} as const satisfies { readonly [T in ResourceType]: CatalogueEntry & { readonly type: T } };

export type Catalogue = typeof catalogue;

/** Whether a word from outside (a URL segment, a document's `type`) is one of ours. */
export function isResourceType(word: string): word is ResourceType {
  return Object.hasOwn(catalogue, word);
}

/** The entry of a type as plain facts, for code that treats all types alike. */
export function entryOf(type: ResourceType): CatalogueEntry {
  return catalogue[type];
}
