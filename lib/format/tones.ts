/** What a state means for the reader; the only thing red, amber and green are used for. */
export type Tone = 'good' | 'attention' | 'bad' | 'busy' | 'quiet';

const TONES: Readonly<Record<string, Tone>> = {
  INSTALLED: 'good',
  ACCEPTED: 'good',
  INVITED: 'busy',
  NOT_INVITED: 'quiet',
  REVOKED: 'bad',
  VALID: 'good',
  PROCESSING: 'busy',
  FAILED: 'bad',
  INVALID: 'bad',
  PROCESSING_EXCEPTION: 'bad',
  MISSING_EXPORT_COMPLIANCE: 'attention',
  READY_FOR_BETA_TESTING: 'good',
  IN_BETA_TESTING: 'good',
  EXPIRED: 'quiet',
  IN_EXPORT_COMPLIANCE_REVIEW: 'busy',
  READY_FOR_BETA_SUBMISSION: 'attention',
  WAITING_FOR_BETA_REVIEW: 'busy',
  IN_BETA_REVIEW: 'busy',
  BETA_REJECTED: 'bad',
  BETA_APPROVED: 'good',
  NOT_APPLICABLE: 'quiet',
  WAITING_FOR_REVIEW: 'busy',
  IN_REVIEW: 'busy',
  REJECTED: 'bad',
  APPROVED: 'good',
  COMPLETE: 'good',
  AWAITING_UPLOAD: 'busy',
  READY_FOR_TESTING: 'good',
  PROCESSING_FOR_TESTING: 'busy',
  SUPERSEDED: 'quiet',
  PREPARE_FOR_SUBMISSION: 'quiet',
  READY_FOR_REVIEW: 'attention',
  PROCESSING_FOR_DISTRIBUTION: 'busy',
  READY_FOR_DISTRIBUTION: 'good',
  DEVELOPER_REMOVED_FROM_SALE: 'quiet',
  DEVELOPER_REJECTED: 'quiet',
  INVALID_BINARY: 'bad',
  METADATA_REJECTED: 'bad',
  PENDING_APPLE_RELEASE: 'busy',
  PENDING_CONTRACT: 'attention',
  PENDING_DEVELOPER_RELEASE: 'attention',
  PREORDER_READY_FOR_SALE: 'good',
  PROCESSING_FOR_APP_STORE: 'busy',
  READY_FOR_SALE: 'good',
  REMOVED_FROM_SALE: 'bad',
  WAITING_FOR_EXPORT_COMPLIANCE: 'busy',
  REPLACED_WITH_NEW_VERSION: 'quiet',
  UNRESOLVED_ISSUES: 'bad',
  CANCELING: 'busy',
  COMPLETING: 'busy',
  SUCCEEDED: 'good',
  PENDING: 'busy',
  RECEIVED: 'good',
  DEACTIVATED: 'quiet',
  APP_TRANSFER_IN_PROGRESS: 'busy',
  MATCHED: 'good',
  NO_MATCH: 'bad',
  succeeded: 'good',
  failed: 'bad',
  unknown: 'attention',
  pending: 'busy',
  running: 'busy',
  ok: 'good',
};

/** States of ours, and what the interface concludes from Apple's: the only place that gives them a tone. */
const OURS = {
  'job.draft': 'quiet',
  'job.queued': 'busy',
  'job.running': 'busy',
  'job.scheduled': 'quiet',
  'job.waiting': 'attention',
  'job.paused': 'attention',
  'job.done': 'good',
  'job.doneInPart': 'attention',
  'job.failed': 'bad',
  'job.cancelled': 'quiet',
  'job.parked': 'bad',
  'job.held': 'bad',
  'item.pending': 'quiet',
  'item.sending': 'busy',
  'item.done': 'good',
  'item.doubtful': 'attention',
  'item.failed': 'bad',
  'item.skipped': 'quiet',
  'item.ambiguous': 'attention',
  'row.invite': 'good',
  'row.addToGroup': 'busy',
  'row.alreadyThere': 'quiet',
  'row.held': 'attention',
  'row.invalid': 'bad',
  'sync.running': 'busy',
  'sync.failed': 'bad',
  'sync.idle': 'good',
  'key.ok': 'good',
  'key.unauthorized': 'bad',
  'key.forbidden': 'bad',
  'key.agreement_missing': 'bad',
  'key.clock_skew': 'bad',
  'key.unreachable': 'attention',
  'key.server': 'attention',
  'key.incomplete': 'attention',
  'worker.dead': 'attention',
  'quota.used': 'attention',
  'server.away': 'bad',
  'store.full': 'bad',
  'store.locked': 'attention',
  'store.encryption_key': 'bad',
  'store.readonly': 'bad',
  'store.io': 'bad',
  'person.disabled': 'attention',
  'tester.unknown': 'quiet',
  'link.off': 'quiet',
  'link.on': 'good',
  'link.blocked': 'bad',
  'link.warning': 'attention',
  'places.free': 'busy',
  'places.scarce': 'attention',
  'places.none': 'bad',
  'fit.some': 'good',
  'fit.none': 'bad',
  'fit.unknown': 'attention',
  'look.build_expiring': 'attention',
  'look.export_compliance_missing': 'attention',
  'look.waiting_for_review': 'busy',
  'look.review_rejected': 'bad',
  'look.link_nearly_full': 'attention',
  'look.testers_nearly_full': 'attention',
  'look.key_refused': 'bad',
  'look.sync_failed': 'bad',
  'look.some': 'attention',
} as const satisfies Readonly<Record<string, Tone>>;

export type OurState = keyof typeof OURS;

/** The tone of a state of ours; one that another version knows is quiet. */
export function ourTone(state: OurState): Tone {
  return OURS[state] ?? 'quiet';
}

/** Whether a tone is worth interrupting for. */
export function isAlarm(tone: Tone): boolean {
  return tone === 'bad';
}

const URGENCY: readonly Tone[] = ['bad', 'attention', 'busy', 'good', 'quiet'];

/** Puts what is refused or failed first, then what runs out, then what only waits; equals keep their order. */
export function mostUrgentFirst<T>(things: readonly T[], toneOfThing: (thing: T) => Tone): T[] {
  const rank = (thing: T) => URGENCY.indexOf(toneOfThing(thing));
  return things.toSorted((a, b) => rank(a) - rank(b));
}

/** Whether we know what a state means for the reader. */
export function isKnownState(state: string): boolean {
  return Object.hasOwn(TONES, state);
}

/** The tone of a state; a state we do not know is quiet, never an alarm. */
export function toneOf(state: string | null | undefined): Tone {
  return (state && Object.hasOwn(TONES, state) && TONES[state]) || 'quiet';
}
