import { ChevronDown, ChevronUp } from 'lucide-react';
import Link from 'next/link';
import { buttonClass } from '@/components/ui/button';
import { formatCount } from '@/lib/format/numbers';
import type { DetailNeighbours, Step } from './use-detail-neighbours';

/** Which row of its list a detail is, and the ways to the rows beside it. */
export function Neighbours({
  neighbours: { previous, next, place, total },
  one,
  many,
}: {
  neighbours: DetailNeighbours;
  one: string;
  many: string;
}) {
  if (place === null) return null;
  return (
    <nav
      aria-label={`${many} of the list`}
      className="flex items-center max-sm:absolute max-sm:-top-0.5 max-sm:-right-2"
    >
      <span className="px-1 text-ink-soft text-sm tabular-nums max-sm:sr-only">
        {formatCount(place)}
        {total === null ? '' : ` of ${formatCount(total)}`}
      </span>
      <StepLink step={previous} name={`Previous ${one}`} keys="k" Icon={ChevronUp} />
      <StepLink step={next} name={`Next ${one}`} keys="j" Icon={ChevronDown} />
    </nav>
  );
}

function StepLink({
  step,
  name,
  keys,
  Icon,
}: {
  step: Step | undefined;
  name: string;
  keys: string;
  Icon: typeof ChevronUp;
}) {
  if (!step) {
    return (
      <span aria-hidden className={buttonClass('ghost', 'md', 'px-2 opacity-40')}>
        <Icon size={15} />
      </span>
    );
  }
  return (
    <Link
      href={step.href}
      onClick={(event) => {
        step.keep();
        if (!step.go || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        step.go(step.href);
      }}
      replace
      prefetch={false}
      aria-label={name}
      data-tip={name}
      data-keys={keys}
      className={buttonClass('ghost', 'md', 'px-2')}
    >
      <Icon size={15} aria-hidden />
    </Link>
  );
}
