import type { ItemStatus, Job, JobAction, JobGate, JobItem, JobStatus } from '@/lib/browser/jobs';
import { isOpen } from '@/lib/browser/open-jobs';
import { formatCount } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';
import { type OurState, ourTone, type Tone } from '@/lib/format/tones';

const STATUSES: Readonly<Record<JobStatus, string>> = {
  draft: 'Being prepared',
  queued: 'Waiting for its turn',
  running: 'Running',
  paused: 'Paused',
  done: 'Done',
  failed: 'Stopped',
  cancelled: 'Cancelled',
  parked: 'Needs somebody',
};

interface StateWords {
  readonly words: string;
  readonly tone: Tone;
}

/** The state of a job in words, and its tone. A job that ended with refusals is not simply green. */
export function jobState(job: Job & { readonly gate?: JobGate | null }): StateWords {
  const { status, counts } = job;
  if (status === 'done' && counts.failed > 0) return told('Done, some refused', 'job.doneInPart');
  if (status === 'done' && counts.noEffect > 0) return told('Done, some without effect', 'job.doneInPart');
  if (job.hold || job.gate?.isHeld) return told('Held', 'job.held');
  // What a ship waits for, its steps say: Apple, a time or a person.
  if (job.waiting && isOpen(job))
    return told(job.kind === 'ship' ? 'Waiting' : 'Waiting for App Store Connect', 'job.waiting');
  if (status === 'queued' && job.scheduledAt && Date.parse(job.scheduledAt) > Date.now()) {
    return told('Scheduled', 'job.scheduled');
  }
  return told(STATUSES[status] ?? status, `job.${status}`);
}

const ITEMS: Readonly<Record<ItemStatus, string>> = {
  pending: 'Waiting',
  sending: 'Being sent',
  done: 'Done',
  failed: 'Refused',
  skipped: 'Not needed',
  ambiguous: 'Being checked',
};

/** What was left as it is for a reason of its own. */
const LEFT: Readonly<Record<string, StateWords>> = {
  'FLIGHTDECK.KEPT': told('Kept', 'item.skipped'),
  'FLIGHTDECK.LATER': told('Not yet', 'item.skipped'),
  'FLIGHTDECK.RECREATE': told('Not possible', 'item.doubtful'),
  'FLIGHTDECK.BLOCKED': told('Not possible', 'item.doubtful'),
};

/** The state of one thing of a job. */
export function itemState(status: ItemStatus, errorCode: string | null = null): StateWords {
  if (status === 'done' && errorCode !== null) {
    return told(errorCode === 'FLIGHTDECK.NO_EFFECT' ? 'No effect seen' : 'Accepted', 'item.doubtful');
  }
  if (errorCode === 'FLIGHTDECK.WOULD_STOP') return told('Would stop', 'item.failed');
  if (errorCode === 'FLIGHTDECK.PLANNED') return told('Planned', 'item.skipped');
  const left = status === 'skipped' && errorCode !== null ? LEFT[errorCode] : undefined;
  if (left) return left;
  return told(ITEMS[status] ?? status, `item.${status}`);
}

function told(words: string, state: OurState): StateWords {
  return { words, tone: ourTone(state) };
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

/** Whether an item says what would become of it: nothing was done, so it has no time. */
export const isPlanned = (code: string | null): boolean =>
  code === 'FLIGHTDECK.PLANNED' || code === 'FLIGHTDECK.WOULD_STOP';

/** Whether a job only says what another one would do. */
export function isDryRun({ params }: Pick<Job, 'params'>): boolean {
  return (params as { isDryRun?: unknown } | null)?.isDryRun === true;
}

/** What is neither done nor refused: of a file, what would be sent is told apart from what is left as it is. */
export function skippedWords({
  kind,
  params,
  counts: { skipped },
}: Pick<Job, 'kind' | 'params' | 'counts'>): string {
  const isFile = kind === 'apply-programme';
  if (!isDryRun({ params })) return `${formatCount(skipped)} ${isFile ? 'left' : 'not needed'}`;
  const { planned } = (params ?? {}) as { planned?: unknown };
  if (!isFile || typeof planned !== 'number' || planned >= skipped) return `${formatCount(skipped)} planned`;
  return `${formatCount(planned)} planned, ${formatCount(skipped - planned)} left`;
}

/** What a filter of a job's items is called: what is not sent has not the same reason in every kind of job. */
export function filterWords({ kind, params }: Pick<Job, 'kind' | 'params'>, status: ItemStatus): string {
  if (status !== 'skipped') return itemState(status).words;
  const isFile = kind === 'apply-programme';
  if (isDryRun({ params })) return isFile ? 'Planned or left' : 'Planned';
  return isFile ? 'Left' : itemState(status).words;
}

/** Everything that needs no further work: done, refused, not needed. */
export function settledCount({ counts }: Pick<Job, 'counts'>): number {
  return counts.done + counts.failed + counts.skipped;
}

/** What a button does with this job. */
export function actionWords(
  { hold, counts, kind }: Pick<Job, 'hold' | 'counts' | 'kind'>,
  action: JobAction,
): string {
  if (action === 'retry' && kind === 'ship') return 'Go on';
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
