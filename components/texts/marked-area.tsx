'use client';

import clsx from 'clsx';
import { useId, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { TEXT_LIMIT } from '@/lib/asc/catalogue/limits';
import { bytesOf, charactersOf, type Refused, refusedIn } from '@/lib/asc/catalogue/whats-new';
import { formatCount, formatPlural } from '@/lib/format/numbers';

const BOX =
  'field col-start-1 row-start-1 min-h-24 w-full min-w-0 whitespace-pre-wrap px-2.5 py-2 text-sm wrap-anywhere';

/** A block of text that counts itself, and marks what App Store Connect refuses where it stands. */
export function MarkedArea({
  label,
  value,
  onChange,
  isDisabled = false,
  isMarked = false,
  limit,
  isLabelShown = false,
  hint,
  error,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  isDisabled?: boolean;
  /** Whether the text may hold no emoji and no “<”. */
  isMarked?: boolean;
  /** The most characters; a text without a known limit is not counted. */
  limit?: number | undefined;
  /** Whether the label stands above; else it is told aloud only. */
  isLabelShown?: boolean;
  hint?: string | undefined;
  error?: string | undefined;
}) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const refused = isMarked ? refusedIn(value) : [];
  const show = ({ index, text }: Refused) => {
    area.current?.focus();
    area.current?.setSelectionRange(index, index + text.length);
  };
  const without = () => onChange(refused.toReversed().reduce(cut, value));
  return (
    <div className="grid gap-1.5">
      {isLabelShown ? (
        <label htmlFor={id} className="font-medium text-ink text-sm">
          {label}
        </label>
      ) : null}
      {/* The copy below gives the field its height and shows the marks. */}
      <div className="grid">
        <div aria-hidden dir="auto" className={clsx(BOX, 'select-none border-transparent text-transparent')}>
          {marked(value, refused)}
          {'\n'}
        </div>
        <textarea
          id={id}
          ref={area}
          aria-label={isLabelShown ? undefined : label}
          aria-invalid={error || refused.some(({ isSure }) => isSure) ? true : undefined}
          aria-describedby={clsx(
            `${id}-count`,
            hint && `${id}-hint`,
            error && `${id}-error`,
            refused.length > 0 && `${id}-marks`,
          )}
          dir="auto"
          value={value}
          disabled={isDisabled}
          onChange={(event) => onChange(event.target.value)}
          className={clsx(BOX, 'resize-none overflow-hidden bg-transparent!')}
        />
      </div>
      {hint ? (
        <p id={`${id}-hint`} className="text-ink-soft text-sm">
          {hint}
        </p>
      ) : null}
      {limit === undefined ? null : <Counts id={`${id}-count`} value={value} limit={limit} />}
      {refused.length > 0 ? (
        <div id={`${id}-marks`} role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <span className={refused.some(({ isSure }) => isSure) ? 'text-bad' : 'text-attention'}>
            {wordsOf(refused)}
          </span>
          {refused.slice(0, 5).map((one) => (
            <Button key={one.index} size="sm" variant="ghost" onClick={() => show(one)}>
              Show “{one.text}” in line {lineOf(value, one.index)}
            </Button>
          ))}
          <Button size="sm" onClick={without}>
            Remove {refused.length === 1 ? 'it' : `all ${formatCount(refused.length)}`}
          </Button>
        </div>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-bad text-sm">
          {error}
        </p>
      ) : null}
    </div>
  );
}

function Counts({ id, value, limit }: { id: string; value: string; limit: number }) {
  const characters = charactersOf(value);
  const bytes = bytesOf(value);
  const isOver = characters > limit;
  const isLong = !isOver && bytes > limit;
  return (
    <p
      id={id}
      className={clsx(
        'text-xs tabular-nums',
        isOver ? 'text-bad' : isLong ? 'text-attention' : 'text-ink-soft',
      )}
    >
      {formatCount(characters)} of {formatPlural(limit, 'character')} · {formatPlural(bytes, 'byte')}
      {isOver ? '. Too long: shorten it before you save.' : null}
      {isLong
        ? `. Over ${formatCount(limit)} bytes App Store Connect may refuse it: it is not known which it counts.`
        : null}
    </p>
  );
}

function wordsOf(refused: readonly Refused[]): string {
  if (!refused.some(({ isSure }) => isSure)) return 'App Store Connect may refuse these signs.';
  const hasEmoji = refused.some(({ what, isSure }) => isSure && what === 'emoji');
  const hasLess = refused.some(({ what }) => what === 'lessThan');
  const kinds = [...(hasEmoji ? ['emoji'] : []), ...(hasLess ? ['“<”'] : [])].join(' and no ');
  return `App Store Connect takes no ${kinds} here.`;
}

function cut(text: string, { index, text: found }: Refused): string {
  return text.slice(0, index) + text.slice(index + found.length);
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function marked(text: string, refused: readonly Refused[]) {
  let from = 0;
  const pieces = refused.map(({ index, text: found, isSure }) => {
    const before = text.slice(from, index);
    from = index + found.length;
    return (
      <span key={index}>
        {before}
        <mark
          className={clsx(
            'rounded-sm text-transparent underline decoration-2 decoration-wavy underline-offset-2',
            isSure ? 'bg-bad-soft decoration-bad-mark' : 'bg-attention-soft decoration-attention-mark',
          )}
        >
          {found}
        </mark>
      </span>
    );
  });
  return [...pieces, text.slice(from)];
}

/** Whether a text can be sent as far as it can be judged here. */
export function isSendable(text: string, isMarked: boolean): boolean {
  return charactersOf(text) <= TEXT_LIMIT && !(isMarked && refusedIn(text).some(({ isSure }) => isSure));
}
