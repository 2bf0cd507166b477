'use client';

import clsx from 'clsx';
import { FileUp } from 'lucide-react';
import { type DragEvent, useId, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { TextArea } from '@/components/ui/field';
import type { ImportFile } from '@/lib/browser/import';
import { formatBytes } from '@/lib/format/numbers';

/** Takes a file by choosing, dropping or pasting. */
export function ImportFileField({
  file,
  onFile,
}: {
  file: ImportFile | null;
  onFile: (file: ImportFile | null) => void;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [pasted, setPasted] = useState('');
  const [isPasted, setIsPasted] = useState(false);
  const use = (name: string, blob: Blob, fromPaste: boolean) => {
    setIsPasted(fromPaste);
    onFile({ key: crypto.randomUUID(), name, blob });
  };
  const take = (chosen: File | undefined) => {
    if (chosen) use(chosen.name, chosen, false);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  if (file) {
    return (
      <div className="flex items-center gap-2 rounded-md border px-3 py-2 text-sm">
        <FileUp size={15} aria-hidden className="text-ink-soft" />
        <bdi className="min-w-0 flex-1 truncate font-medium">{file.name}</bdi>
        <span className="text-ink-soft tabular-nums">{formatBytes(file.blob.size)}</span>
        <Button size="sm" onClick={() => onFile(null)}>
          {isPasted ? 'Change the rows' : 'Take another file'}
        </Button>
      </div>
    );
  }
  return (
    <div className="grid gap-6 md:grid-cols-2">
      <section
        aria-label="File"
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={clsx(
          'flex min-h-48 flex-col items-center justify-center gap-3 rounded-lg border border-dashed p-6 text-center',
          isOver ? 'border-accent-ink bg-accent-soft' : 'border-line-strong',
        )}
      >
        <FileUp size={22} aria-hidden className="text-ink-soft" />
        <p className="text-ink-soft text-sm">
          Drop a CSV file here, as any program saves it. What its columns hold is guessed and shown, and you
          can change every guess.
        </p>
        <input
          ref={input}
          id={id}
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          aria-label="CSV file"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => take(event.target.files?.[0])}
        />
        <Button onClick={() => input.current?.click()}>Choose a file</Button>
      </section>
      <div className="grid content-start gap-2">
        <TextArea
          label="Or paste rows"
          hint="Rows of a table, or addresses as a mail program lists them: Ada Lovelace <ada@example.com>; …"
          value={pasted}
          spellCheck={false}
          placeholder={'Ada,Lovelace,ada@example.com,Friends'}
          className="min-h-32 font-mono text-xs"
          onChange={(event) => setPasted(event.target.value)}
        />
        <Button
          className="w-fit"
          disabled={pasted.trim() === ''}
          onClick={() => use('Pasted rows', new Blob([pasted], { type: 'text/csv' }), true)}
        >
          Use these rows
        </Button>
      </div>
    </div>
  );
}
