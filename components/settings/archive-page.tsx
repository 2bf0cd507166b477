'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { ErrorState } from '@/components/ui/late-error';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { archiveOptions, changeArchiveMutation } from '@/lib/browser/settings';
import type { ArchiveStatus } from '@/lib/browser/types';
import { formatBytes, formatCount, formatPlural } from '@/lib/format/numbers';

const MB = 1_000_000;

/** What the archive of pictures holds, and how long. */
export function ArchivePage() {
  const { data, error, refetch } = useQuery(archiveOptions());
  if (error && !data)
    return (
      <ErrorState title="The archive could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton rows={4} />;
  return (
    <div className="grid gap-8">
      <Figures status={data.data} />
      <Rules key={JSON.stringify(data.data.rules)} status={data.data} />
    </div>
  );
}

function Figures({ status }: { status: ArchiveStatus }) {
  const { pictures, files, bytes, symbols, logs, place, trouble } = status;
  const waiting = pictures.wanted + pictures.failed;
  return (
    <Section title="Pictures and logs">
      {trouble ? (
        <p role="status" className="rounded-md border px-3 py-2 text-sm">
          {trouble.words} (<Time at={trouble.since} />)
        </p>
      ) : null}
      <p className="text-sm">
        {formatPlural(files - symbols.files, 'file')} of pictures, {formatBytes(bytes - symbols.bytes)}, and{' '}
        {formatPlural(symbols.files, 'file')} with symbols, {formatBytes(symbols.bytes)}, in the{' '}
        {place === 'bucket' ? 'bucket' : 'data folder'}; {formatPlural(logs.count, 'crash log')},{' '}
        {formatBytes(logs.bytes)}, in the database.
      </p>
      <p className="text-ink-soft text-sm">
        {formatPlural(pictures.stored, 'picture')} kept, {formatCount(waiting)} waiting to be fetched,{' '}
        {formatCount(pictures.refused)} that could not be kept, {formatCount(pictures.removed)} removed by the
        rule.
      </p>
    </Section>
  );
}

function Rules({ status: { rules } }: { status: ArchiveStatus }) {
  const mayWrite = useMay('settings:write');
  const change = useMutation(changeArchiveMutation());
  const error = change.error instanceof ApiError ? change.error : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const quota = String(form.get('quota')).trim();
    const days = String(form.get('days')).trim();
    change.mutate(
      {
        quotaBytes: quota === '' ? null : Math.round(Number(quota) * 1000 * MB),
        keepDays: days === '' ? null : Number(days),
      },
      { onSuccess: () => void toast({ title: 'Archive changed' }) },
    );
  };
  return (
    <Section title="How much and how long">
      <form onSubmit={submit} className="grid max-w-md gap-4" noValidate>
        <TextField
          label="Quota in GB"
          name="quota"
          inputMode="decimal"
          defaultValue={rules.quotaBytes === null ? '' : rules.quotaBytes / MB / 1000}
          hint="Empty for no limit, else of pictures and symbols together. When it is reached, new pictures wait at Apple and symbols are refused."
          error={error?.detailFor('quotaBytes')}
          disabled={!mayWrite}
        />
        <TextField
          label="Days to keep pictures"
          name="days"
          inputMode="numeric"
          defaultValue={rules.keepDays ?? ''}
          hint="Empty for ever. After so many days since the report, pictures go whose issue is resolved, won’t be fixed or is a duplicate. Pictures of open issues are always kept."
          error={error?.detailFor('keepDays')}
          disabled={!mayWrite}
        />
        <Refusal error={error?.detailFor('quotaBytes') || error?.detailFor('keepDays') ? null : error} />
        {mayWrite ? (
          <div>
            <Button type="submit" variant="primary" busy={change.isPending}>
              Save
            </Button>
          </div>
        ) : (
          <p className="text-ink-soft text-sm">Only admins change this.</p>
        )}
      </form>
    </Section>
  );
}
