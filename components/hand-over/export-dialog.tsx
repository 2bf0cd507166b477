'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { isTyped, TypedField } from '@/components/ui/typed-field';
import { ApiError } from '@/lib/browser/api';
import type { TriageBody } from '@/lib/browser/feedback';
import { type ExportFormat, exportAddress, prepareExportMutation } from '@/lib/browser/hand-over';
import { formatPlural } from '@/lib/format/numbers';

const FORMATS: readonly (readonly [ExportFormat, string])[] = [
  ['csv', 'CSV, for a spreadsheet'],
  ['json', 'JSON'],
  ['zip', 'Zip, with pictures and crash logs'],
];

/** Says what leaves Flightdeck, has the number of reports typed, and downloads them. */
export default function ExportDialog({
  target,
  count,
  onClose,
}: {
  target: TriageBody['target'];
  /** How many reports, where it is known before the server has counted. */
  count: number | null;
  onClose: () => void;
}) {
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [typed, setTyped] = useState('');
  const prepare = useMutation(prepareExportMutation());
  const wanted = expectedBy(prepare.error) ?? count;
  // What is typed is asked for only once the server has said how many reports an issue has.
  const isReady = wanted === null || isTyped(wanted, typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    prepare.mutate(
      { target, format, confirm: typed },
      {
        onSuccess: ({ data }) => {
          location.assign(exportAddress(data.id));
          void toast({ title: `Exporting ${formatPlural(data.count, 'report')}` });
          onClose();
        },
      },
    );
  };
  const isOtherError = prepare.error && expectedBy(prepare.error) === null;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Export reports">
      <form onSubmit={submit} className="grid gap-4 text-sm">
        <SelectField
          label="As"
          value={format}
          onChange={({ target: field }) => setFormat(field.value as ExportFormat)}
        >
          {FORMATS.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </SelectField>
        <p className="text-ink-soft">
          {wanted === null ? 'The reports’' : `${formatPlural(wanted, 'report')}:`} comments, e-mail addresses
          and device facts leave Flightdeck in a file. Activity keeps that you took it.
        </p>
        {isOtherError ? <Refusal error={prepare.error} /> : null}
        {wanted === null ? null : <TypedField word={wanted} value={typed} onChange={setTyped} />}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!isReady} busy={prepare.isPending}>
            {wanted === null ? 'Count the reports' : 'Export'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** How many the server says there are, where it wants that typed. */
function expectedBy(error: unknown): number | null {
  if (!(error instanceof ApiError)) return null;
  const problem = error.problems.find(({ code }) => code === 'FLIGHTDECK.CONFIRM');
  const expected = problem?.meta?.expected;
  return typeof expected === 'number' ? expected : null;
}
