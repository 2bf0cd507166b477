import type { SyncStatus } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';

const NOUNS: Readonly<Record<string, string>> = {
  apps: 'apps',
  betaGroups: 'groups',
  betaTesters: 'testers',
  builds: 'builds',
  feedback: 'feedback',
  betaFeedbackScreenshotSubmissions: 'screenshot feedback',
  betaFeedbackCrashSubmissions: 'crash feedback',
};

/** A type in the plural as people say it. */
export function typeNoun(type: string): string {
  return NOUNS[type] ?? type;
}

/** "testers 400 of 2,000", for the type that still has most to do. */
export function progressWords(status: SyncStatus): string {
  const steps = Object.entries(status.progress ?? {});
  const open = steps.filter(([, step]) => !step.total || step.seen < step.total);
  const [type, step] = open.at(0) ?? steps.at(-1) ?? [];
  if (!type || !step) return 'starting';
  return `${typeNoun(type)} ${formatCount(step.seen)}${step.total ? ` of ${formatCount(step.total)}` : ''}`;
}

/** The account that most needs a look: running, then failed, then one in trouble, then the one synced longest ago. */
export function foremost(accounts: readonly SyncStatus[]): SyncStatus | undefined {
  const rank = { running: 0, failed: 1, idle: 2 };
  return [...accounts].sort(
    (a, b) =>
      (rank[a.status] ?? 3) - (rank[b.status] ?? 3) ||
      Number(a.accountStatus === 'ok') - Number(b.accountStatus === 'ok') ||
      (a.lastSucceededAt ?? '').localeCompare(b.lastSucceededAt ?? ''),
  )[0];
}
