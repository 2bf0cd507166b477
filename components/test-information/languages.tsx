'use client';

import { AddLanguage } from '@/components/texts/add-language';
import { withAdded } from '@/components/texts/edits';
import { LanguageRow } from '@/components/texts/language-row';
import { isSendable } from '@/components/texts/marked-area';
import { SaveBar } from '@/components/texts/save-bar';
import { useTextRows } from '@/components/texts/use-text-rows';
import { Section } from '@/components/ui/section';
import { Badge } from '@/components/ui/status';
import type { TextResource } from '@/lib/browser/texts';
import { languageName, primaryFirst } from '@/lib/format/languages';
import { formatPlural } from '@/lib/format/numbers';
import { LANGUAGE_FIELDS, rowOf } from './information-fields';
import { TextFields } from './text-fields';

/** What testers read before they install, in every language of the app. */
export function Languages({
  appId,
  localizations,
  primaryLocale,
  mayWrite,
}: {
  appId: string;
  localizations: readonly TextResource[];
  primaryLocale: string | null;
  mayWrite: boolean;
}) {
  const rows = localizations.flatMap((one) => {
    const locale = one.attributes?.locale;
    return typeof locale === 'string' ? [rowOf(one, LANGUAGE_FIELDS, locale)] : [];
  });
  const texts = useTextRows({
    type: 'betaAppLocalizations',
    owner: { name: 'app', to: { type: 'apps', id: appId } },
    rows,
    draftKey: `test-information/${appId}`,
    said: (count) => `Test information saved in ${formatPlural(count, 'language')}`,
    isBlankSent: true,
  });
  const { edits, setEdits, changes } = texts;
  const shown = primaryFirst(texts.rows, primaryLocale);
  const isTooLong = changes.some(
    (change) => change.kind !== 'delete' && !isSendable(change.attributes.description ?? '', false),
  );
  return (
    <Section title="What testers read">
      {shown.length === 0 ? (
        <p className="text-ink-soft text-sm">
          No language has test information yet. External testing needs a description and a feedback e-mail.
        </p>
      ) : null}
      <ul aria-label="Languages" className="grid divide-y border-y empty:hidden">
        {shown.map((row) => {
          const isPrimary = row.locale === primaryLocale;
          return (
            <li key={row.locale} className="grid gap-3 py-5">
              <LanguageRow
                row={row}
                texts={texts}
                // App Store Connect keeps the primary language.
                mayRemove={mayWrite && !(isPrimary && row.id !== null)}
                marks={
                  <>
                    {isPrimary ? <Badge>Primary</Badge> : null}
                    {row.id === null ? <Badge>New</Badge> : null}
                  </>
                }
              >
                <fieldset aria-label={languageName(row.locale)} className="min-w-0">
                  <TextFields row={row} fields={LANGUAGE_FIELDS} texts={texts} isDisabled={!mayWrite} />
                </fieldset>
              </LanguageRow>
            </li>
          );
        })}
      </ul>
      {mayWrite ? (
        <>
          <AddLanguage
            used={shown.map(({ locale }) => locale)}
            onAdd={(locale) => setEdits(withAdded(edits, locale))}
          />
          <SaveBar
            texts={texts}
            label={`Save ${formatPlural(changes.length, 'language')}`}
            problem={isTooLong ? 'Shorten the description first: App Store Connect would refuse it.' : null}
            onSave={() => void texts.save()}
          />
        </>
      ) : null}
    </Section>
  );
}
