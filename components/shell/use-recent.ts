'use client';

import { useEffect, useState } from 'react';
import { keepDraft, readDraft } from '@/lib/browser/drafts';

/** A tester or a group that was opened. */
export interface Opened {
  readonly kind: 'tester' | 'group';
  readonly href: string;
  readonly name: string;
}

/** A short memory of this person, kept on the server with their drafts: the newest first. */
function memoryOf<T>(
  key: string,
  most: number,
  read: (value: unknown) => T | null,
  keyOf: (item: T) => string,
) {
  let known: readonly T[] | null = null;
  let asked: Promise<readonly T[]> | null = null;
  const load = (): Promise<readonly T[]> => {
    asked ??= readDraft(key).then(
      (draft) => (Array.isArray(draft?.value) ? draft.value : []).flatMap((item) => read(item) ?? []),
      // The palette works without its memory.
      () => [],
    );
    return asked;
  };
  const kept = async () => {
    known ??= await load();
    return known;
  };
  return {
    /** What is known without asking. */
    now: (): readonly T[] => known ?? [],
    kept,
    async add(item: T): Promise<void> {
      const before = await kept();
      const [newest] = before;
      if (newest !== undefined && JSON.stringify(newest) === JSON.stringify(item)) return;
      known = [item, ...before.filter((one) => keyOf(one) !== keyOf(item))].slice(0, most);
      await keepDraft(key, known).catch(() => undefined);
    },
  };
}

const done = memoryOf(
  'palette/recent',
  5,
  (value) => (typeof value === 'string' ? value : null),
  (id) => id,
);
const opened = memoryOf('palette/opened', 5, openedOf, ({ href }) => href);

function openedOf(value: unknown): Opened | null {
  if (typeof value !== 'object' || value === null) return null;
  const { kind, href, name } = value as Partial<Record<keyof Opened, unknown>>;
  const isOurs = typeof href === 'string' && /^\/apps\/[^/]+\/(testers|groups)\/[^/]+$/.test(href);
  return (kind === 'tester' || kind === 'group') && isOurs && typeof name === 'string'
    ? { kind, href, name }
    : null;
}

function useMemory<T>(memory: { now: () => readonly T[]; kept: () => Promise<readonly T[]> }): readonly T[] {
  const [items, setItems] = useState(memory.now());
  useEffect(() => {
    let isShown = true;
    void memory.kept().then((kept) => isShown && setItems(kept));
    return () => {
      isShown = false;
    };
  }, [memory]);
  return items;
}

/** What this person did by the palette last. */
export function useRecent(): readonly string[] {
  return useMemory(done);
}

/** The testers and groups this person opened last. */
export function useKeptOpened(): readonly Opened[] {
  return useMemory(opened);
}

/** Remembers what was chosen. */
export function remember(id: string): void {
  void done.add(id);
}

/** Remembers what was opened. */
export function rememberOpened(item: Opened): void {
  void opened.add(item);
}
