import type {
  App,
  AppClip,
  AppClipAdvancedExperience,
  AppClipDefaultExperience,
  AppClipDomainStatus,
  AppEncryptionDeclaration,
  AppEncryptionDeclarationCreateRequest,
  AppEncryptionDeclarationDocument,
  AppEncryptionDeclarationDocumentCreateRequest,
  AppEncryptionDeclarationDocumentUpdateRequest,
  AppStoreVersion,
  BackgroundAsset,
  BackgroundAssetVersion,
  BackgroundAssetVersionExternalBetaRelease,
  BackgroundAssetVersionInternalBetaRelease,
  BetaAppClipInvocation,
  BetaAppClipInvocationCreateRequest,
  BetaAppClipInvocationLocalization,
  BetaAppClipInvocationLocalizationCreateRequest,
  BetaAppClipInvocationLocalizationUpdateRequest,
  BetaAppClipInvocationUpdateRequest,
  BetaAppLocalization,
  BetaAppLocalizationCreateRequest,
  BetaAppLocalizationUpdateRequest,
  BetaAppReviewDetail,
  BetaAppReviewDetailUpdateRequest,
  BetaAppReviewSubmission,
  BetaAppReviewSubmissionCreateRequest,
  BetaBuildLocalization,
  BetaBuildLocalizationCreateRequest,
  BetaBuildLocalizationUpdateRequest,
  BetaCrashLog,
  BetaFeedbackCrashSubmission,
  BetaFeedbackScreenshotSubmission,
  BetaGroup,
  BetaGroupCreateRequest,
  BetaGroupUpdateRequest,
  BetaLicenseAgreement,
  BetaLicenseAgreementUpdateRequest,
  BetaRecruitmentCriterion,
  BetaRecruitmentCriterionCompatibleBuildCheck,
  BetaRecruitmentCriterionCreateRequest,
  BetaRecruitmentCriterionOption,
  BetaRecruitmentCriterionUpdateRequest,
  BetaTester,
  BetaTesterCreateRequest,
  BetaTesterInvitation,
  BetaTesterInvitationCreateRequest,
  Build,
  BuildBetaDetail,
  BuildBetaDetailUpdateRequest,
  BuildBetaNotification,
  BuildBetaNotificationCreateRequest,
  BuildBundle,
  BuildBundleFileSize,
  BuildIcon,
  BuildUpdateRequest,
  BuildUpload,
  BuildUploadFile,
  DiagnosticSignature,
  PrereleaseVersion,
  User,
  Webhook,
  WebhookCreateRequest,
  WebhookDelivery,
  WebhookDeliveryCreateRequest,
  WebhookEvent,
  WebhookPing,
  WebhookPingCreateRequest,
  WebhookUpdateRequest,
} from '@rage-against-the-pixel/app-store-connect-api';

/** Apple's published read type of each resource type. */
export interface AppleResources {
  appClipAdvancedExperiences: AppClipAdvancedExperience;
  appClipDefaultExperiences: AppClipDefaultExperience;
  appClipDomainStatuses: AppClipDomainStatus;
  appClips: AppClip;
  appEncryptionDeclarationDocuments: AppEncryptionDeclarationDocument;
  appEncryptionDeclarations: AppEncryptionDeclaration;
  appStoreVersions: AppStoreVersion;
  apps: App;
  backgroundAssetVersionExternalBetaReleases: BackgroundAssetVersionExternalBetaRelease;
  backgroundAssetVersionInternalBetaReleases: BackgroundAssetVersionInternalBetaRelease;
  backgroundAssetVersions: BackgroundAssetVersion;
  backgroundAssets: BackgroundAsset;
  betaAppClipInvocationLocalizations: BetaAppClipInvocationLocalization;
  betaAppClipInvocations: BetaAppClipInvocation;
  betaAppLocalizations: BetaAppLocalization;
  betaAppReviewDetails: BetaAppReviewDetail;
  betaAppReviewSubmissions: BetaAppReviewSubmission;
  betaBuildLocalizations: BetaBuildLocalization;
  betaCrashLogs: BetaCrashLog;
  betaFeedbackCrashSubmissions: BetaFeedbackCrashSubmission;
  betaFeedbackScreenshotSubmissions: BetaFeedbackScreenshotSubmission;
  betaGroups: BetaGroup;
  betaLicenseAgreements: BetaLicenseAgreement;
  betaRecruitmentCriteria: BetaRecruitmentCriterion;
  betaRecruitmentCriterionCompatibleBuildChecks: BetaRecruitmentCriterionCompatibleBuildCheck;
  betaRecruitmentCriterionOptions: BetaRecruitmentCriterionOption;
  betaTesterInvitations: BetaTesterInvitation;
  betaTesters: BetaTester;
  buildBetaDetails: BuildBetaDetail;
  buildBetaNotifications: BuildBetaNotification;
  buildBundleFileSizes: BuildBundleFileSize;
  buildBundles: BuildBundle;
  buildIcons: BuildIcon;
  buildUploadFiles: BuildUploadFile;
  buildUploads: BuildUpload;
  builds: Build;
  diagnosticSignatures: DiagnosticSignature;
  preReleaseVersions: PrereleaseVersion;
  users: User;
  webhookDeliveries: WebhookDelivery;
  webhookEvents: WebhookEvent;
  webhookPings: WebhookPing;
  webhooks: Webhook;
}

/** Apple's published create requests. */
export interface AppleCreateRequests {
  appEncryptionDeclarationDocuments: AppEncryptionDeclarationDocumentCreateRequest;
  appEncryptionDeclarations: AppEncryptionDeclarationCreateRequest;
  betaAppClipInvocationLocalizations: BetaAppClipInvocationLocalizationCreateRequest;
  betaAppClipInvocations: BetaAppClipInvocationCreateRequest;
  betaAppLocalizations: BetaAppLocalizationCreateRequest;
  betaAppReviewSubmissions: BetaAppReviewSubmissionCreateRequest;
  betaBuildLocalizations: BetaBuildLocalizationCreateRequest;
  betaGroups: BetaGroupCreateRequest;
  betaRecruitmentCriteria: BetaRecruitmentCriterionCreateRequest;
  betaTesterInvitations: BetaTesterInvitationCreateRequest;
  betaTesters: BetaTesterCreateRequest;
  buildBetaNotifications: BuildBetaNotificationCreateRequest;
  webhookDeliveries: WebhookDeliveryCreateRequest;
  webhookPings: WebhookPingCreateRequest;
  webhooks: WebhookCreateRequest;
}

/** Apple's published update requests. */
export interface AppleUpdateRequests {
  appEncryptionDeclarationDocuments: AppEncryptionDeclarationDocumentUpdateRequest;
  betaAppClipInvocationLocalizations: BetaAppClipInvocationLocalizationUpdateRequest;
  betaAppClipInvocations: BetaAppClipInvocationUpdateRequest;
  betaAppLocalizations: BetaAppLocalizationUpdateRequest;
  betaAppReviewDetails: BetaAppReviewDetailUpdateRequest;
  betaBuildLocalizations: BetaBuildLocalizationUpdateRequest;
  betaGroups: BetaGroupUpdateRequest;
  betaLicenseAgreements: BetaLicenseAgreementUpdateRequest;
  betaRecruitmentCriteria: BetaRecruitmentCriterionUpdateRequest;
  buildBetaDetails: BuildBetaDetailUpdateRequest;
  builds: BuildUpdateRequest;
  webhooks: WebhookUpdateRequest;
}
