import type { ResourceType } from '@/lib/asc/catalogue/types';
import { WEBHOOK_EVENT_TYPE } from '@/lib/asc/catalogue/values';

// Apple's notation for an id made by the client, not a template.
const LOCAL_ID = ['$', '{local-1}'].join('');

const one = (type: string) => ({ data: { type, id: '1' } });
const many = (type: string) => ({ data: [{ type, id: '1' }] });

const TEST_INFORMATION = {
  description: 'What this app does.',
  feedbackEmail: 'beta@example.com',
  marketingUrl: 'https://example.com',
  privacyPolicyUrl: null,
  tvOsPrivacyPolicy: null,
};
const FILTERS = [{ deviceFamily: 'IPHONE', minimumOsInclusive: '17.0', maximumOsInclusive: '18.4' }];
const HOOK = { name: 'Flightdeck', url: 'https://example.com/hook', secret: 's', enabled: true };

/** For every type that can be written: the least and the most one may send. */
export const WRITABLE: Partial<Record<ResourceType, { create?: unknown[]; update?: unknown[] }>> = {
  appEncryptionDeclarationDocuments: {
    create: [
      {
        attributes: { fileName: 'a.pdf', fileSize: 9 },
        relationships: { appEncryptionDeclaration: one('appEncryptionDeclarations') },
      },
    ],
    update: [{ attributes: {} }, { attributes: { uploaded: true, sourceFileChecksum: 'abc' } }],
  },
  appEncryptionDeclarations: {
    create: [
      {
        attributes: {
          appDescription: 'An app.',
          containsProprietaryCryptography: false,
          containsThirdPartyCryptography: true,
          availableOnFrenchStore: true,
        },
        relationships: { app: one('apps') },
      },
    ],
  },
  betaAppClipInvocationLocalizations: {
    create: [
      {
        attributes: { title: 'T', locale: 'en-US' },
        relationships: { betaAppClipInvocation: one('betaAppClipInvocations') },
      },
    ],
    update: [{ attributes: { title: 'T' } }],
  },
  betaAppClipInvocations: {
    create: [
      {
        attributes: { url: 'https://example.com/clip' },
        relationships: {
          buildBundle: one('buildBundles'),
          betaAppClipInvocationLocalizations: {
            data: [{ type: 'betaAppClipInvocationLocalizations', id: LOCAL_ID }],
          },
        },
        included: [
          {
            type: 'betaAppClipInvocationLocalizations',
            id: LOCAL_ID,
            attributes: { title: 'T', locale: 'en-US' },
          },
        ],
      },
    ],
    update: [{ attributes: { url: 'https://example.com/other' } }],
  },
  betaAppLocalizations: {
    create: [
      { attributes: { locale: 'de-DE' }, relationships: { app: one('apps') } },
      { attributes: { ...TEST_INFORMATION, locale: 'de-DE' }, relationships: { app: one('apps') } },
    ],
    update: [{ attributes: {} }, { attributes: TEST_INFORMATION }],
  },
  betaAppReviewDetails: {
    update: [
      {
        attributes: {
          contactFirstName: 'A',
          contactLastName: 'B',
          contactPhone: '+1 1',
          contactEmail: 'a@example.com',
          demoAccountName: null,
          demoAccountPassword: null,
          demoAccountRequired: false,
          notes: '',
        },
      },
    ],
  },
  betaAppReviewSubmissions: { create: [{ relationships: { build: one('builds') } }] },
  betaBuildLocalizations: {
    create: [
      { attributes: { locale: 'ja' }, relationships: { build: one('builds') } },
      { attributes: { locale: 'ja', whatsNew: '新機能' }, relationships: { build: one('builds') } },
    ],
    update: [{ attributes: { whatsNew: null } }, { attributes: { whatsNew: 'New.' } }],
  },
  betaGroups: {
    create: [
      { attributes: { name: 'A' }, relationships: { app: one('apps') } },
      {
        attributes: {
          name: 'A',
          isInternalGroup: false,
          hasAccessToAllBuilds: null,
          publicLinkEnabled: true,
          publicLinkLimitEnabled: true,
          publicLinkLimit: 10_000,
          feedbackEnabled: true,
        },
        relationships: { app: one('apps'), builds: many('builds'), betaTesters: many('betaTesters') },
      },
    ],
    update: [
      { attributes: { name: 'B' } },
      {
        attributes: {
          publicLinkEnabled: false,
          publicLinkLimitEnabled: false,
          publicLinkLimit: null,
          feedbackEnabled: false,
          iosBuildsAvailableForAppleSiliconMac: true,
          iosBuildsAvailableForAppleVision: true,
        },
      },
    ],
  },
  betaLicenseAgreements: { update: [{ attributes: { agreementText: 'Be kind.' } }] },
  betaRecruitmentCriteria: {
    create: [
      {
        attributes: { deviceFamilyOsVersionFilters: FILTERS },
        relationships: { betaGroup: one('betaGroups') },
      },
    ],
    update: [{ attributes: { deviceFamilyOsVersionFilters: FILTERS } }],
  },
  betaTesterInvitations: {
    create: [
      { relationships: { app: one('apps') } },
      { relationships: { app: one('apps'), betaTester: one('betaTesters') } },
    ],
  },
  betaTesters: {
    create: [
      { attributes: { email: 'a@example.com' }, relationships: { betaGroups: many('betaGroups') } },
      {
        attributes: { email: 'a@example.com', firstName: 'Zoë', lastName: null },
        relationships: { builds: many('builds') },
      },
    ],
  },
  buildBetaDetails: { update: [{ attributes: { autoNotifyEnabled: false } }] },
  buildBetaNotifications: { create: [{ relationships: { build: one('builds') } }] },
  builds: {
    update: [
      { attributes: { expired: true } },
      {
        attributes: { usesNonExemptEncryption: true },
        relationships: { appEncryptionDeclaration: one('appEncryptionDeclarations') },
      },
    ],
  },
  webhookDeliveries: { create: [{ relationships: { template: one('webhookDeliveries') } }] },
  webhookPings: { create: [{ relationships: { webhook: one('webhooks') } }] },
  webhooks: {
    create: [
      { attributes: { ...HOOK, eventTypes: [...WEBHOOK_EVENT_TYPE] }, relationships: { app: one('apps') } },
    ],
    update: [
      { attributes: { enabled: false } },
      { attributes: { ...HOOK, eventTypes: ['BUILD_UPLOAD_STATE_UPDATED'] } },
    ],
  },
};
