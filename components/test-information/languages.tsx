'use client';

import { AddLanguage } from '@/components/texts/add-language';
import { withAdded, withoutRow, withRemoved } from '@/components/texts/edits';
import { isSendable } from '@/components/texts/marked-area';
import { SaveBar } from '@/components/texts/save-bar';
import { useTextRows } from '@/components/texts/use-text-rows';
import { Button } from '@/components/ui/button';
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
  const { edits, setEdits, changes, isSaving } = texts;
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
          const language = languageName(row.locale);
          const isRemoved = edits[row.locale]?.isRemoved === true;
          const isPrimary = row.locale === primaryLocale;
          return (
            <li key={row.locale} className="grid gap-3 py-5">
              <div className="flex min-h-8 flex-wrap items-center gap-2">
                <h3 className="font-medium text-sm">{language}</h3>
                {isPrimary ? <Badge>Primary</Badge> : null}
                {row.id === null ? <Badge>New</Badge> : null}
                {/* App Store Connect keeps the primary language. */}
                {mayWrite && !isRemoved && !(isPrimary && row.id !== null) ? (
                  <Button
                    size="sm"
                    variant="ghost"
                    className="ml-auto"
                    disabled={isSaving}
                    aria-label={`Remove ${language}`}
                    onClick={() => setEdits(withRemoved(edits, row))}
                  >
                    Remove
                  </Button>
                ) : null}
              </div>
              {isRemoved ? (
                <p role="status" className="flex flex-wrap items-center gap-2 text-attention text-sm">
                  {language} will be removed when you save.
                  <Button size="sm" onClick={() => setEdits(withoutRow(edits, row.locale))}>
                    Keep {language}
                  </Button>
                </p>
              ) : (
                <fieldset aria-label={language} className="min-w-0">
                  <TextFields row={row} fields={LANGUAGE_FIELDS} texts={texts} isDisabled={!mayWrite} />
                </fieldset>
              )}
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
