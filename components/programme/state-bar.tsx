import clsx from 'clsx';
import { MARKS } from '@/components/ui/status';
import { TESTER_WAY } from '@/lib/asc/catalogue/values';
import type { StateCounts } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';
import { formatCount } from '@/lib/format/numbers';
import { toneOf } from '@/lib/format/state-tones';

const ORDER: readonly string[] = [...[...TESTER_WAY].reverse(), 'REVOKED'];

/** The states of testers in the order of their way; states Apple has added since come last, nothing is left out. */
export function statesOf(counts: StateCounts): { state: string; count: number }[] {
  const known = ORDER.map((state) => ({ state, count: counts.byState[state] ?? 0 }));
  const others = Object.entries(counts.byState).filter(([state]) => !ORDER.includes(state));
  return [...known, ...others.map(([state, count]) => ({ state, count }))];
}

/** The name of a tester's state; '' stands for one Apple has not told. */
export function stateName(state: string): string {
  return state === '' ? 'Not known yet' : label(state);
}

/** The colour of a state in bars and legends. */
export function stateColour(state: string): string {
  return clsx(MARKS[toneOf(state)], state === 'ACCEPTED' && 'opacity-60');
}

/** How far testers are on their way, as one bar. */
export function StateBar({ counts, className }: { counts: StateCounts; className?: string }) {
  const states = statesOf(counts).filter(({ count }) => count > 0);
  const words = states
    .map(({ state, count }) => `${formatCount(count)} ${stateName(state).toLowerCase()}`)
    .join(', ');
  return (
    <div
      role="img"
      aria-label={words || 'No testers'}
      data-tip={words || 'No testers'}
      className={clsx('flex h-1.5 gap-px overflow-hidden rounded-full bg-active', className)}
    >
      {states.map(({ state, count }) => (
        <span key={state} style={{ flexGrow: count }} className={clsx('min-w-0.5', stateColour(state))} />
      ))}
    </div>
  );
}
