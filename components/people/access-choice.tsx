'use client';

import { useBuilds, useGroups } from './use-targets';

/** One of two ways to give access. */
export function Way({
  name,
  isChosen,
  onChoose,
  children,
}: {
  name: string;
  isChosen: boolean;
  onChoose: () => void;
  children: string;
}) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="radio"
        name="way"
        checked={isChosen}
        onChange={onChoose}
        className="mt-0.5 size-4 accent-accent"
      />
      <span>
        {name} <span className="text-ink-soft">{children}</span>
      </span>
    </label>
  );
}

interface BoxesProps {
  appId: string;
  chosen: readonly string[];
  onChange: (ids: readonly string[]) => void;
}

/** The groups of an app to tick. */
export function GroupBoxes({
  appId,
  withInternal = false,
  ...rest
}: BoxesProps & { withInternal?: boolean }) {
  const groups = useGroups(appId).filter((group) => withInternal || !group.attributes?.isInternalGroup);
  if (groups.length === 0)
    return <p className="text-ink-soft text-sm">This app has no external group yet.</p>;
  const options = groups.map(({ id, attributes }) => ({
    id,
    name: attributes?.name ?? 'Unnamed',
    note: attributes?.isInternalGroup ? 'internal' : undefined,
  }));
  return <Boxes label="Groups" options={options} {...rest} />;
}

/** The builds of an app that have not expired, to tick. */
export function BuildBoxes({ appId, ...rest }: BoxesProps) {
  const builds = useBuilds(appId);
  if (builds.length === 0)
    return <p className="text-ink-soft text-sm">This app has no build that could be installed.</p>;
  const options = builds.map(({ id, attributes, meta }) => ({
    id,
    name: `${meta?.trainVersion ?? '?'} (${attributes?.version ?? '?'})`,
    note: undefined,
  }));
  return <Boxes label="Builds" options={options} {...rest} />;
}

interface Option {
  readonly id: string;
  readonly name: string;
  readonly note: string | undefined;
}

function Boxes({
  label,
  options,
  chosen,
  onChange,
}: Omit<BoxesProps, 'appId'> & { label: string; options: readonly Option[] }) {
  return (
    <ul aria-label={label} className="grid max-h-48 gap-1 overflow-auto rounded-md border p-2 text-sm">
      {options.map(({ id, name, note }) => (
        <li key={id}>
          <label className="flex items-center gap-2 py-0.5">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
              }
              className="size-4 accent-accent"
            />
            <bdi className="min-w-0 break-words">{name}</bdi>
            {note ? <span className="text-ink-soft">{note}</span> : null}
          </label>
        </li>
      ))}
    </ul>
  );
}
