'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { isTyped, TypedField } from '@/components/ui/typed-field';
import { listTotalOptions } from '@/lib/browser/lookups';
import { formatPlural } from '@/lib/format/numbers';
import { exportHref } from './export-href';

export interface ExportIntent {
  /** The list's own query string; all its pages are meant. */
  readonly query: string;
  readonly format: 'csv' | 'json';
}

/** Says whose data leave Flightdeck, has their number typed, and downloads them as a file. */
export default function ExportDialog({
  intent: { query, format },
  onClose,
}: {
  intent: ExportIntent;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const { data: total, error } = useQuery(listTotalOptions('betaTesters', query));
  const isReady = total !== undefined && isTyped(total, typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    location.assign(exportHref('betaTesters', query, format, total));
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Export testers">
      <form onSubmit={submit} className="grid gap-4 text-sm">
        {total === undefined ? (
          <Skeleton className="h-10" />
        ) : (
          <p className="text-ink-soft">
            Names, e-mail addresses, devices, tags and notes of {formatPlural(total, 'tester')} leave
            Flightdeck in a file. Activity keeps that you took it, and with which filters.
          </p>
        )}
        <Refusal error={error} />
        <TypedField word={total ?? null} value={typed} onChange={setTyped} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!isReady}>
            {format === 'csv' ? 'Export as CSV' : 'Export as JSON'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
