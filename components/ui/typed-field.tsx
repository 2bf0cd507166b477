'use client';

import { formatCount } from '@/lib/format/numbers';
import { isSameTyped, wordToType } from '@/lib/format/typed';
import { TextField } from './field';

/** What has to be typed before something that cannot be taken back: a name, or how many; null for nothing. */
export type TypedWord = string | number | null;

/** Whether it has been typed, by the rule the server holds it to. */
export function isTyped(word: TypedWord, typed: string): boolean {
  return word === null || isSameTyped(word, typed);
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
      label={`Type ${typeof word === 'number' ? formatCount(word) : wordToType(word)} to confirm`}
      inputMode={typeof word === 'number' ? 'numeric' : 'text'}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
