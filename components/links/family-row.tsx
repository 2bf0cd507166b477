'use client';

import { useId } from 'react';
import { label } from '@/lib/format/labels';
import { type DraftRow, rowProblem } from './criteria-draft';

/** One device family: whether it is admitted, and from which system to which. */
export function FamilyRow({
  row,
  versions,
  onChange,
}: {
  row: DraftRow;
  versions: readonly string[];
  onChange: (row: DraftRow) => void;
}) {
  const id = useId();
  const family = label(row.deviceFamily);
  const problem = rowProblem(row);
  return (
    <div className="grid gap-2 py-3 sm:grid-cols-[minmax(0,1fr)_9rem_9rem] sm:items-center">
      <label className="flex min-h-9 items-center gap-3 font-medium text-sm">
        <input
          type="checkbox"
          checked={row.isChosen}
          onChange={(event) => onChange({ ...row, isChosen: event.target.checked })}
          className="size-4 accent-accent"
        />
        {family}
      </label>
      {row.isChosen ? (
        <>
          <Version
            label={`Lowest system of ${family}`}
            any="Any system"
            prefix="From"
            value={row.minimum}
            versions={versions}
            problemId={problem ? id : undefined}
            onChange={(minimum) => onChange({ ...row, minimum })}
          />
          <Version
            label={`Highest system of ${family}`}
            any="Any later"
            prefix="To"
            value={row.maximum}
            versions={versions}
            problemId={problem ? id : undefined}
            onChange={(maximum) => onChange({ ...row, maximum })}
          />
        </>
      ) : null}
      {problem ? (
        <p id={id} role="alert" className="text-bad text-sm sm:col-span-3">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

function Version({
  label: name,
  any,
  prefix,
  value,
  versions,
  problemId,
  onChange,
}: {
  label: string;
  any: string;
  prefix: string;
  value: string;
  versions: readonly string[];
  problemId: string | undefined;
  onChange: (version: string) => void;
}) {
  // A version the group has and Apple no longer offers is kept in the list.
  const offered = value === '' || versions.includes(value) ? versions : [value, ...versions];
  return (
    <select
      aria-label={name}
      aria-invalid={problemId ? true : undefined}
      aria-describedby={problemId}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="field h-9 w-full px-2 text-sm"
    >
      <option value="">{any}</option>
      {offered.map((version) => (
        <option key={version} value={version}>
          {prefix} {version}
        </option>
      ))}
    </select>
  );
}
