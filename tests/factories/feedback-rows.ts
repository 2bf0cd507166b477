import type { Reading } from '@/lib/feedback/reading';
import type { Store } from '@/lib/store/store';

export const ACCOUNT = 'account-1';
export const APP = 'app-1';
export const NOW = Date.parse('2026-03-01T10:00:00.000Z');

export interface AReport {
  readonly id: string;
  readonly type?: 'crash' | 'screenshot';
  readonly appId?: string;
  readonly accountId?: string;
  readonly comment?: string | null;
  readonly createdDate?: string | null;
  readonly testerId?: string | null;
  readonly email?: string | null;
  readonly buildId?: string | null;
  readonly [column: string]: unknown;
}

/** Puts reports where a sync would, each a minute newer than the one before. */
export async function reported(db: Store, reports: readonly AReport[]): Promise<void> {
  const rows = reports.map(({ type = 'crash', ...report }, at) => ({
    accountId: ACCOUNT,
    appId: APP,
    type: type === 'crash' ? 'betaFeedbackCrashSubmissions' : 'betaFeedbackScreenshotSubmissions',
    createdDate: new Date(NOW - 86_400_000 + at * 60_000).toISOString(),
    comment: null,
    document: '{}',
    generation: 1,
    fetchedAt: NOW,
    ...report,
  }));
  for (let at = 0; at < rows.length; at += 500) {
    await db.write([db.build.insertInto('feedback').values(rows.slice(at, at + 500))]);
  }
}

/** What a log says, by the names of its stack's functions: two make an issue, all a variant. */
export function aReading(functions: string, more: Partial<Reading> = {}): Reading {
  return {
    rule: 1,
    issueHash: functions.split(' ').slice(0, 2).join('-'),
    variantHash: `v${functions.split(' ').join('-')}`,
    exceptionType: 'EXC_BAD_ACCESS',
    crashKind: 'BAD_ACCESS',
    topFrame: functions.split(' ')[0] ?? null,
    isSymbolicated: 1,
    title: '',
    words: functions,
    ...more,
  };
}

export async function reportsOf(db: Store, ...ids: string[]) {
  const rows = await db.read(db.build.selectFrom('feedback').selectAll().orderBy('id'));
  return ids.length === 0 ? rows : rows.filter(({ id }) => ids.includes(id));
}

/** The issues that stand, by their ids. */
export async function issuesOf(db: Store) {
  const rows = await db.read(db.build.selectFrom('issues').selectAll().orderBy('id'));
  return new Map(rows.map((row) => [row.id, row]));
}

/** Which reports are together: sorted, with blanks between those of one issue. */
export async function together(db: Store): Promise<string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, issueId } of await reportsOf(db))
    groups.set(issueId ?? '-', [...(groups.get(issueId ?? '-') ?? []), id]);
  return [...groups.values()].map((ids) => ids.sort().join(' ')).sort();
}
