'use client';

import { SelectField } from '@/components/ui/field';
import { languageName, TEXT_LOCALES } from '@/lib/format/languages';

/** Chooses one of the languages that are not there yet. */
export function AddLanguage({ used, onAdd }: { used: readonly string[]; onAdd: (locale: string) => void }) {
  const offered = TEXT_LOCALES.filter((locale) => !used.includes(locale))
    .map((locale) => [locale, languageName(locale)] as const)
    .toSorted(([, a], [, b]) => a.localeCompare(b, 'en'));
  if (offered.length === 0) return null;
  return (
    <div className="w-64 max-w-full">
      <SelectField label="Add a language" value="" onChange={(event) => onAdd(event.target.value)}>
        <option value="" disabled>
          Choose a language
        </option>
        {offered.map(([locale, name]) => (
          <option key={locale} value={locale}>
            {name}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
