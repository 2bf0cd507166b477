'use client';

import { useGroups } from './use-targets';

/** The groups of an app to tick. */
export function GroupBoxes({
  appId,
  chosen,
  onChange,
  withInternal = false,
}: {
  appId: string;
  chosen: readonly string[];
  onChange: (ids: readonly string[]) => void;
  withInternal?: boolean;
}) {
  const groups = useGroups(appId).filter((group) => withInternal || !group.attributes?.isInternalGroup);
  if (groups.length === 0)
    return <p className="text-ink-soft text-sm">This app has no external group yet.</p>;
  return (
    <ul aria-label="Groups" className="grid max-h-48 gap-1 overflow-auto rounded-md border p-2 text-sm">
      {groups.map((group) => (
        <li key={group.id}>
          <label className="flex items-center gap-2 py-0.5">
            <input
              type="checkbox"
              checked={chosen.includes(group.id)}
              onChange={(event) =>
                onChange(
                  event.target.checked ? [...chosen, group.id] : chosen.filter((id) => id !== group.id),
                )
              }
              className="size-4 accent-accent"
            />
            <bdi className="min-w-0 break-words">{group.attributes?.name ?? 'Unnamed'}</bdi>
            {group.attributes?.isInternalGroup ? <span className="text-ink-soft">internal</span> : null}
          </label>
        </li>
      ))}
    </ul>
  );
}
