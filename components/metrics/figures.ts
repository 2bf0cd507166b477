import type { Metrics, Sum, Use } from '@/lib/browser/metrics';
import { crashFree, crashFreeWords } from '@/lib/format/crash-free';
import { COUNT_OF, type Figure } from '@/lib/format/metrics';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { daysBetween } from '@/lib/format/utc-days';
import { rangeWords } from './day-words';

/** What a figure is in all, as its tile says it. */
export interface Told {
  readonly value: string;
  /** Of how many days it tells, or of which. */
  readonly reach: string;
  readonly change: string;
}

const NOTHING_BEFORE = 'Nothing to compare with yet';

/** What a figure is over the whole range, and against the one before. */
export function toldOf(metrics: Metrics, figure: Figure): Told {
  if (figure === 'active') return activeTold(metrics);
  const days = daysBetween(metrics.range.from, metrics.range.to);
  if (figure === 'crashFree') return crashFreeTold(metrics, days);
  const { total, totalBefore } = metrics.figures[COUNT_OF[figure]];
  return {
    value: formatCount(total.value),
    reach: reachOf(total, days),
    change: changeOf(total, totalBefore),
  };
}

function reachOf(sum: Pick<Sum, 'days'>, days: number): string {
  if (sum.days === 0) return 'No figures yet';
  return sum.days === days ? formatPlural(days, 'day') : `${sum.days} of ${formatPlural(days, 'day')}`;
}

/** Sums of as many days can be compared, others not. */
function changeOf(now: Sum, before: Sum): string {
  if (now.value === null || before.value === null) return NOTHING_BEFORE;
  const then = `${formatCount(before.value)} before`;
  if (now.days !== before.days) return `${then}, of ${formatPlural(before.days, 'day')}`;
  return `${signed(now.value, before.value)}${then}`;
}

const PERCENT = new Intl.NumberFormat('en-US', {
  style: 'percent',
  maximumFractionDigits: 0,
  signDisplay: 'exceptZero',
});

function signed(now: number, before: number): string {
  return before === 0 ? '' : `${PERCENT.format((now - before) / before)}, `;
}

function crashFreeTold({ figures, crashFree: { total, totalBefore } }: Metrics, days: number): Told {
  const then = crashFree(totalBefore);
  return {
    value: crashFree(total) ?? '–',
    reach: shareReach(total, figures.sessionCount.total, days),
    change:
      then === null
        ? NOTHING_BEFORE
        : `${then} before, of ${formatPlural(totalBefore.sessionCount ?? 0, 'session')}`,
  };
}

/** What a share of crash-free sessions is made of, and of how many days where sessions are told of others too. */
export function shareReach(use: Use, sessions: Sum, days: number): string {
  if (use.days === 0) return sessions.days === 0 ? 'No figures yet' : 'No day has both sessions and crashes';
  const words = crashFreeWords(use);
  return use.days === sessions.days ? words : `${words}, ${reachOf(use, days)}`;
}

function activeTold({ active: { last, lastBefore } }: Metrics): Told {
  return {
    value: formatCount(last?.value),
    reach: last ? rangeWords({ from: last.start, to: last.end }) : 'No figures yet',
    change:
      last && lastBefore
        ? `${signed(last.value, lastBefore.value)}${formatCount(lastBefore.value)} before`
        : NOTHING_BEFORE,
  };
}

/** A figure of one day as it is drawn and as it is written. */
export interface DayValue {
  readonly drawn: number | null;
  readonly words: string;
}

/** A figure day by day, of the range or of the one before. */
export function valuesOf(metrics: Metrics, figure: Figure, period: 'days' | 'before'): DayValue[] {
  if (figure === 'crashFree') {
    const { sessionCount, crashCount } = metrics.figures;
    return sessionCount[period].map((sessions, at) => {
      const crashes = crashCount[period][at];
      const share = crashFree({ sessionCount: sessions, crashCount: crashes });
      return {
        drawn: share === null ? null : Number.parseFloat(share),
        words: share === null ? '–' : `${share} of ${formatPlural(sessions ?? 0, 'session')}`,
      };
    });
  }
  const series = figure === 'active' ? metrics.active : metrics.figures[COUNT_OF[figure]];
  return series[period].map((value) => ({ drawn: value, words: formatCount(value) }));
}

/** The days of a figure that something is missing on. */
export function gapsOf(metrics: Metrics, figure: Figure): Metrics['active']['gaps'] {
  if (figure === 'active') return metrics.active.gaps;
  return metrics.figures[figure === 'crashFree' ? 'sessionCount' : COUNT_OF[figure]].gaps;
}
