'use client';

import { useQueryClient } from '@tanstack/react-query';
import clsx from 'clsx';
import { FileUp, FolderUp } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { ApiError } from '@/lib/browser/api';
import { keys } from '@/lib/browser/keys';
import { sendSymbols } from '@/lib/browser/symbols';
import type { SentAnswer } from '@/lib/browser/types';

interface Sent {
  readonly id: number;
  readonly name: string;
  /** From 0 to 1; 1 while the server reads it. */
  readonly share: number;
  readonly answer: SentAnswer | null;
  readonly refusal: string | null;
}

let numbers = 0;

/** Takes dSYMs by dropping or choosing, files and folders, and says what became of each. */
export function SymbolsDrop({ appId }: { appId: string }) {
  const client = useQueryClient();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [sent, setSent] = useState<readonly Sent[]>([]);
  const [note, setNote] = useState<string | null>(null);
  const change = (id: number, more: Partial<Sent>) =>
    setSent((all) => all.map((one) => (one.id === id ? { ...one, ...more } : one)));

  const send = async (given: readonly Given[]) => {
    const wanted = await symbolsAmong(given);
    setNote(
      wanted.length === 0
        ? 'There is nothing in it that holds symbols: a .zip, a .tar.gz, or a dSYM with its binary.'
        : null,
    );
    const rows = wanted.map(({ name }) => ({ id: ++numbers, name, share: 0, answer: null, refusal: null }));
    setSent((all) => [...rows, ...all]);
    // One after the other: each may be as large as all others together.
    for (const [at, { file, name }] of wanted.entries()) {
      const id = rows[at]?.id ?? 0;
      try {
        const { signal } = new AbortController();
        const answer = await sendSymbols(
          { appId, file, name },
          { signal, onProgress: (share) => change(id, { share }) },
        );
        change(id, { share: 1, answer });
      } catch (error) {
        change(id, { refusal: error instanceof ApiError ? error.message : 'The file could not be read.' });
      }
      for (const noun of ['symbols', 'archive', 'feedback'] as const)
        void client.invalidateQueries({ queryKey: keys.noun(noun) });
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const entries = [...event.dataTransfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
    const plain = [...event.dataTransfer.files].map((file) => ({ file, path: file.name }));
    void (entries.length > 0 ? filesOf(entries) : Promise.resolve(plain)).then(send);
  };
  const choose = (input: HTMLInputElement) => {
    const chosen = [...(input.files ?? [])].map((file) => ({
      file,
      path: file.webkitRelativePath || file.name,
    }));
    input.value = '';
    void send(chosen);
  };
  return (
    <div className="grid gap-4">
      <section
        aria-label="Send symbols"
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={clsx(
          'flex min-h-36 flex-col items-center justify-center gap-3 rounded-lg border border-dashed p-6 text-center',
          isOver ? 'border-accent-ink bg-accent-soft' : 'border-line-strong',
        )}
      >
        <p className="text-ink-soft text-sm">
          Drop dSYMs here: a .zip or .tar.gz, a .dSYM folder, or the whole dSYMs folder of an Xcode archive.
        </p>
        <input
          ref={files}
          type="file"
          multiple
          aria-label="Files with symbols"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => choose(event.target)}
        />
        <input
          ref={(input) => {
            folder.current = input;
            input?.setAttribute('webkitdirectory', '');
          }}
          type="file"
          aria-label="Folder with symbols"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => choose(event.target)}
        />
        <div className="flex flex-wrap justify-center gap-2">
          <Button icon={<FileUp size={14} aria-hidden />} onClick={() => files.current?.click()}>
            Choose files
          </Button>
          <Button icon={<FolderUp size={14} aria-hidden />} onClick={() => folder.current?.click()}>
            Choose a folder
          </Button>
        </div>
      </section>
      {note ? (
        <p role="status" className="text-sm">
          {note}
        </p>
      ) : null}
      {sent.length > 0 ? (
        <ul aria-label="Sent" className="grid divide-y border-y text-sm">
          {sent.map((one) => (
            <SentRow key={one.id} sent={one} />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

const OUTCOMES = { stored: 'Taken', known: 'Here already', refused: 'Refused' } as const;

function SentRow({ sent: { name, share, answer, refusal } }: { sent: Sent }) {
  const isSending = answer === null && refusal === null;
  return (
    <li className="grid gap-1 py-2">
      <Name className="truncate font-medium">{name}</Name>
      {isSending ? (
        <span className="flex items-center gap-3">
          <progress aria-label={`Sending ${name}`} max={1} value={share} className="h-1.5 w-full max-w-60" />
          <span className="text-ink-soft text-xs">{share < 1 ? 'Being sent' : 'Being read'}</span>
        </span>
      ) : null}
      {refusal ? (
        <p role="alert" className="text-bad">
          Refused. {refusal}
        </p>
      ) : null}
      {answer?.symbols.map(({ uuid, name: binary, arch, outcome, words }) => (
        <p key={uuid} role="status">
          {OUTCOMES[outcome]}: <Name>{binary}</Name> ({arch}){' '}
          <code className="font-mono text-ink-soft text-xs">{uuid}</code>. {words}
        </p>
      ))}
      {answer?.passed.map((one) => (
        <p key={one.name} className="text-ink-soft">
          Passed over: <Name>{one.name}</Name>. {one.words}
        </p>
      ))}
    </li>
  );
}

interface Given {
  readonly file: File;
  /** With its folders, as far as they are known. */
  readonly path: string;
}

/** Everything in what was dropped; folders are gone through. */
async function filesOf(entries: readonly FileSystemEntry[]): Promise<Given[]> {
  const found: Given[] = [];
  for (const entry of entries) {
    const path = entry.fullPath.replace(/^\//, '');
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      );
      found.push({ file, path });
    } else if (entry.isDirectory) {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      for (;;) {
        const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
          reader.readEntries(resolve, reject),
        );
        if (some.length === 0) break;
        found.push(...(await filesOf(some)));
      }
    }
  }
  return found;
}

/** What is worth sending: single files as they are, of folders only binaries, and of these dSYMs where there are some. */
async function symbolsAmong(given: readonly Given[]): Promise<{ file: File; name: string }[]> {
  const kept: Given[] = [];
  for (const one of given) {
    if (!one.path.includes('/') || /\.(?:zip|tar|tgz|gz)$/i.test(one.path) || (await isBinary(one.file)))
      kept.push(one);
  }
  const dsyms = kept.filter(({ path }) => /\.dSYM\//i.test(path) || !path.includes('/'));
  const wanted = dsyms.length > 0 ? dsyms : kept;
  return wanted.map(({ file, path }) => ({ file, name: path.split('/').at(-1) ?? file.name }));
}

/** Whether a file begins as a binary of Apple's systems does. */
async function isBinary(file: File): Promise<boolean> {
  const start = await file.slice(0, 4).arrayBuffer();
  if (start.byteLength < 4) return false;
  const magic = new DataView(start).getUint32(0);
  return [0xcafebabe, 0xcafebabf, 0xcffaedfe, 0xcefaedfe, 0xfeedfacf, 0xfeedface].includes(magic);
}
