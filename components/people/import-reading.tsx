'use client';

import { SelectField } from '@/components/ui/field';
import type { Encoding, ImportOptions, ImportPreview } from '@/lib/browser/import';

const ENCODINGS: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (little-endian)',
  'utf-16be': 'UTF-16 (big-endian)',
  'windows-1252': 'Western (Windows-1252)',
  'windows-1250': 'Central European (Windows-1250)',
  'windows-1251': 'Cyrillic (Windows-1251)',
  'windows-1253': 'Greek (Windows-1253)',
  'windows-1254': 'Turkish (Windows-1254)',
  'windows-1255': 'Hebrew (Windows-1255)',
  'windows-1256': 'Arabic (Windows-1256)',
  'windows-1257': 'Baltic (Windows-1257)',
  macintosh: 'Western (Mac Roman)',
  'koi8-r': 'Cyrillic (KOI8-R)',
  ibm866: 'Cyrillic (DOS 866)',
  shift_jis: 'Japanese (Shift JIS)',
  'euc-jp': 'Japanese (EUC)',
  gb18030: 'Chinese, simplified (GBK, GB 18030)',
  big5: 'Chinese, traditional (Big5)',
  'euc-kr': 'Korean (EUC)',
};

const HOW: Readonly<Record<ImportPreview['howDecoded'], string>> = {
  told: 'As the file says itself.',
  chosen: 'Chosen by you.',
  sure: 'Guessed by trying which one gives likely words.',
  unsure: 'Guessed, and others would do as well: look at the names.',
};

const FORMS = {
  list: 'List of addresses',
  ',': 'Table, columns cut at commas',
  ';': 'Table, columns cut at semicolons',
  '\t': 'Table, columns cut at tabs',
  '|': 'Table, columns cut at bars',
} as const;
type Form = keyof typeof FORMS;

type Reading = Pick<ImportOptions, 'encoding' | 'separator' | 'kind'>;

/** How the bytes became text and the text became rows, to be changed when it was guessed wrong. */
export function ImportReading({
  preview,
  onChange,
}: {
  preview: ImportPreview;
  /** Another reading has other columns: what was chosen about them is forgotten. */
  onChange: (reading: Reading) => void;
}) {
  const form = preview.kind === 'list' ? 'list' : (preview.separator as Form);
  const kept: Reading = preview.howDecoded === 'chosen' ? { encoding: preview.encoding } : {};
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2">
      <SelectField
        label="Encoding"
        hint={HOW[preview.howDecoded]}
        value={preview.encoding}
        onChange={(event) => onChange({ ...formOf(form), encoding: event.target.value as Encoding })}
      >
        {Object.entries(ENCODINGS).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Read as"
        value={form}
        onChange={(event) => onChange({ ...kept, ...formOf(event.target.value as Form) })}
      >
        {Object.entries(FORMS).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

function formOf(form: Form): Reading {
  return form === 'list' ? { kind: 'list' } : { kind: 'table', separator: form };
}
