/** What the activity list can be narrowed to: changes of some types, and jobs of some kinds. */
export const ABOUT = {
  testers: {
    types: ['betaTesters', 'betaTesterInvitations', 'testerRecords'],
    jobKinds: [
      'import-testers',
      'restore-testers',
      'resend-invitations',
      'add-to-group',
      'remove-from-group',
      'add-build',
      'remove-build',
      'remove-from-app',
      'delete-testers',
      'prune-testers',
    ],
  },
  groups: {
    types: ['betaGroups', 'betaRecruitmentCriteria'],
    jobKinds: ['clone-group', 'apply-programme', 'add-to-group', 'remove-from-group'],
  },
  builds: {
    types: [
      'builds',
      'buildBetaDetails',
      'betaBuildLocalizations',
      'noteTemplates',
      'shipTemplates',
      'betaAppReviewSubmissions',
      'buildBetaNotifications',
      'appEncryptionDeclarations',
      'appEncryptionDeclarationDocuments',
    ],
    jobKinds: ['add-build', 'remove-build', 'save-notes', 'answer-compliance', 'expire-builds'],
  },
  information: {
    types: [
      'apps',
      'betaAppLocalizations',
      'betaAppReviewDetails',
      'betaLicenseAgreements',
      'betaAppClipInvocations',
      'betaAppClipInvocationLocalizations',
      'programmes',
    ],
    jobKinds: ['apply-programme'],
  },
  feedback: {
    types: [
      'betaFeedbackCrashSubmissions',
      'betaFeedbackScreenshotSubmissions',
      'archive',
      'symbolFiles',
      'issues',
      'issueNotes',
      'feedback',
      'shareLinks',
      'connectors',
      'triageRules',
      'savedReplies',
      'feedbackReplies',
      'feedbackDrawings',
    ],
    jobKinds: [],
  },
  alerts: { types: ['alertRules', 'alertSettings', 'mailServers'], jobKinds: [] },
  health: { types: ['lights', 'digests'], jobKinds: [] },
  webhooks: { types: ['webhooks', 'webhookPings', 'webhookDeliveries'], jobKinds: [] },
  keys: { types: ['accounts', 'encryptionKey', 'machineTokens'], jobKinds: [] },
  // Entries of former versions call users `people`; the word is part of their hash.
  team: { types: ['users', 'people', 'sessions', 'persons', 'auditEntries'], jobKinds: [] },
} as const satisfies Record<string, { types: readonly string[]; jobKinds: readonly string[] }>;

export type About = keyof typeof ABOUT;

/** The words a request may use for {@link ABOUT}. */
export function aboutOf(word: string): (typeof ABOUT)[About] | undefined {
  return Object.hasOwn(ABOUT, word) ? ABOUT[word as About] : undefined;
}
