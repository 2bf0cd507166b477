'use client';

import { Search } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Skeleton } from '@/components/ui/skeleton';

export interface Choice {
  readonly id: string;
  /** What it is called aloud. */
  readonly label: string;
  readonly content: ReactNode;
  /** Why it cannot be chosen, in words. */
  readonly unable?: string | undefined;
}

/** A searched list of which several are ticked. */
export function Picker({
  label,
  search,
  onSearch,
  choices,
  chosen,
  onChange,
  isPending,
  note,
  nothing,
}: {
  label: string;
  search: string;
  onSearch: (words: string) => void;
  choices: readonly Choice[];
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  isPending: boolean;
  note?: ReactNode;
  nothing: string;
}) {
  const id = useId();
  const toggle = (choice: string) => {
    const next = new Set(chosen);
    if (!next.delete(choice)) next.add(choice);
    onChange(next);
  };
  return (
    <div className="grid gap-3">
      <div className="relative">
        <Search
          size={14}
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-faint"
        />
        <input
          type="search"
          aria-label={label}
          placeholder={label}
          aria-controls={id}
          value={search}
          onChange={(event) => onSearch(event.target.value)}
          className="field h-9 w-full pr-2 pl-8 text-sm [&::-webkit-search-cancel-button]:hidden"
        />
      </div>
      <ul
        id={id}
        aria-busy={isPending}
        className="max-h-[44vh] min-h-40 divide-y overflow-y-auto rounded-md border"
      >
        {choices.map((choice) => (
          <li key={choice.id}>
            <label className="flex min-h-10 items-center gap-3 px-3 py-1.5 text-sm has-enabled:hover:bg-hover has-disabled:cursor-not-allowed">
              <input
                type="checkbox"
                aria-label={choice.label}
                checked={chosen.has(choice.id)}
                disabled={choice.unable !== undefined}
                onChange={() => toggle(choice.id)}
                className="size-4 shrink-0 accent-accent"
              />
              <span className="min-w-0 flex-1">{choice.content}</span>
              <span className="shrink-0 text-right text-ink-faint text-xs sm:w-32">{choice.unable}</span>
            </label>
          </li>
        ))}
        {isPending && choices.length === 0 ? (
          <li className="grid gap-3 p-3">
            <Skeleton className="h-3 w-48" />
            <Skeleton className="h-3 w-64" />
            <Skeleton className="h-3 w-40" />
          </li>
        ) : null}
        {!isPending && choices.length === 0 ? (
          <li className="p-6 text-center text-ink-soft text-sm">{nothing}</li>
        ) : null}
      </ul>
      {note ? <p className="text-ink-soft text-sm">{note}</p> : null}
    </div>
  );
}
