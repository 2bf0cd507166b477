'use client';

import { useEffect, useState } from 'react';
import { keepDraft, readDraft } from '@/lib/query/drafts';

const KEY = 'palette/recent';
const MOST = 5;

let known: readonly string[] | null = null;

/** What this person did by the palette last, kept on the server with their drafts: the newest first. */
export function useRecent(): readonly string[] {
  const [recent, setRecent] = useState(known ?? []);
  useEffect(() => {
    if (known !== null) return;
    const asked = new AbortController();
    readDraft(KEY, asked.signal).then(
      (draft) => {
        const kept = Array.isArray(draft?.value) ? draft.value : [];
        known = kept.filter((id): id is string => typeof id === 'string').slice(0, MOST);
        setRecent(known);
      },
      // The palette works without its memory.
      () => undefined,
    );
    return () => asked.abort();
  }, []);
  return recent;
}

/** Remembers what was chosen. */
export function remember(id: string): void {
  known = [id, ...(known ?? []).filter((one) => one !== id)].slice(0, MOST);
  void keepDraft(KEY, known).catch(() => undefined);
}
