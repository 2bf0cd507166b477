import { isolated } from '@/lib/format/isolated';
import { personName } from '@/lib/format/people';
import type { Tone } from '@/lib/format/tones';
import type { ItemStatus, Job, JobAction, JobItem, JobStatus } from '@/lib/query/jobs';

const STATUSES: Readonly<Record<JobStatus, readonly [words: string, tone: Tone]>> = {
  draft: ['Being prepared', 'quiet'],
  queued: ['Waiting for its turn', 'busy'],
  running: ['Running', 'busy'],
  paused: ['Paused', 'attention'],
  done: ['Done', 'good'],
  failed: ['Stopped', 'bad'],
  cancelled: ['Cancelled', 'quiet'],
  parked: ['Needs somebody', 'bad'],
};

/** The state of a job in words, and its tone. A job that ended with refusals is not simply green. */
export function jobState(job: Job): { words: string; tone: Tone } {
  const [words, tone] = STATUSES[job.status] ?? [job.status, 'quiet'];
  if (job.status === 'done' && job.counts.failed > 0)
    return { words: 'Done, some refused', tone: 'attention' };
  if (job.status === 'done' && job.counts.noEffect > 0)
    return { words: 'Done, some without effect', tone: 'attention' };
  if (job.hold) return { words: 'Held', tone: 'bad' };
  if (job.waiting) return { words: 'Waiting for App Store Connect', tone: 'attention' };
  if (job.status === 'queued' && job.scheduledAt && Date.parse(job.scheduledAt) > Date.now()) {
    return { words: 'Scheduled', tone: 'quiet' };
  }
  return { words, tone };
}

const ITEMS: Readonly<Record<ItemStatus, readonly [words: string, tone: Tone]>> = {
  pending: ['Waiting', 'quiet'],
  sending: ['Being sent', 'busy'],
  done: ['Done', 'good'],
  failed: ['Refused', 'bad'],
  skipped: ['Not needed', 'quiet'],
  ambiguous: ['Being checked', 'attention'],
};

/** The state of one thing of a job. */
export function itemState(
  status: ItemStatus,
  errorCode: string | null = null,
): { words: string; tone: Tone } {
  if (status === 'done' && errorCode !== null) {
    return { words: errorCode === 'FLIGHTDECK.NO_EFFECT' ? 'No effect seen' : 'Accepted', tone: 'attention' };
  }
  const [words, tone] = ITEMS[status] ?? [status, 'quiet'];
  return { words, tone };
}

/** Whom or what an item is about, and the label it was queued under, which tells the nameless apart. */
export function itemWho({
  payload,
  label: given,
  position,
}: Pick<JobItem, 'payload' | 'label' | 'position'>): {
  name: string;
  label: string;
} {
  const { firstName, lastName } = (payload ?? {}) as { firstName?: unknown; lastName?: unknown };
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const label = given ?? `Row ${position + 1}`;
  return { name: personName({ firstName: text(firstName), lastName: text(lastName), email: label }), label };
}

/** The items a person can look at separately. */
export const ITEM_FILTERS: readonly ItemStatus[] = ['failed', 'done', 'skipped', 'pending'];

export const ACTION_WORDS: Readonly<Record<JobAction, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Try refused ones again',
};

/** Everything that needs no further work: done, refused, not needed. */
export function settledCount({ counts }: Pick<Job, 'counts'>): number {
  return counts.done + counts.failed + counts.skipped;
}

/** A sentence as plain text with a capital letter, for toasts; names are isolated. */
export function sentenceWords(parts: Job['sentence']): string {
  const text = parts.map((part) => (typeof part === 'string' ? part : isolated(part.name))).join('');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a button does with this job. */
export function actionWords({ hold, counts }: Pick<Job, 'hold' | 'counts'>, action: JobAction): string {
  if (action === 'resume' && hold) return 'Continue';
  if (action === 'retry' && counts.noEffect > 0) {
    return counts.failed > 0 ? 'Try refused and ineffective ones again' : 'Try those without effect again';
  }
  return ACTION_WORDS[action];
}

/** What the file of rows to mend holds. */
export function fileWords({ counts }: Pick<Job, 'counts'>): string {
  if (counts.noEffect === 0) return 'Refused rows';
  return counts.failed > 0 ? 'Refused rows and those without effect' : 'Rows without effect';
}
