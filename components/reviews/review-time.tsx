import { Time } from '@/components/ui/time';
import { programmeNow } from '@/lib/browser/programme-now';
import type { BuildResource } from '@/lib/browser/types';
import { waitWords } from '@/lib/format/reviews';

/** When a build was submitted, which is Apple's to say, or when a decision was seen here. */
export function ReviewSince({ build: { meta } }: { build: BuildResource }) {
  const { decided, state } = meta?.review ?? {};
  const isDecided = state === 'APPROVED' || state === 'REJECTED';
  if (decided)
    return (
      <span>
        Decided <Time at={decided.at} />
      </span>
    );
  if (meta?.submittedDate == null) return <span className="text-ink-faint">Not dated</span>;
  return (
    <span
      data-tip={isDecided ? 'Decided before Flightdeck looked: only the submission has a date.' : undefined}
    >
      Submitted <Time at={meta.submittedDate} />
    </span>
  );
}

/** A wait against how long the app's past reviews took; what is decided waits no more. */
export function ReviewUsual({ build: { meta } }: { build: BuildResource }) {
  const { usual, state } = meta?.review ?? {};
  if (state !== 'IN_REVIEW' && state !== 'WAITING_FOR_REVIEW')
    return <span className="text-ink-faint">–</span>;
  const { words, isLong } = waitWords(meta?.submittedDate, usual, programmeNow());
  return (
    <span
      // Server and browser look at the clock at different moments.
      suppressHydrationWarning
      className={isLong ? 'text-attention' : 'text-ink-soft'}
      data-tip={isLong ? `${words}: this one takes more than twice as long.` : words}
    >
      {isLong ? 'Longer than usual. ' : null}
      {words}
    </span>
  );
}
