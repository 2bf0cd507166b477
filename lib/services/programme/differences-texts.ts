import { languageName } from '@/lib/format/languages';
import type { LocalizationInFile, ProgrammeFile } from './file';
import { changesOf, KEPT, type Operation, operation } from './operation';
import { type LiveTexts, type Programme, plainText, type Texts } from './programme';
import { step } from './step';

/** What differs in the test information: languages, what beta review is told, and the licence agreement. */
export function textDifferences(
  { testInformation }: ProgrammeFile,
  programme: Programme,
  isPruned: boolean,
): Operation[] {
  if (!testInformation) return [];
  const { localizations, review, agreementText } = testInformation;
  return [
    ...(localizations ? languages(localizations, programme, isPruned) : []),
    ...texts('betaAppReviewDetails', 'what beta review is told', programme.review, review ?? {}),
    ...texts('betaLicenseAgreements', 'the licence agreement', programme.agreement, { agreementText }),
  ];
}

type Wanted = Readonly<Record<string, string | boolean | null | undefined>>;

/** Those that are named and differ, as they are to be, and as they are. */
function different(now: Texts, wanted: Wanted): { readonly attributes: Texts; readonly expect: Texts } {
  const names = Object.keys(wanted).filter(
    (name) => wanted[name] !== undefined && plainText(wanted[name]) !== plainText(now[name]),
  );
  const of = (values: Wanted) => Object.fromEntries(names.map((name) => [name, plainText(values[name])]));
  return { attributes: of(wanted), expect: of(now) };
}

function texts(
  type: 'betaAppLocalizations' | 'betaAppReviewDetails' | 'betaLicenseAgreements',
  what: string,
  live: LiveTexts | null,
  wanted: Wanted,
): Operation[] {
  if (!live) return [];
  const { attributes, expect } = different(live.values, wanted);
  if (Object.keys(attributes).length === 0) return [];
  return [
    operation('change', `Change ${what}`, {
      changes: changesOf(expect, attributes),
      step: step('update', type, { id: live.id, attributes, expect }),
    }),
  ];
}

function languages(
  wanted: Readonly<Record<string, LocalizationInFile>>,
  { localizations, primaryLocale }: Programme,
  isPruned: boolean,
): Operation[] {
  const of = (locale: string) => `the test information in ${languageName(locale)}`;
  const type = 'betaAppLocalizations';
  const named = Object.entries(wanted).flatMap(([locale, fields]) => {
    const live = localizations.find((one) => one.locale === locale);
    if (live) return texts(type, of(locale), live, fields);
    const { attributes } = different({}, fields);
    return [
      operation('create', `Add ${of(locale)}`, {
        changes: changesOf({}, attributes),
        step: step('create', type, { attributes: { locale, ...attributes } }),
      }),
    ];
  });
  const others = localizations.filter(({ locale }) => !Object.hasOwn(wanted, locale));
  return [
    ...named,
    ...others.map(({ id, locale, values }) => {
      const says = `Delete ${of(locale)}`;
      if (locale === primaryLocale)
        return operation('blocked', says, {
          reason:
            'App Store Connect keeps the app’s primary language. Name it in the file with the texts it is to have.',
        });
      if (!isPruned) return operation('delete', says, { reason: KEPT });
      return operation('delete', says, { step: step('delete', type, { id, expect: { locale, ...values } }) });
    }),
  ];
}
