/** What a state means for the reader; the only thing red, amber and green are used for. */
export type Tone = 'good' | 'attention' | 'bad' | 'busy' | 'quiet';

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
  'hook.none': 'quiet',
  'hook.gone': 'bad',
  'hook.elsewhere': 'attention',
  'hook.unchecked': 'attention',
  'hook.registered': 'busy',
  'hook.works': 'good',
  'delivery.SUCCEEDED': 'good',
  'delivery.FAILED': 'bad',
  'delivery.PENDING': 'busy',
  'channel.works': 'good',
  'channel.fails': 'bad',
  'told.pending': 'busy',
  'told.sending': 'busy',
  'told.sent': 'good',
  'told.failed': 'bad',
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
  'issue.new': 'attention',
  'issue.triaged': 'busy',
  'issue.inProgress': 'busy',
  'issue.resolved': 'good',
  'issue.wontFix': 'quiet',
  'issue.duplicate': 'quiet',
  'issue.regressed': 'bad',
  'issue.urgent': 'bad',
  'person.disabled': 'attention',
  'tester.unknown': 'quiet',
  'ready.ready': 'good',
  'ready.missing': 'attention',
  'ready.waiting': 'busy',
  'ready.unknown': 'quiet',
  'domain.valid': 'good',
  'domain.invalid': 'bad',
  'domain.unknown': 'quiet',
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
  'light.red': 'bad',
  'light.amber': 'attention',
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
