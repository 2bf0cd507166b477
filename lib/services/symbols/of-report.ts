import type { Database } from '@/lib/store/database';
import { needsOfReport } from '@/lib/symbols/rows';

/** How it stands with the names of one report's calls. */
export interface SymbolsOfReport {
  /** Binaries whose symbols are not here. */
  readonly missing: readonly { readonly uuid: string; readonly name: string }[];
  /** How many whose symbols are here and are going to be read. */
  readonly waiting: number;
  /** Why they could not be read yet, in words. */
  readonly trouble: string | null;
}

/** Which symbols a report needs, and whether they are here. */
export async function symbolsOfReport(
  db: Database,
  key: { readonly accountId: string; readonly feedbackId: string },
): Promise<SymbolsOfReport> {
  const wanted = (await needsOfReport(db, key)).filter(({ state }) => state === 'wanted');
  return {
    missing: wanted.flatMap(({ uuid, name, stored }) => (stored === null ? [{ uuid, name }] : [])),
    waiting: wanted.filter(({ stored }) => stored !== null).length,
    trouble: wanted.find(({ trouble }) => trouble !== null)?.trouble ?? null,
  };
}
