import { EncryptionKeyChangedError } from '@/lib/access/key-store';
import { ForbiddenError } from '@/lib/access/policy';
import { EmailTakenError, LastAdminError } from '@/lib/access/users';
import { type AppleError, type AscError, type AscErrorKind, isAscError } from '@/lib/asc/errors';
import { type Problem, RefusedError } from '@/lib/services/errors';
import { DatabaseUnavailableError, StaleWriteError, unavailability } from '@/lib/store/database';

/** A failure as it is shown: a status, JSON:API errors, and when to try again (ms since 1970). */
export interface Shown {
  readonly status: number;
  readonly problems: readonly (Problem | AppleProblem)[];
  readonly retryAt?: number | undefined;
  /** Whether this is a fault of ours that belongs in the log with its stack. */
  readonly isFault: boolean;
}

/** Apple's own error, as it came, marked as Apple's. */
export type AppleProblem = Omit<AppleError, 'id'> & { readonly meta: Readonly<Record<string, unknown>> };

/** How long to wait when nobody says, ms. */
const RETRY_MS = 5_000;

/** Turns anything thrown into what a caller may see: never a stack, SQL, a path or a version. */
export function shown(error: unknown, now: number): Shown {
  if (error instanceof RefusedError) {
    return { status: error.status, problems: error.problems, retryAt: error.retryAt, isFault: false };
  }
  if (error instanceof ForbiddenError) {
    return ours(403, 'FLIGHTDECK.FORBIDDEN', 'Not allowed', error.message, { permission: error.permission });
  }
  if (error instanceof LastAdminError)
    return ours(409, 'FLIGHTDECK.LAST_ADMIN', 'Not possible', error.message);
  if (error instanceof EmailTakenError)
    return ours(409, 'FLIGHTDECK.EMAIL_TAKEN', 'Not possible', error.message);
  if (error instanceof EncryptionKeyChangedError)
    return ours(503, 'FLIGHTDECK.ENCRYPTION_KEY', 'Another encryption key is needed', error.message);
  if (error instanceof StaleWriteError) {
    const detail = 'Somebody else changed this at the same moment. Look at it again and repeat what you did.';
    return ours(409, 'FLIGHTDECK.CHANGED_MEANWHILE', 'Changed meanwhile', detail);
  }
  if (isAscError(error)) return ofApple(error, now);
  const reason = unavailability(error);
  if (reason !== null) {
    const detail = error instanceof DatabaseUnavailableError ? error.message : 'The database cannot be used.';
    return {
      ...ours(
        503,
        `FLIGHTDECK.DATABASE_${reason.toUpperCase()}`,
        TITLES[reason] ?? 'The database cannot be written',
        DATABASE[reason] ?? detail,
      ),
      retryAt: now + RETRY_MS,
    };
  }
  return {
    ...ours(
      500,
      'FLIGHTDECK.INTERNAL',
      'Flightdeck failed',
      'Flightdeck made a mistake. The id of this request leads to it in the log.',
    ),
    isFault: true,
  };
}

/** Where it is not that nothing can be written. */
const TITLES: Readonly<Record<string, string>> = {
  unreachable: 'The database cannot be reached',
  exhausted: 'The database is too busy',
  slow: 'The database is too busy',
};

const DATABASE: Readonly<Record<string, string>> = {
  locked: 'Another process is writing to the database. Nothing was changed; try again in a moment.',
  full: 'The disk is full. Nothing was sent to App Store Connect; make room and try again.',
  readonly: 'The database cannot be written. Nothing was sent to App Store Connect.',
  io: 'The disk gave an error. Nothing was sent to App Store Connect.',
  unreachable: 'The database cannot be reached. Try again in a moment.',
  exhausted: 'All connections to the database are in use. Try again in a moment.',
  slow: 'The database took too long to answer. Try again in a moment.',
};

function ours(
  status: number,
  code: string,
  title: string,
  detail: string,
  meta?: Record<string, unknown>,
): Shown {
  return { status, problems: [{ status, code, title, detail, ...(meta ? { meta } : {}) }], isFault: false };
}

/** Status, title and what to do, where Apple gave no errors of its own. */
const KINDS: Readonly<Record<AscErrorKind, readonly [status: number, title: string]>> = {
  unauthorized: [502, 'App Store Connect refused the key'],
  bad_credential: [502, 'The App Store Connect key cannot be used'],
  clock_skew: [502, 'This server’s clock is wrong'],
  forbidden: [403, 'App Store Connect does not allow this'],
  agreement_missing: [403, 'An agreement is missing'],
  not_found: [404, 'Not found at App Store Connect'],
  conflict: [409, 'App Store Connect refused the change'],
  unprocessable: [422, 'App Store Connect refused the change'],
  invalid_request: [400, 'App Store Connect refused the request'],
  rate_limited: [429, 'The hourly request limit is reached'],
  server: [502, 'App Store Connect failed'],
  intermediary: [502, 'Something between this server and App Store Connect answered'],
  network: [503, 'App Store Connect cannot be reached'],
  timeout: [504, 'App Store Connect did not answer in time'],
  aborted: [499, 'The request was given up'],
  malformed_response: [502, 'App Store Connect answered with something unreadable'],
  too_large: [502, 'App Store Connect’s answer is too large'],
  foreign_host: [502, 'App Store Connect pointed at another host'],
  pagination_loop: [502, 'App Store Connect’s pages repeat'],
  breaker_open: [503, 'App Store Connect is not being asked for a while'],
  outcome_unknown: [504, 'It is not known whether the change was made'],
};

const WAITABLE: readonly AscErrorKind[] = [
  'rate_limited',
  'network',
  'timeout',
  'breaker_open',
  'server',
  'intermediary',
];

function ofApple(error: AscError, now: number): Shown {
  const [status, title] = KINDS[error.kind];
  const meta = {
    apple: true,
    kind: error.kind,
    ...(error.requestId ? { appleRequestId: error.requestId } : {}),
    ...(error.skewMs === undefined ? {} : { skewMs: error.skewMs }),
  };
  const fromApple = error.errors.map(({ id, ...entry }): AppleProblem => {
    return { ...entry, meta: { ...meta, ...(id ? { appleErrorId: id } : {}) } };
  });
  const detail = error.message;
  const code = `FLIGHTDECK.ASC_${error.kind.toUpperCase()}`;
  return {
    status,
    problems: fromApple.length > 0 ? fromApple : [{ status, code, title, detail, meta }],
    retryAt: error.retryAt ?? (WAITABLE.includes(error.kind) ? now + RETRY_MS : undefined),
    isFault: false,
  };
}
