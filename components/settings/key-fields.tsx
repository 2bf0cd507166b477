'use client';

import { FileKey2 } from 'lucide-react';
import { type DragEvent, useId, useRef, useState } from 'react';
import { buttonClass } from '@/components/ui/button';
import { SelectField, TextArea, TextField } from '@/components/ui/field';
import type { ApiError } from '@/lib/browser/api';
import type { NewKey } from '@/lib/browser/types';
import { readKeyText, textOfBytes } from '@/lib/format/key-text';

/** A .p8 file has about 260 bytes; anything much larger is another file. */
const MOST_BYTES = 20_000;

export const NO_KEY: NewKey = { kind: 'team', issuerId: '', keyId: '', privateKey: '' };

/** The four parts of an App Store Connect key; the file may be dropped, chosen or pasted. */
export function KeyFields({
  value,
  onChange,
  error,
}: {
  value: NewKey;
  onChange: (key: NewKey) => void;
  error: ApiError | null;
}) {
  const set = (part: Partial<NewKey>) => onChange({ ...value, ...part });
  return (
    <>
      <KeyFile onRead={(text, keyId) => set({ ...(keyId ? { keyId } : {}), ...partsOf(text) })}>
        <TextArea
          label="Private key"
          value={value.privateKey}
          onChange={(event) => set(partsOf(event.target.value))}
          error={error?.detailFor('privateKey')}
          hint="Paste the text of AuthKey_….p8 or what your secrets store holds (base64, JSON, .env), or drop the file here. It is kept encrypted and never shown again."
          placeholder="-----BEGIN PRIVATE KEY-----"
          autoComplete="off"
          spellCheck={false}
          required
          className="font-mono text-xs"
        />
      </KeyFile>
      <SelectField
        label="Kind"
        value={value.kind}
        onChange={(event) => set({ kind: event.target.value === 'individual' ? 'individual' : 'team' })}
        error={error?.detailFor('kind')}
      >
        <option value="team">Team key</option>
        <option value="individual">Individual key</option>
      </SelectField>
      <TextField
        label="Key ID"
        value={value.keyId}
        onChange={(event) => set({ keyId: event.target.value })}
        error={error?.detailFor('keyId')}
        hint="Ten letters and digits, beside the key in App Store Connect."
        autoComplete="off"
        spellCheck={false}
        required
      />
      {value.kind === 'team' ? (
        <TextField
          label="Issuer ID"
          value={value.issuerId ?? ''}
          onChange={(event) => set({ issuerId: event.target.value })}
          error={error?.detailFor('issuerId')}
          hint="Above the list of keys: Users and Access, Integrations, App Store Connect API."
          autoComplete="off"
          spellCheck={false}
          required
        />
      ) : null}
    </>
  );
}

/** The text as it is, with the identifiers that stand beside the key in it. */
function partsOf(privateKey: string): Partial<NewKey> {
  const { der, keyId, issuerId } = readKeyText(privateKey);
  if (der === undefined) return { privateKey };
  return {
    privateKey,
    ...(keyId ? { keyId } : {}),
    ...(issuerId ? { issuerId, kind: 'team' as const } : {}),
  };
}

function KeyFile({
  onRead,
  children,
}: {
  onRead: (privateKey: string, keyId: string | undefined) => void;
  children: React.ReactNode;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const read = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MOST_BYTES) {
      setProblem(`${file.name} is too large to be a .p8 key.`);
      return;
    }
    setProblem(null);
    const text = textOfBytes(new Uint8Array(await file.arrayBuffer())).trim();
    onRead(text, /AuthKey_([A-Z0-9]{8,12})/.exec(file.name)?.[1]);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the second way; the button below is the first
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={
        isOver ? 'rounded-md outline-2 outline-accent-ink outline-dashed outline-offset-4' : undefined
      }
    >
      {children}
      <div className="mt-2">
        <input
          ref={input}
          id={id}
          type="file"
          accept=".p8,.pem,.key,.der,.json,.env,.yaml,.yml,.txt,application/pkcs8"
          className="peer sr-only"
          onChange={(event) => void read(event.target.files?.[0])}
        />
        <label
          htmlFor={id}
          className={buttonClass(
            'secondary',
            'sm',
            'peer-focus-visible:outline-2 peer-focus-visible:outline-accent-ink',
          )}
        >
          <FileKey2 size={14} aria-hidden />
          Choose the .p8 file
        </label>
      </div>
      {problem ? (
        <p role="alert" className="mt-2 text-bad text-sm">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
