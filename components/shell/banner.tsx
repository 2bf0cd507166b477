import clsx from 'clsx';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { BOXES } from '@/components/ui/status';
import { isAlarm, type OurState, ourTone } from '@/lib/format/tones';

export interface BannerWords {
  readonly state: OurState;
  readonly says: ReactNode;
  readonly advice?: ReactNode;
}

/** One thing that stands in the way, over the whole width, with what to do. */
export function Banner({ words }: { words: BannerWords }) {
  const tone = ourTone(words.state);
  const isBad = isAlarm(tone);
  const Icon = isBad ? CircleAlert : TriangleAlert;
  return (
    <div
      role={isBad ? 'alert' : 'status'}
      className={clsx('flex items-start gap-2.5 border-b px-6 py-2.5 text-sm max-sm:px-4', BOXES[tone])}
    >
      <Icon size={16} aria-hidden className="mt-0.5 shrink-0" />
      <p className="text-pretty">
        <strong className="font-semibold">{words.says}.</strong>{' '}
        <span className="text-ink">{words.advice}</span>
      </p>
    </div>
  );
}
