'use client';

import { Search } from 'lucide-react';
import { type ReactNode, useId, useRef } from 'react';
import { Button } from './button';
import { Skeleton } from './skeleton';

export interface Choice {
  readonly id: string;
  /** What it is called aloud. */
  readonly label: string;
  readonly content: ReactNode;
  /** Why it cannot be chosen, in words. */
  readonly unable?: string | undefined;
}

/**
 * A list to search and tick in. What was ticked stays in sight, above, when the search no longer names it; `onMore`
 * reaches what the first page does not hold.
 */
export function Picker({
  name,
  label,
  search,
  onSearch,
  choices,
  chosen,
  onChange,
  isPending,
  isSingle = false,
  note,
  nothing,
  error,
  onMore,
}: {
  /** What the list is called. */
  name: string;
  /** What the search field is called. */
  label: string;
  search: string;
  onSearch: (words: string) => void;
  choices: readonly Choice[];
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  isPending: boolean;
  /** Whether choosing one gives up the other. */
  isSingle?: boolean;
  note?: ReactNode;
  nothing: string;
  error?: string | undefined;
  /** Fetches the next page; absent at the end. */
  onMore?: (() => void) | undefined;
}) {
  const id = useId();
  const seen = useRef(new Map<string, Choice>());
  for (const choice of choices) seen.current.set(choice.id, choice);
  const shown = new Set(choices.map((choice) => choice.id));
  const elsewhere = [...chosen].flatMap((one) => (shown.has(one) ? [] : (seen.current.get(one) ?? [])));
  const toggle = (choice: string) => {
    if (isSingle) return onChange(new Set([choice]));
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
          // In a form, Enter would send it before anything is chosen.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          className="field h-9 w-full pr-2 pl-8 text-sm [&::-webkit-search-cancel-button]:hidden"
        />
      </div>
      <ul
        id={id}
        aria-label={name}
        aria-busy={isPending}
        className="max-h-[44vh] min-h-24 divide-y overflow-y-auto rounded-md border"
      >
        {[...elsewhere, ...choices].map((choice) => (
          <li key={choice.id}>
            <label className="flex min-h-10 items-center gap-3 px-3 py-1.5 text-sm has-enabled:hover:bg-hover has-disabled:cursor-not-allowed">
              <input
                type={isSingle ? 'radio' : 'checkbox'}
                name={isSingle ? id : undefined}
                aria-label={choice.label}
                checked={chosen.has(choice.id)}
                disabled={choice.unable !== undefined}
                onChange={() => toggle(choice.id)}
                className="size-4 shrink-0 accent-accent"
              />
              <span className="min-w-0 flex-1">{choice.content}</span>
              {choice.unable ? (
                <span className="shrink-0 text-right text-ink-faint text-xs sm:w-32">{choice.unable}</span>
              ) : null}
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
        {onMore ? (
          <li className="grid p-1.5">
            <Button variant="ghost" busy={isPending} onClick={onMore}>
              Show more
            </Button>
          </li>
        ) : null}
      </ul>
      {error ? (
        <p role="alert" className="text-bad text-sm">
          {error}
        </p>
      ) : null}
      {note ? <p className="text-ink-soft text-sm">{note}</p> : null}
    </div>
  );
}
