'use client';

import { Section } from '@/components/ui/section';
import { IMPORT_FIELDS, type ImportField, type ImportMapping, type ImportPreview } from '@/lib/query/import';

const NAMES: Readonly<Record<ImportField, string>> = {
  firstName: 'First name',
  lastName: 'Last name',
  fullName: 'Full name',
  email: 'E-mail',
  groups: 'Groups',
};

/** What each column holds, as guessed, to be put right by hand. */
export function ImportColumns({
  shown,
  onMapping,
  onHeader,
}: {
  shown: Pick<ImportPreview, 'columns' | 'mapping' | 'hasHeader'>;
  onMapping: (mapping: ImportMapping) => void;
  onHeader: (hasHeader: boolean) => void;
}) {
  const assign = (index: number, field: ImportField | '') => {
    const kept = Object.entries(shown.mapping).filter(([name, at]) => at !== index && name !== field);
    onMapping(Object.fromEntries(field === '' ? kept : [...kept, [field, index]]));
  };
  return (
    <Section title="Columns">
      <label className="flex w-fit items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={shown.hasHeader}
          onChange={(event) => onHeader(event.target.checked)}
          className="size-4 accent-accent"
        />
        The first row is a header
      </label>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {shown.columns.map((column) => {
          const name = column.header?.trim() || `Column ${column.index + 1}`;
          return (
            <li
              key={column.index}
              className="grid min-w-0 content-start gap-1.5 rounded-md border p-3 text-sm"
            >
              <bdi className="truncate font-medium">{name}</bdi>
              <select
                aria-label={`${name} holds`}
                value={IMPORT_FIELDS.find((field) => shown.mapping[field] === column.index) ?? ''}
                onChange={(event) => assign(column.index, event.target.value as ImportField | '')}
                className="field h-8 px-2"
              >
                <option value="">Not used</option>
                {IMPORT_FIELDS.map((field) => (
                  <option key={field} value={field}>
                    {NAMES[field]}
                  </option>
                ))}
              </select>
              <p className="truncate text-ink-soft text-xs">
                <bdi>{column.samples.join(', ') || 'empty'}</bdi>
              </p>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
