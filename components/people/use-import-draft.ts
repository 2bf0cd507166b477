import { useEffect, useState } from 'react';
import { useDraft } from '@/components/drafts/use-draft';
import type { ImportColumn, ImportFile, ImportOptions } from '@/lib/browser/import';

type Choices = Omit<ImportOptions, 'appId'>;

/** What of an import a draft holds: the choices, and the file's bytes as base64 where they may be kept. */
interface Kept {
  readonly choices: Choices;
  readonly into: 'groups' | 'builds';
  readonly file: { readonly name: string; readonly base64: string } | null;
}

/** Browsers send 64 kB when a page is left. A larger file is chosen again; its choices are kept all the same. */
const MOST_BYTES = 40_000;

/**
 * Keeps an import that was begun, with its file when it is small. A file with a column that looks like passwords is
 * never kept, and none is before its columns are known.
 */
export function useImportDraft({
  appId,
  file,
  columns,
  choices,
  into,
  restore,
}: {
  appId: string;
  file: ImportFile | null;
  /** Of this very file; undefined while they are not known. */
  columns: readonly ImportColumn[] | undefined;
  choices: Choices;
  into: Kept['into'];
  restore: (kept: { choices: Choices; into: Kept['into']; file: ImportFile | null }) => void;
}) {
  const [bytes, setBytes] = useState<{ key: string; base64: string } | null>(null);
  const holdsSecret = columns?.some(({ isSecret }) => isSecret);
  const isHarmless = holdsSecret === false;
  useEffect(() => {
    if (!file || !isHarmless || bytes?.key === file.key || file.blob.size > MOST_BYTES) return;
    let isStale = false;
    void file.blob.arrayBuffer().then((buffer) => {
      if (!isStale) setBytes({ key: file.key, base64: toBase64(new Uint8Array(buffer)) });
    });
    return () => {
      isStale = true;
    };
  }, [file, isHarmless, bytes]);
  const isKept = file !== null && bytes?.key === file.key && holdsSecret !== true;
  const held = isKept ? { name: file.name, base64: bytes.base64 } : null;
  return useDraft<Kept>({
    key: `import/${appId}`,
    value: { choices, into, file: held },
    restore: (kept) => {
      const key = crypto.randomUUID();
      if (kept.file) setBytes({ key, base64: kept.file.base64 });
      restore({
        choices: kept.choices,
        into: kept.into,
        file: kept.file && { key, name: kept.file.name, blob: new Blob([fromBase64(kept.file.base64)]) },
      });
    },
    read: readKept,
    // The file field may hold pasted rows already that are not used yet.
    isAsking: true,
  });
}

function readKept(value: unknown): Kept | null {
  if (typeof value !== 'object' || value === null) return null;
  const { choices, into, file } = value as Partial<Kept>;
  if (!Array.isArray(choices?.groupIds) || !Array.isArray(choices.buildIds)) return null;
  if (into !== 'groups' && into !== 'builds') return null;
  const isFile = typeof file?.name === 'string' && typeof file.base64 === 'string';
  return { choices, into, file: isFile ? { name: file.name, base64: file.base64 } : null };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
