import type { ReactNode } from 'react';

/** One of several ways, or something to be ticked, with what it means below. */
export function Choice({
  kind,
  name,
  isChosen,
  onChoose,
  hint,
  children,
}: {
  kind: 'radio' | 'checkbox';
  name?: string;
  isChosen: boolean;
  onChoose: (to: boolean) => void;
  hint: ReactNode;
  children: ReactNode;
}) {
  return (
    <label className="flex items-start gap-3">
      <input
        type={kind}
        name={name}
        checked={isChosen}
        onChange={(event) => onChoose(event.target.checked)}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <span>
        <span className="font-medium">{children}</span>
        <span className="block text-pretty text-ink-soft">{hint}</span>
      </span>
    </label>
  );
}
