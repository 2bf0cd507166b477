import { formatCount, formatPlural } from './numbers';

interface Use {
  readonly sessionCount?: number | null | undefined;
  readonly crashCount?: number | null | undefined;
}

/** Where the figure comes from, wherever it is shown. */
export const CRASH_FREE_REACH =
  'Of the whole build, all its groups together. App Store Connect does not say how late its counts are.';

/** "99.4%": 1 − crashes ÷ sessions, rounded down, so that one crash is never 100 %; null where nothing can be said. */
export function crashFree({ sessionCount, crashCount }: Use): string | null {
  if (sessionCount == null || crashCount == null || sessionCount <= 0) return null;
  const thousandths = Math.floor(((sessionCount - crashCount) * 1_000) / sessionCount);
  return `${Math.max(0, thousandths) / 10}%`;
}

/** The formula with both inputs, or why there is no figure. */
export function crashFreeWords(use: Use): string {
  const { sessionCount, crashCount } = use;
  if (sessionCount == null || crashCount == null) return 'Sessions and crashes have not been read yet.';
  if (sessionCount <= 0)
    return crashCount > 0
      ? `No sessions are counted, but ${formatPlural(crashCount, 'crash', 'crashes')}: no share can be told.`
      : 'No sessions yet: no share can be told.';
  return `1 − ${formatPlural(crashCount, 'crash', 'crashes')} ÷ ${formatCount(sessionCount)} ${sessionCount === 1 ? 'session' : 'sessions'}`;
}
