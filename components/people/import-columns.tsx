'use client';

import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/section';
import type { ImportColumn, ImportField, ImportMapping, ImportPreview } from '@/lib/browser/import';
import { formatPlural } from '@/lib/format/numbers';

const NAMES: Readonly<Record<ImportField, string>> = {
  firstName: 'First name',
  lastName: 'Last name',
  fullName: 'Full name',
  email: 'E-mail',
  otherEmail: 'E-mail where the first is empty',
  groups: 'Groups',
  groupIds: 'Group ids',
};

const FIELDS = Object.keys(NAMES) as ImportField[];

export type ShownColumns = Pick<ImportPreview, 'columns' | 'mapping' | 'hasHeader'> &
  Partial<Pick<ImportPreview, 'addresses' | 'skippedLines'>>;

/** What each column holds, as guessed and why, to be put right by hand. */
export function ImportColumns({
  shown,
  onMapping,
  onHeader,
}: {
  shown: ShownColumns;
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
        There is a row with headers
      </label>
      {shown.skippedLines?.length ? (
        <p className="text-ink-soft text-sm">
          Not read, as {shown.skippedLines.length === 1 ? 'a title or comment' : 'titles or comments'}: line{' '}
          {shown.skippedLines.slice(0, 10).join(', ')}
          {shown.skippedLines.length > 10 ? ' …' : ''}.
        </p>
      ) : null}
      {shown.addresses ? <Addresses shown={shown} addresses={shown.addresses} onMapping={onMapping} /> : null}
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {shown.columns.map((column) => (
          <Column
            key={column.index}
            column={column}
            field={FIELDS.find((field) => shown.mapping[field] === column.index) ?? ''}
            onField={(field) => assign(column.index, field)}
          />
        ))}
      </ul>
    </Section>
  );
}

function Column({
  column,
  field,
  onField,
}: {
  column: ImportColumn;
  field: ImportField | '';
  onField: (field: ImportField | '') => void;
}) {
  const name = nameOf(column);
  return (
    <li className="grid min-w-0 content-start gap-1.5 rounded-md border p-3 text-sm">
      <bdi className="truncate font-medium" title={name}>
        {name}
      </bdi>
      <select
        aria-label={`${name.slice(0, 80)} holds`}
        value={field}
        disabled={column.isSecret}
        onChange={(event) => onField(event.target.value as ImportField | '')}
        className="field h-8 w-full min-w-0 px-2"
      >
        <option value="">Not used</option>
        {FIELDS.map((each) => (
          <option key={each} value={each}>
            {NAMES[each]}
          </option>
        ))}
      </select>
      <p className="text-ink-soft text-xs">{column.why}</p>
      {column.isSecret ? null : (
        <ul aria-label={`Values of ${name.slice(0, 80)}`} className="grid gap-0.5 text-xs">
          {column.samples.length === 0 ? <li className="text-ink-soft">No values</li> : null}
          {column.samples.map((sample) => (
            <li key={sample} className="truncate">
              <bdi>{sample}</bdi>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** Two columns hold addresses: which one is taken, and the ways to the other. */
function Addresses({
  shown,
  addresses,
  onMapping,
}: {
  shown: ShownColumns;
  addresses: NonNullable<ImportPreview['addresses']>;
  onMapping: (mapping: ImportMapping) => void;
}) {
  const name = (index: number) => nameOf(shown.columns[index]);
  return (
    <section aria-label="Columns with addresses" className="grid gap-2 rounded-md bg-accent-soft p-3 text-sm">
      <p className="break-words">
        {formatPlural(addresses.others.length + 1, 'column holds', 'columns hold')} addresses.{' '}
        <bdi>“{name(addresses.taken)}”</bdi> is taken. {shown.columns[addresses.taken]?.why}
        {addresses.lacking > 0
          ? ` It is empty in ${formatPlural(addresses.lacking, 'row', 'rows')} with an address elsewhere; such rows are not sent unless you choose where their address stands.`
          : ''}
      </p>
      <ul className="grid gap-2">
        {addresses.others.map(({ index, isOthers, fills }) => (
          <li key={index} className="flex flex-wrap items-center gap-2">
            <Button size="sm" onClick={() => onMapping({ ...without(shown.mapping, index), email: index })}>
              Take “{name(index).slice(0, 40)}” instead
            </Button>
            {fills > 0 && !isOthers && shown.mapping.otherEmail !== index ? (
              <Button
                size="sm"
                onClick={() => onMapping({ ...without(shown.mapping, index), otherEmail: index })}
              >
                Use it for {formatPlural(fills, 'row', 'rows')} without the first
              </Button>
            ) : null}
            {isOthers ? <span className="text-ink-soft">It may hold other people's addresses.</span> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function without(mapping: ImportMapping, index: number): ImportMapping {
  return Object.fromEntries(Object.entries(mapping).filter(([, at]) => at !== index));
}

function nameOf(column: ImportColumn | undefined): string {
  return column?.header?.trim() || `Column ${(column?.index ?? 0) + 1}`;
}
