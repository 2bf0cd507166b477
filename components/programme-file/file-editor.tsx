'use client';

import clsx from 'clsx';
import { FileUp } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { TextArea } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { FILE_LIMIT } from '@/lib/browser/programme-file';

/** Takes a file by choosing, dropping, pasting or typing, and shows what is wrong with it where that stands. */
export function FileEditor({
  text,
  onText,
  prune,
  onPrune,
  error,
  isBusy,
  onCompare,
}: {
  text: string;
  onText: (text: string) => void;
  prune: boolean;
  onPrune: (prune: boolean) => void;
  error: unknown;
  isBusy: boolean;
  onCompare: () => void;
}) {
  const area = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > FILE_LIMIT) void toast({ title: 'The file is longer than 1 MB' });
    else onText(await file.text());
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const problems = problemsIn(error);
  return (
    <div className="grid gap-3">
      <section
        ref={area}
        aria-label="File"
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={clsx('rounded-md', isOver && 'outline-2 outline-accent-ink outline-offset-4')}
      >
        <TextArea
          label="File"
          hint="Paste it, drop it here, or choose it. What it leaves out is left alone; of a list that it has, it is meant to name everything."
          value={text}
          spellCheck={false}
          wrap="off"
          dir="ltr"
          rows={Math.min(28, Math.max(10, text.split('\n', 30).length))}
          className="font-mono text-xs"
          onChange={(event) => onText(event.target.value)}
        />
      </section>
      {problems.length > 0 ? (
        <div
          role="alert"
          className="grid gap-1 rounded-md border border-bad bg-bad-soft p-3 text-bad text-sm"
        >
          <p className="font-medium">Nothing was compared: the file has to be mended first.</p>
          <ul className="grid gap-1">
            {problems.map(({ words, line, column }) => (
              <li key={`${line} ${column} ${words}`} className="wrap-anywhere">
                {line === null ? (
                  words
                ) : (
                  <button
                    type="button"
                    className="rounded-sm text-start underline"
                    onClick={() => reach(area.current?.querySelector('textarea'), line, column)}
                  >
                    {words}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <Refusal error={error} />
      )}
      <label className="flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          checked={prune}
          onChange={(event) => onPrune(event.target.checked)}
          className="mt-0.5 size-4 accent-accent"
        />
        <span>
          Delete what the file does not name
          <span className="block text-ink-soft">
            Only of lists that the file has. A group goes with its link, and its testers lose what comes
            through it.
          </span>
        </span>
      </label>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" busy={isBusy} disabled={text.trim() === ''} onClick={onCompare}>
          Compare
        </Button>
        <input
          ref={input}
          type="file"
          accept=".yaml,.yml,.txt,application/yaml,text/plain"
          aria-label="YAML file"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <Button icon={<FileUp size={14} aria-hidden />} onClick={() => input.current?.click()}>
          Choose a file
        </Button>
      </div>
    </div>
  );
}

interface Wrong {
  readonly words: string;
  readonly line: number | null;
  readonly column: number;
}

/** What the server found in the file, each with its place. */
function problemsIn(error: unknown): Wrong[] {
  if (!(error instanceof ApiError)) return [];
  return error.problems.flatMap(({ code, detail, meta }) => {
    if (code !== 'FLIGHTDECK.FILE') return [];
    const { line, column } = (meta ?? {}) as { line?: number | null; column?: number | null };
    return [{ words: detail ?? '', line: line ?? null, column: column ?? 1 }];
  });
}

/** Puts the cursor where something is wrong, with the rest of its line chosen. */
function reach(area: HTMLTextAreaElement | null | undefined, line: number, column: number): void {
  if (!area) return;
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  const end = start + (lines[line - 1]?.length ?? 0);
  area.focus();
  area.setSelectionRange(Math.min(start + column - 1, end), end);
  area.scrollTop = (area.scrollHeight / Math.max(1, lines.length)) * Math.max(0, line - 4);
}
