/** The languages TestFlight takes texts in, by Apple's table of 2025; others are shown as they come. */
export const TEXT_LOCALES: readonly string[] =
  'da de-DE el en-AU en-CA en-GB en-US es-ES es-MX fi fr-CA fr-FR id it ja ko ms nl-NL no pt-BR pt-PT ru sv th tr vi zh-Hans zh-Hant'.split(
    ' ',
  );

const names = new Intl.DisplayNames('en', { type: 'language' });

/** "German (Germany)"; what is no language stays as it is. */
export function languageName(locale: unknown): string {
  if (typeof locale !== 'string') return 'Unknown language';
  try {
    return names.of(locale) ?? locale;
  } catch {
    return locale;
  }
}

/** By language, the app's own first, the others by the name of their language. */
export function primaryFirst<Row extends { readonly locale: string }>(
  rows: readonly Row[],
  primaryLocale: string | null | undefined,
): Row[] {
  const rank = ({ locale }: Row) => Number(locale !== primaryLocale);
  return rows.toSorted(
    (a, b) => rank(a) - rank(b) || languageName(a.locale).localeCompare(languageName(b.locale), 'en'),
  );
}
