import { type ShownReport, shownReport } from '@/lib/feedback/shown-report';
import { teamRules } from '@/lib/feedback/team-rules';
import type { Ctx } from '../ctx';
import { type SymbolsOfReport, symbolsOfReport } from '../symbols/of-report';
import { fetchLogNow, type ShownLog } from './log';

export type { ShownReport };

/** A crash as its page shows it. */
export interface CrashView {
  readonly log: Omit<ShownLog, 'text' | 'names' | 'accountId'>;
  /** What the log says; null while there is none. */
  readonly report: ShownReport | null;
  /** Binaries of the app without names, and whether symbols for them are here. */
  readonly symbols: SymbolsOfReport;
}

/**
 * What the log of a crash says, read for people; a log that is wanted is asked of Apple at once.
 * @throws RefusedError 404, ForbiddenError
 */
export async function readCrash(
  ctx: Ctx,
  which: { readonly id: string; readonly accountId?: string | undefined; readonly isAsked?: boolean },
): Promise<CrashView> {
  const { text, names, accountId, ...log } = await fetchLogNow(ctx, which);
  return {
    log,
    report: text === null ? null : shownReport(text, await teamRules(ctx.db), names),
    symbols: await symbolsOfReport(ctx.db, { accountId, feedbackId: which.id }),
  };
}
