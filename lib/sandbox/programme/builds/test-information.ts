import type { AppModel } from '../app-model';
import { DAY_MS, isoUtc } from '../dates';
import { uuidSeries } from '../ids';
import { personAt } from '../people/names';
import type { Seed } from '../types';
import type { BuildModel } from './builds';

/** What testers read before they install, by language. `{app}` is the app's name. */
const DESCRIPTIONS: Record<string, string> = {
  'en-US':
    '{app} gets a new version every few weeks, and you see it first. Use it as you would every day and shake your phone whenever something is odd. We read every report.',
  'en-GB': '{app} in the making. Please use it as you normally would; report whatever surprises you.',
  'de-DE':
    '{app} erscheint alle paar Wochen neu, und Sie sehen es zuerst. Bitte nutzen Sie die App wie gewohnt und melden Sie alles, was auffällt.',
  'fr-FR':
    'Découvrez {app} avant tout le monde. Utilisez l’app comme d’habitude et signalez-nous tout ce qui vous surprend.',
  'es-ES': 'Prueba {app} antes que nadie y cuéntanos todo lo que te sorprenda.',
  'es-MX': 'Prueba {app} antes que nadie y cuéntanos qué te sorprende.',
  it: 'Prova {app} in anteprima e segnalaci tutto ciò che non va.',
  ja: '{app} の開発中バージョンをいち早くお試しください。気づいた点は何でもお知らせください。',
  ko: '{app}의 새 버전을 먼저 사용해 보시고 이상한 점을 알려 주세요.',
  'pt-BR': 'Teste o {app} antes de todo mundo e conte tudo o que parecer estranho.',
  sv: 'Prova {app} före alla andra och berätta om allt som känns fel.',
  tr: '{app} uygulamasını herkesten önce deneyin ve gördüğünüz her sorunu bildirin.',
  ru: 'Попробуйте {app} раньше всех и сообщайте обо всём, что покажется странным.',
  el: 'Δοκιμάστε το {app} πριν από όλους και πείτε μας ό,τι σας φανεί παράξενο.',
  'zh-Hans': '抢先试用 {app}，有任何异常请告诉我们。',
};
const SECOND_LANGUAGES = ['de-DE', 'fr-FR', 'ja', 'es-ES', 'zh-Hans'];

const LICENCE = [
  'This is pre-release software of {app}. It is provided as it is, may lose what you enter, and expires after ninety days.',
  'By installing it you agree to keep unreleased features to yourself and to send us feedback only that you are entitled to share.',
  'We use your reports, including screenshots and crash logs, to improve the app, and delete them when they are no longer needed.',
];

function localizationSeeds(model: AppModel): Seed[] {
  const { brand } = model;
  const home = DESCRIPTIONS[brand.primaryLocale] ? brand.primaryLocale : 'en-US';
  const second = SECOND_LANGUAGES[model.index % SECOND_LANGUAGES.length] ?? 'de-DE';
  const idAt = uuidSeries(`${model.key}/app-localizations`);
  return [...new Set([home, 'en-US', second])].map((locale, i): Seed => {
    // One app in four has a language that nobody has filled in yet, which blocks beta review.
    const isBlank = i === 2 && model.index % 4 === 2;
    return {
      type: 'betaAppLocalizations',
      id: idAt(i),
      attributes: {
        locale,
        description: isBlank ? null : (DESCRIPTIONS[locale] ?? '').replaceAll('{app}', brand.name),
        feedbackEmail: isBlank ? null : `beta+${brand.slug}@example.com`,
        marketingUrl: model.index % 3 === 2 ? null : `https://${brand.slug}.example.com/`,
        privacyPolicyUrl: `https://${brand.slug}.example.com/privacy`,
        tvOsPrivacyPolicy: brand.platforms.includes('TV_OS')
          ? `${brand.name} stores nothing about you on this device.`
          : null,
      },
      relationships: { app: model.id },
    };
  });
}

