import clsx from 'clsx';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

export interface BannerWords {
  readonly isBad: boolean;
  readonly says: ReactNode;
  readonly advice?: ReactNode;
}

/** One thing that stands in the way, over the whole width, with what to do. */
export function Banner({ words }: { words: BannerWords }) {
  const Icon = words.isBad ? CircleAlert : TriangleAlert;
  return (
    <div
      role={words.isBad ? 'alert' : 'status'}
      className={clsx(
        'flex items-start gap-2.5 border-b px-6 py-2.5 text-sm max-sm:px-4',
        words.isBad ? 'bg-bad-soft text-bad' : 'bg-attention-soft text-attention',
      )}
    >
      <Icon size={16} aria-hidden className="mt-0.5 shrink-0" />
      <p className="text-pretty">
        <strong className="font-semibold">{words.says}.</strong>{' '}
        <span className="text-ink">{words.advice}</span>
      </p>
    </div>
  );
}
