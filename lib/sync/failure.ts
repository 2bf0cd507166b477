import { AscError, type AscErrorKind } from '@/lib/asc/errors';
import { DatabaseUnavailableError } from '@/lib/store/errors';
import { LeaseLostError } from '@/lib/store/lease';

export type AccountStatus =
  | 'ok'
  | 'unauthorized'
  | 'forbidden'
  | 'agreement_missing'
  | 'clock_skew'
  | 'unreachable'
  | 'server'
  /** The key works, but a list cannot be read to its end. */
  | 'incomplete';

/**
 * The states of an account that stand when this one is found. An outage says nothing of what is wrong with the key, which is
 * still so after it; only where something was answered nevertheless, the key is not refused any more.
 */
export function statesThatStay(found: AccountStatus, isAnswered: boolean): readonly AccountStatus[] {
  if (found !== 'unreachable' && found !== 'server') return [found];
  const refused: AccountStatus[] = ['unauthorized', 'agreement_missing', 'clock_skew'];
  return [found, 'forbidden', 'incomplete', ...(isAnswered ? [] : refused)];
}

/** What a failed call means for the run and for the account. */
export interface Failure {
  readonly message: string;
  /** Whether no other list can fare better, so that the whole run ends at once. */
  readonly endsRun: boolean;
  /** What the account's banner should say; undefined when the failure is about one list only. */
  readonly status: AccountStatus | undefined;
  /** Whether trying again soon may help without anybody doing anything. */
  readonly isPassing: boolean;
}

const OF_THE_ACCOUNT: Partial<Record<AscErrorKind, AccountStatus>> = {
  unauthorized: 'unauthorized',
  bad_credential: 'unauthorized',
  agreement_missing: 'agreement_missing',
  clock_skew: 'clock_skew',
  breaker_open: 'server',
};

/**
 * About one list, yet worth a banner: the others go on. An answer that is late or cut off may be one list's own fault;
 * where everything is so, the client stops asking after a few, and that ends the run.
 */
const OF_A_LIST: Partial<Record<AscErrorKind, AccountStatus>> = {
  server: 'server',
  network: 'unreachable',
  timeout: 'unreachable',
  intermediary: 'unreachable',
  forbidden: 'forbidden',
};

const PASSING: readonly AscErrorKind[] = [
  'network',
  'timeout',
  'breaker_open',
  'server',
  'intermediary',
  'rate_limited',
];

/** Reads an error for what to do about it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AscError) {
    const told = error.after ?? error.kind;
    return {
      message: messageOf(error),
      endsRun: OF_THE_ACCOUNT[error.kind] !== undefined || error.is('aborted'),
      status: OF_THE_ACCOUNT[told] ?? OF_A_LIST[told],
      isPassing: PASSING.includes(error.kind),
    };
  }
  if (error instanceof LeaseLostError) {
    return { message: error.message, endsRun: true, status: undefined, isPassing: true };
  }
  if (error instanceof DatabaseUnavailableError) {
    return {
      message: `What Apple sent could not be stored: ${error.message}`,
      endsRun: true,
      status: undefined,
      isPassing: true,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { message, endsRun: true, status: undefined, isPassing: false };
}

/** The client asks for nothing for a moment, since nothing came of it lately; what is under way may still be answered. */
export function isPause(error: unknown): error is AscError {
  return error instanceof AscError && error.is('breaker_open');
}

/** Apple's own detail where there is one, with the list it is about. */
function messageOf(error: AscError): string {
  const detail = error.errors[0]?.detail ?? error.errors[0]?.title;
  const place = error.path === undefined ? '' : ` (${error.method ?? 'GET'} ${error.path.split('?')[0]})`;
  return `${detail && !error.message.includes(detail) ? `${error.message} ${detail}` : error.message}${place}`;
}

/** Answers to a stored next address that say that it leads nowhere (any more). */
const LEADS_NOWHERE = new Set([400, 404, 409, 410, 414, 422, 431]);

/** A stored next address that cannot be asked for, or that Apple no longer knows: the list has to begin again. */
export function isUnusableAddress(error: unknown): boolean {
  if (!(error instanceof AscError)) return false;
  return error.is('foreign_host') || LEADS_NOWHERE.has(error.status ?? 0);
}

/** A list that leads nowhere or round in circles: going on from where it was would only do so again. */
export function isLost(error: unknown): boolean {
  return error instanceof AscError && (error.is('pagination_loop') || isUnusableAddress(error));
}

/** What the list belongs to is gone or no longer visible. */
export function isGone(error: unknown): boolean {
  return error instanceof AscError && error.is('not_found');
}
