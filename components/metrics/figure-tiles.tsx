import clsx from 'clsx';
import type { Metrics } from '@/lib/browser/metrics';
import { FIGURE_WORDS, FIGURES, type Figure } from '@/lib/format/metrics';
import { toldOf } from './figures';

/** Every figure of the range; the chosen one is drawn below. */
export function FigureTiles({
  metrics,
  chosen,
  onChoose,
}: {
  metrics: Metrics;
  chosen: Figure;
  onChoose: (figure: Figure) => void;
}) {
  return (
    <fieldset className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-3 xl:grid-cols-6">
      <legend className="sr-only">Figure shown below</legend>
      {FIGURES.map((figure) => {
        const { value, reach, change } = toldOf(metrics, figure);
        const isChosen = figure === chosen;
        return (
          <button
            key={figure}
            type="button"
            aria-pressed={isChosen}
            onClick={() => onChoose(figure)}
            className={clsx(
              'grid content-start gap-0.5 border-b-2 p-4 text-left',
              isChosen ? 'border-accent bg-active' : 'border-transparent bg-surface hover:bg-hover',
            )}
          >
            <span className="text-ink-soft text-sm">{FIGURE_WORDS[figure]}</span>
            <span className="font-semibold text-2xl tabular-nums tracking-tight">{value}</span>
            <span className="text-ink-soft text-xs tabular-nums">{reach}</span>
            <span className="text-ink-soft text-xs tabular-nums">{change}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
