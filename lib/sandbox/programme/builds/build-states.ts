/** Which states of a build go together, as App Store Connect would show them. */

export type ProcessingState = 'PROCESSING' | 'FAILED' | 'INVALID' | 'VALID';
export type InternalBetaState =
  | 'PROCESSING'
  | 'PROCESSING_EXCEPTION'
  | 'MISSING_EXPORT_COMPLIANCE'
  | 'READY_FOR_BETA_TESTING'
  | 'IN_BETA_TESTING'
  | 'EXPIRED'
  | 'IN_EXPORT_COMPLIANCE_REVIEW';
export type ExternalBetaState =
  | InternalBetaState
  | 'READY_FOR_BETA_SUBMISSION'
  | 'WAITING_FOR_BETA_REVIEW'
  | 'IN_BETA_REVIEW'
  | 'BETA_REJECTED'
  | 'BETA_APPROVED'
  | 'NOT_APPLICABLE';
export type ReviewState = 'WAITING_FOR_REVIEW' | 'IN_REVIEW' | 'REJECTED' | 'APPROVED';

export type Outcome =
  | 'PROCESSING'
  | 'FAILED'
  | 'INVALID'
  | 'MISSING_COMPLIANCE'
  | 'COMPLIANCE_REVIEW'
  | 'INTERNAL_ONLY'
  | 'READY_TO_SUBMIT'
  | 'WAITING'
  | 'IN_REVIEW'
  | 'REJECTED'
  | 'APPROVED'
  | 'READY_EXTERNALLY'
  | 'TESTING'
  | 'EXPIRED'
  | 'EXPIRED_BY_HAND';

export interface BuildStates {
  processingState: ProcessingState;
  internal: InternalBetaState;
  external: ExternalBetaState;
  review: ReviewState | null;
  /** The export answer; null while nobody has answered. */
  usesNonExemptEncryption: boolean | null;
  audience: 'INTERNAL_ONLY' | 'APP_STORE_ELIGIBLE';
}

function states(
  internal: InternalBetaState,
  external: ExternalBetaState,
  review: ReviewState | null = null,
  rest: Partial<BuildStates> = {},
): BuildStates {
  return {
    processingState: 'VALID',
    internal,
    external,
    review,
    usesNonExemptEncryption: false,
    audience: 'APP_STORE_ELIGIBLE',
    ...rest,
  };
}

const unanswered = { usesNonExemptEncryption: null } as const;

/** Internal states of VALID builds are those of an app whose team group has every build. */
export const STATES: Record<Outcome, BuildStates> = {
  PROCESSING: states('PROCESSING', 'PROCESSING', null, { processingState: 'PROCESSING', ...unanswered }),
  FAILED: states('PROCESSING_EXCEPTION', 'PROCESSING_EXCEPTION', null, {
    processingState: 'FAILED',
    ...unanswered,
  }),
  INVALID: states('PROCESSING_EXCEPTION', 'PROCESSING_EXCEPTION', null, {
    processingState: 'INVALID',
    ...unanswered,
  }),
  MISSING_COMPLIANCE: states('MISSING_EXPORT_COMPLIANCE', 'MISSING_EXPORT_COMPLIANCE', null, unanswered),
  COMPLIANCE_REVIEW: states('IN_EXPORT_COMPLIANCE_REVIEW', 'IN_EXPORT_COMPLIANCE_REVIEW', null, {
    usesNonExemptEncryption: true,
  }),
  INTERNAL_ONLY: states('IN_BETA_TESTING', 'NOT_APPLICABLE', null, { audience: 'INTERNAL_ONLY' }),
  READY_TO_SUBMIT: states('IN_BETA_TESTING', 'READY_FOR_BETA_SUBMISSION'),
  WAITING: states('IN_BETA_TESTING', 'WAITING_FOR_BETA_REVIEW', 'WAITING_FOR_REVIEW'),
  IN_REVIEW: states('IN_BETA_TESTING', 'IN_BETA_REVIEW', 'IN_REVIEW'),
  REJECTED: states('IN_BETA_TESTING', 'BETA_REJECTED', 'REJECTED'),
  APPROVED: states('IN_BETA_TESTING', 'BETA_APPROVED', 'APPROVED'),
  READY_EXTERNALLY: states('IN_BETA_TESTING', 'READY_FOR_BETA_TESTING', 'APPROVED'),
  TESTING: states('IN_BETA_TESTING', 'IN_BETA_TESTING', 'APPROVED'),
  EXPIRED: states('EXPIRED', 'EXPIRED', 'APPROVED'),
  EXPIRED_BY_HAND: states('EXPIRED', 'EXPIRED', null),
};

/** What an app's newest builds came to, newest first; apps take turns, so ten show every state. */
export const NEWEST: readonly (readonly Outcome[])[] = [
  ['MISSING_COMPLIANCE', 'IN_REVIEW', 'REJECTED', 'TESTING'],
  ['PROCESSING', 'WAITING', 'INTERNAL_ONLY', 'APPROVED', 'TESTING'],
  ['READY_TO_SUBMIT', 'COMPLIANCE_REVIEW', 'APPROVED', 'FAILED', 'TESTING'],
  ['TESTING', 'INVALID', 'READY_EXTERNALLY', 'EXPIRED_BY_HAND', 'TESTING'],
  ['READY_TO_SUBMIT', 'REJECTED', 'TESTING'],
];

/** How older builds that still live ended up, and how often. */
export const OLDER: readonly (readonly [Outcome, number])[] = [
  ['TESTING', 70],
  ['READY_TO_SUBMIT', 9],
  ['FAILED', 4],
  ['INVALID', 2],
  ['REJECTED', 4],
  ['INTERNAL_ONLY', 5],
  ['EXPIRED_BY_HAND', 4],
  ['APPROVED', 2],
];
