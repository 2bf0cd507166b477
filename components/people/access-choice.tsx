'use client';

import { BuildPicker, GroupPicker } from './target-picker';

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
export function GroupBoxes(props: BoxesProps & { withInternal?: boolean }) {
  return <GroupPicker {...props} />;
}

/** The builds of an app that have not expired, to tick. */
export function BuildBoxes(props: BoxesProps) {
  return <BuildPicker {...props} />;
}
