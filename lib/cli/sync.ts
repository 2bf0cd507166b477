import type { AppContext } from '@/lib/context';
import { type AccountRow, accountRows } from '@/lib/services/accounts/rows';
import { accountFromEnvironment } from '@/lib/services/start';
import { runSync, SyncBusyError, type SyncMode, type SyncResult } from '@/lib/sync/run';

export interface SyncOptions {
  readonly mode: SyncMode;
  readonly account: string | undefined;
  readonly isJson: boolean;
}

/** One sync of every account, or of the one that is named; gives the exit code. */
export async function syncCommand(
  context: AppContext,
  { mode, account, isJson }: SyncOptions,
  signal: AbortSignal,
): Promise<number> {
  await accountFromEnvironment(context);
  const accounts = (await accountRows(context.db)).filter(
    ({ id }) => account === undefined || id === account,
  );
  if (accounts.length === 0) {
    process.stderr.write(
      account === undefined
        ? 'There is no App Store Connect account yet. Add a key in Settings, or set ASC_KEY_ID, ASC_ISSUER_ID and ASC_PRIVATE_KEY_PATH.\n'
        : `There is no account ${account}.\n`,
    );
    return 1;
  }
  const results: SyncResult[] = [];
  for (const row of accounts) {
    const result = await syncOne(context, row, mode, signal);
    if (!result) {
      process.stderr.write(`${row.name} is being synced already.\n`);
      return 1;
    }
    results.push(result);
    if (!isJson) process.stdout.write(`${sentence(row, result)}\n`);
  }
  if (isJson) process.stdout.write(`${JSON.stringify(sumOf(results))}\n`);
  return results.every(({ status }) => status === 'succeeded') ? 0 : 1;
}

async function syncOne(
  context: AppContext,
  { id }: AccountRow,
  mode: SyncMode,
  signal: AbortSignal,
): Promise<SyncResult | null> {
  const { db, clock, log } = context;
  const ctx = context.ctx({ kind: 'system', name: 'shell' }, `shell-${clock.now()}`);
  const asc = await ctx.ascFor(id, 'sync');
  try {
    return await runSync({ db, asc, accountId: id, mode, trigger: 'shell', clock, log, signal });
  } catch (error) {
    if (error instanceof SyncBusyError) return null;
    throw error;
  }
}

/** What a script reads; errors stand beside the figures. */
function sumOf(results: readonly SyncResult[]) {
  const perType: Record<string, { seen: number; total: number }> = {};
  for (const result of results) {
    for (const [type, { seen, total }] of Object.entries(result.perType)) {
      const sum = perType[type] ?? { seen: 0, total: 0 };
      perType[type] = { seen: sum.seen + seen, total: sum.total + total };
    }
  }
  const errors = results.flatMap(({ error }) => error ?? []);
  return {
    requests: results.reduce((sum, { requests }) => sum + requests, 0),
    rows: results.reduce((sum, { rows }) => sum + rows, 0),
    ms: results.reduce((sum, { ms }) => sum + ms, 0),
    perType,
    ...(errors.length > 0 ? { errors } : {}),
  };
}

function sentence({ name }: AccountRow, { status, requests, rows, ms, error }: SyncResult): string {
  const figures = `${rows} rows, ${requests} requests, ${(ms / 1000).toFixed(1)} s`;
  return status === 'succeeded' ? `${name}: ${figures}` : `${name}: ${error ?? status} (${figures})`;
}
