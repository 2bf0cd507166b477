import { useQuery } from '@tanstack/react-query';
import { useApps } from '@/components/shell/known';
import { testLanguagesOptions } from '@/lib/browser/texts';
import type { ResourceObject } from '@/lib/browser/types';
import { primaryFirst } from '@/lib/format/languages';

/** What to Test of a build by language, by what was read with it, and the languages in which it is missing. */
export function useNoteRows(included: readonly ResourceObject[], appId: string) {
  const primaryLocale = useApps().find(({ id }) => id === appId)?.attributes?.primaryLocale ?? null;
  const languages = useQuery(testLanguagesOptions(appId)).data ?? [];
  const rows = included
    .filter(({ type }) => type === 'betaBuildLocalizations')
    .flatMap(({ id, attributes }) => {
      const { locale, whatsNew } = attributes ?? {};
      const text = typeof whatsNew === 'string' ? whatsNew : '';
      return typeof locale === 'string' ? [{ id, locale, texts: { whatsNew: text } }] : [];
    });
  const missing = languages.filter((locale) => !rows.some((row) => row.locale === locale));
  const shown = primaryFirst(
    [...rows, ...missing.map((locale) => ({ id: null, locale, texts: { whatsNew: '' } }))],
    primaryLocale,
  );
  return { rows, missing, shown, primaryLocale };
}