function reviewDetailSeed(model: AppModel): Seed {
  const contact = personAt(String(model.options.seed), 2_000_000 + model.index);
  const needsAccount = model.index % 2 === 0;
  return {
    type: 'betaAppReviewDetails',
    id: uuidSeries(`${model.key}/review-detail`)(0),
    attributes: {
      contactFirstName: contact.firstName,
      contactLastName: contact.lastName,
      contactPhone: `+1 555 01${String(10 + model.index).slice(-2)}`,
      contactEmail: `review+${model.brand.slug}@example.com`,
      demoAccountName: needsAccount ? `reviewer@${model.brand.slug}.example.com` : null,
      demoAccountPassword: needsAccount ? `Demo-${model.id.slice(-4)}-only` : null,
      demoAccountRequired: needsAccount,
      notes: needsAccount ? 'The demo account is filled with sample data and is reset every night.' : null,
    },
    relationships: { app: model.id },
  };
}

function licenceSeed(model: AppModel): Seed {
  return {
    type: 'betaLicenseAgreements',
    id: uuidSeries(`${model.key}/licence`)(0),
    attributes: {
      agreementText:
        model.index % 3 === 1 ? null : LICENCE.join('\n\n').replaceAll('{app}', model.brand.name),
    },
    relationships: { app: model.id },
  };
}

/** The states of an app's encryption declarations, newest first. */
function declarationStates({ builds, index }: AppModel): readonly ('IN_REVIEW' | 'APPROVED')[] {
  if (builds.some((build) => build.outcome === 'COMPLIANCE_REVIEW')) return ['IN_REVIEW', 'APPROVED'];
  return index % 4 === 0 ? ['APPROVED'] : [];
}

/** An app's encryption declarations; builds that use encryption point at one (see `declarationIdOf`). */
function declarationSeeds(model: AppModel): Seed[] {
  const idAt = uuidSeries(`${model.key}/declarations`);
  return declarationStates(model).flatMap((state, i): Seed[] => {
    const createdMs = model.options.epochMs - (i * 160 + 5) * DAY_MS;
    const declaration: Seed = {
      type: 'appEncryptionDeclarations',
      id: idAt(i),
      attributes: {
        appDescription: `${model.brand.name} encrypts its backups with AES-256 and talks to its server over TLS.`,
        createdDate: isoUtc(createdMs),
        exempt: false,
        containsProprietaryCryptography: false,
        containsThirdPartyCryptography: true,
        availableOnFrenchStore: true,
        appEncryptionDeclarationState: state,
        codeValue: state === 'APPROVED' ? idAt(100 + i) : null,
      },
      relationships: { app: model.id },
    };
    const paper: Seed = {
      type: 'appEncryptionDeclarationDocuments',
      id: idAt(50 + i),
      attributes: {
        fileName: `encryption-${model.brand.slug}-${i + 1}.pdf`,
        fileSize: 183_204 + model.index * 977,
        sourceFileChecksum: null,
        assetToken: null,
        downloadUrl: null,
        uploadOperations: null,
        assetDeliveryState: { errors: [], warnings: [], state: 'COMPLETE' },
      },
      relationships: { appEncryptionDeclaration: idAt(i) },
    };
    return [declaration, paper];
  });
}

/** The declaration a build that uses encryption points at; null for builds that use none. */
export function declarationIdOf(model: AppModel, build: BuildModel): string | null {
  if (build.usesNonExemptEncryption !== true) return null;
  const state = build.outcome === 'COMPLIANCE_REVIEW' ? 'IN_REVIEW' : 'APPROVED';
  return uuidSeries(`${model.key}/declarations`)(declarationStates(model).indexOf(state));
}

/** What an app says to its testers and reviewers, and its export papers. */
export function testInformationSeeds(model: AppModel): Seed[] {
  return [
    ...localizationSeeds(model),
    reviewDetailSeed(model),
    licenceSeed(model),
    ...declarationSeeds(model),
  ];
}
