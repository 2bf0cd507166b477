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
  succeeded: 'good',
  failed: 'bad',
  unknown: 'attention',
  pending: 'busy',
  running: 'busy',
  ok: 'good',
};

/** The tone of a state; a state we do not know is quiet, never an alarm. */
export function toneOf(state: string | null | undefined): Tone {
  return (state && Object.hasOwn(TONES, state) && TONES[state]) || 'quiet';
}
