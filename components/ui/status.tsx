import clsx from 'clsx';
import type { Tone } from '@/lib/format/tones';

/** The mark of a tone, in dots, bars and legends. */
export const MARKS: Readonly<Record<Tone, string>> = {
  good: 'bg-good-mark',
  attention: 'bg-attention-mark',
  bad: 'bg-bad-mark',
  busy: 'bg-accent-ink',
  quiet: 'bg-line-strong',
};

/** A state: a dot for the eye, words for everybody. */
export function Status({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className="status">
      <Dot tone={tone} />
      <span>{children}</span>
    </span>
  );
}

/** The colour of a state alone, beside its word. */
export function Dot({ tone, isPulsing = false }: { tone: Tone; isPulsing?: boolean }) {
  return <span aria-hidden className={clsx(isPulsing && 'skeleton', 'dot', MARKS[tone])} />;
}

/** The ground and ink of a tone, in badges and banners. */
export const BOXES: Readonly<Record<Tone, string>> = {
  good: 'bg-good-soft text-good',
  attention: 'bg-attention-soft text-attention',
  bad: 'bg-bad-soft text-bad',
  busy: 'bg-accent-soft text-accent-ink',
  quiet: 'bg-active text-ink-soft',
};

/** A small word beside a name: Internal, Public link. */
export function Badge({ tone = 'quiet', children }: { tone?: Tone; children: React.ReactNode }) {
  return (
    <span
      className={clsx(
        'inline-flex h-5 shrink-0 items-center rounded-sm px-1.5 font-medium text-xs',
        BOXES[tone],
      )}
    >
      {children}
    </span>
  );
}
