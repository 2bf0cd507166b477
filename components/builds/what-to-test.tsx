import { useApps } from '@/components/shell/use-apps';
import { Section } from '@/components/ui/section';
import type { ResourceObject } from '@/lib/browser/types';

/** The texts of a build in every language, the app's own language first. */
export function WhatToTest({ included, appId }: { included: readonly ResourceObject[]; appId: string }) {
  const primaryLocale = useApps().find(({ id }) => id === appId)?.attributes?.primaryLocale;
  const texts = primaryFirst(
    included.filter((one) => one.type === 'betaBuildLocalizations'),
    primaryLocale,
  );
  return (
    <Section title="What to Test">
      {texts.length === 0 ? (
        <p className="text-ink-soft text-sm">No text has been written for this build.</p>
      ) : (
        <ul className="grid gap-5">
          {texts.map(({ id, attributes }) => (
            <li key={id} className="grid gap-1">
              <h3 className="font-medium text-ink-soft text-sm">{languageName(attributes?.locale)}</h3>
              {typeof attributes?.whatsNew === 'string' && attributes.whatsNew ? (
                <p dir="auto" className="max-w-prose whitespace-pre-wrap break-words text-base">
                  {attributes.whatsNew}
                </p>
              ) : (
                <p className="text-ink-faint text-sm">Empty</p>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function languageName(locale: unknown): string {
  if (typeof locale !== 'string') return 'Unknown language';
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}

/** Localizations with the app's primary locale first, the others by the name of their language. */
export function primaryFirst<Text extends ResourceObject>(
  texts: readonly Text[],
  primaryLocale: string | null | undefined,
): Text[] {
  const rank = ({ attributes }: Text) => Number(attributes?.locale !== primaryLocale);
  const name = ({ attributes }: Text) => languageName(attributes?.locale);
  return texts.toSorted((a, b) => rank(a) - rank(b) || name(a).localeCompare(name(b), 'en'));
}
