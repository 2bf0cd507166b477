'use client';

import { formatCount } from '@/lib/format/numbers';
import { TextField } from './field';

/** What has to be typed before something that cannot be taken back: a name, or how many; null for nothing. */
export type TypedWord = string | number | null;

/** Whether it has been typed; numbers with or without separators. */
export function isTyped(word: TypedWord, typed: string): boolean {
  if (word === null) return true;
  return typeof word === 'number' ? typed.replace(/\D/g, '') === String(word) : typed.trim() === word.trim();
}

/** Asks for the word; nothing where none is needed. */
export function TypedField({
  word,
  value,
  onChange,
}: {
  word: TypedWord;
  value: string;
  onChange: (typed: string) => void;
}) {
  if (word === null) return null;
  return (
    <TextField
      label={`Type ${typeof word === 'number' ? formatCount(word) : word} to confirm`}
      inputMode={typeof word === 'number' ? 'numeric' : 'text'}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
