'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { DraftNote } from '@/components/drafts/draft-note';
import { useDraft } from '@/components/drafts/use-draft';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState, Refusal } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import { Skeleton } from '@/components/ui/skeleton';
import { type CriterionOption, criterionOptions } from '@/lib/browser/links';
import type { GroupResource } from '@/lib/browser/types';
import { criteriaSentence, familyOnSystem } from '@/lib/format/recruitment';
import { BuildCheck } from './build-check';
import {
  type DraftRow,
  draftOf,
  filtersOf,
  type Gap,
  readDraftRows,
  rowProblem,
  withGap,
} from './criteria-draft';
import { FamilyRow } from './family-row';
import { useSaveCriteria } from './use-save-criteria';

/** Chooses device families and the systems of each from what Apple offers. */
export default function CriteriaDialog({
  group,
  gap,
  onClose,
}: {
  group: GroupResource;
  /** A device that the criteria are to admit as well: it is filled in. */
  gap?: Gap;
  onClose: () => void;
}) {
  const options = useQuery(criterionOptions(group.meta?.accountId));
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Recruitment criteria"
      description="Who opens the public link can join only with one of these devices on one of these systems."
    >
      {options.data ? (
        <CriteriaForm group={group} gap={gap} options={options.data} onClose={onClose} />
      ) : options.error ? (
        <ErrorState
          title="What can be chosen could not be read"
          error={options.error}
          onRetry={() => void options.refetch()}
        />
      ) : (
        <div role="status" className="grid gap-4 py-4">
          <span className="sr-only">Loading what can be chosen</span>
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-9 w-full" />
        </div>
      )}
    </Dialog>
  );
}

function CriteriaForm({
  group,
  gap,
  options,
  onClose,
}: {
  group: GroupResource;
  gap: Gap | undefined;
  options: readonly CriterionOption[];
  onClose: () => void;
}) {
  const before = group.meta?.criteria?.deviceFamilyOsVersionFilters;
  const [draft, setDraft] = useState(() => {
    const rows = draftOf(options, before);
    return gap ? withGap(rows, gap) : rows;
  });
  const kept = useDraft({
    key: `criteria/${group.id}${gap ? `/${gap.deviceFamily}-${gap.osVersion}` : ''}`,
    value: draft,
    restore: setDraft,
    read: (value) => readDraftRows(value, draft),
  });
  const [isTried, setTried] = useState(false);
  const { save, isSaving, error } = useSaveCriteria(group);
  const filters = filtersOf(draft);
  const change = (row: DraftRow) =>
    setDraft((rows) => rows.map((one) => (one.deviceFamily === row.deviceFamily ? row : one)));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (filters.length === 0 || draft.some((row) => rowProblem(row) !== undefined)) return;
    try {
      await save(filters);
      kept.clear();
      onClose();
    } catch {
      // The reason stands in the form.
    }
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      <DraftNote draft={kept} />
      {gap && !before?.length ? (
        <p className="text-sm">
          <Name>{group.attributes?.name}</Name> has no criteria: its link admits everybody,{' '}
          {familyOnSystem(gap.deviceFamily, gap.osVersion)} too. With these it admits nobody else.
        </p>
      ) : null}
      <fieldset className="divide-y border-y">
        <legend className="sr-only">Device families</legend>
        {draft.map((row) => (
          <FamilyRow
            key={row.deviceFamily}
            row={row}
            versions={options.find(({ deviceFamily }) => deviceFamily === row.deviceFamily)?.osVersions ?? []}
            onChange={change}
          />
        ))}
      </fieldset>
      <div aria-live="polite" className="grid gap-2 rounded-md bg-sunken p-3 text-sm">
        <p className="font-medium">
          {filters.length > 0 ? `${criteriaSentence(filters)}.` : 'No device family is chosen.'}
        </p>
        {filters.length > 0 ? <BuildCheck group={group} filters={filters} /> : null}
      </div>
      {isTried && filters.length === 0 ? (
        <p role="alert" className="text-bad text-sm">
          Choose at least one device family, or remove the criteria altogether.
        </p>
      ) : null}
      <Refusal error={error} />
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={isSaving}>
          Save criteria
        </Button>
      </div>
    </form>
  );
}
