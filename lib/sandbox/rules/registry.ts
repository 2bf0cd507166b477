import type { LinkRules, TypeRules } from '../engine/world';
import { invocationLocalizationRules, invocationRules } from './app-clips';
import { buildDeclarationRules, buildDetailRules, buildRules, notificationRules } from './builds';
import { declarationRules, documentRules } from './encryption';
import { groupBuildRules } from './group-builds';
import { groupTesterRules } from './group-testers';
import { groupRules } from './groups';
import { appLocalizationRules, buildLocalizationRules } from './localizations';
import { criteriaRules } from './recruitment';
import { reviewDetailRules, submissionRules } from './review';
import { invitationRules, testerAppRules, testerBuildRules, testerRules } from './testers';
import { deliveryRules, pingRules, webhookRules } from './webhooks';

/** Rules by resource type; a type without an entry follows the generic way. */
export const typeRules: Readonly<Record<string, TypeRules>> = {
  appEncryptionDeclarations: declarationRules,
  appEncryptionDeclarationDocuments: documentRules,
  betaAppClipInvocationLocalizations: invocationLocalizationRules,
  betaAppClipInvocations: invocationRules,
  betaAppLocalizations: appLocalizationRules,
  betaAppReviewDetails: reviewDetailRules,
  betaAppReviewSubmissions: submissionRules,
  betaBuildLocalizations: buildLocalizationRules,
  betaGroups: groupRules,
  betaRecruitmentCriteria: criteriaRules,
  betaTesterInvitations: invitationRules,
  betaTesters: testerRules,
  buildBetaDetails: buildDetailRules,
  buildBetaNotifications: notificationRules,
  builds: buildRules,
  webhookDeliveries: deliveryRules,
  webhookPings: pingRules,
  webhooks: webhookRules,
};

/** Rules by relation, named from its owning end. */
export const linkRules: Readonly<Record<string, LinkRules>> = {
  'betaGroups.builds': groupBuildRules,
  'betaTesters.apps': testerAppRules,
  'betaTesters.betaGroups': groupTesterRules,
  'betaTesters.builds': testerBuildRules,
  'builds.appEncryptionDeclaration': buildDeclarationRules,
};
