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

/** Whether we know what a state means for the reader. */
export function isKnownState(state: string): boolean {
  return Object.hasOwn(TONES, state);
}

/** The tone of a state; a state we do not know is quiet, never an alarm. */
export function toneOf(state: string | null | undefined): Tone {
  return (state && Object.hasOwn(TONES, state) && TONES[state]) || 'quiet';
}
