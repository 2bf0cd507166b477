'use client';

import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { Dialog } from '@/components/ui/dialog';

export interface Option {
  readonly id: string;
  /** What it is found by. */
  readonly words: string;
  readonly content?: ReactNode;
}

/** Asks for one of several: type to find it, ↓ and ↑ go through them, Enter takes the first or the one in focus. */
export function OptionDialog({
  title,
  label,
  options,
  nothing,
  onTyped,
  onChoose,
  onClose,
}: {
  title: string;
  /** What the field is called. */
  label: string;
  options: readonly Option[];
  nothing: string;
  /** Where somebody else finds what is typed; otherwise it is found among the options. */
  onTyped?: (typed: string) => void;
  onChoose: (option: Option) => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const wanted = typed.trim().toLowerCase();
  const shown = onTyped ? options : options.filter(({ words }) => words.toLowerCase().includes(wanted));
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const buttons: (Element & { focus(): void })[] = [...(list.current?.querySelectorAll('button') ?? [])];
    const at =
      document.activeElement === null ? -1 : buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
    event.preventDefault();
  };
  const choose = (option: Option | undefined) => {
    if (!option) return;
    onChoose(option);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title}>
      <search className="grid gap-3" onKeyDown={move}>
        <input
          type="search"
          aria-label={label}
          placeholder={label}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            onTyped?.(target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            choose(shown[0]);
          }}
          className="field h-9 w-full px-2.5 text-sm [&::-webkit-search-cancel-button]:hidden"
        />
        <ul ref={list} aria-label={title} className="max-h-[44vh] divide-y overflow-y-auto rounded-md border">
          {shown.map((option) => (
            <li key={option.id}>
              <button
                type="button"
                onClick={() => choose(option)}
                className="flex min-h-9 w-full items-center gap-2 px-3 py-1.5 text-left text-sm hover:bg-hover focus-visible:bg-hover max-sm:min-h-11"
              >
                {option.content ?? <bdi dir="auto">{option.words}</bdi>}
              </button>
            </li>
          ))}
          {shown.length === 0 ? <li className="p-6 text-center text-ink-soft text-sm">{nothing}</li> : null}
        </ul>
      </search>
    </Dialog>
  );
}
