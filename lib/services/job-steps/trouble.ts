import { AscError, reasonsOf } from '@/lib/asc/errors';
import type { AuditProblem } from '@/lib/audit/entry';
import { type Concern, Sleep, type Trouble } from '@/lib/jobs/types';
import { DatabaseUnavailableError } from '@/lib/store/errors';
import { RefusedError } from '../errors';
import { SendError } from '../resources/send';

const UNTOLD_WAIT_MS = 60_000;
const RETRY_MS = 5000;

/** What an error of an item means for the item and its job. */
export function troubleOf(error: unknown, now: number): Trouble {
  if (error instanceof SendError) {
    const trouble = ofCall(troubleOf(error.cause, now), error.sentAt !== null);
    const status = trouble.kind === 'unknown' ? 'unknown' : 'failed';
    return { ...trouble, statements: error.rows.close({ status, errors: errorsOf(error.cause) }) };
  }
  if (error instanceof Sleep) {
    const { until, reason, note } = error;
    return { kind: 'sleep', until, reason, note };
  }
  if (error instanceof AscError) return appleTrouble(error, now);
  if (error instanceof RefusedError) return { kind: 'stop', reason: error.message, hold: 'refused' };
  if (error instanceof DatabaseUnavailableError) {
    return { kind: 'wait', until: now + RETRY_MS, reason: error.message, isStoreAway: true };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { kind: 'unknown', code: 'FLIGHTDECK.FAULT', detail };
}

/** Around a call that may have left by then, a store that went away leaves open what became of it. */
function ofCall(trouble: Trouble, wasSent: boolean): Trouble {
  if (trouble.kind !== 'wait' || !trouble.isStoreAway || !wasSent) return trouble;
  return { kind: 'unknown', code: 'FLIGHTDECK.DATABASE_AWAY', detail: trouble.reason };
}

function appleTrouble(error: AscError, now: number): Trouble {
  switch (error.kind) {
    case 'rate_limited':
    case 'breaker_open':
      return { kind: 'wait', until: error.retryAt ?? now + UNTOLD_WAIT_MS, reason: error.message };
    case 'unauthorized':
    case 'bad_credential':
      return { kind: 'stop', reason: error.message, hold: 'key' };
    case 'agreement_missing':
      return { kind: 'stop', reason: error.message, hold: 'agreement' };
    case 'clock_skew':
      return { kind: 'stop', reason: error.message, hold: 'clock' };
    case 'forbidden':
    case 'not_found':
    case 'conflict':
    case 'unprocessable':
    case 'invalid_request':
      return refused(error);
    default:
      return error.isUnsent
        ? { kind: 'wait', until: now + RETRY_MS, reason: error.message }
        : { kind: 'unknown', code: codeOf(error), detail: error.message };
  }
}

function refused(error: AscError) {
  return {
    kind: 'refused',
    code: codeOf(error),
    detail: detailOf(error),
    concerns: concernOf(error),
  } as const;
}

/** Whether the reason lies in the item itself, or in something that the next items share. */
function concernOf(error: AscError): Concern {
  if (error.is('forbidden')) return 'role';
  const codes = error.errors.map(({ code = '' }) => code).join(' ');
  const said = `${codes} ${detailOf(error)}`;
  if (/LIMIT|QUOTA/.test(codes) || LIMIT_WORDS.test(said)) return 'limit';
  if (error.is('not_found') || error.hasCode('ENTITY_ERROR.RELATIONSHIP')) return 'target';
  const isOfTheItem =
    error.hasCode('ENTITY_ERROR.ATTRIBUTE') ||
    error.hasCode('STATE_ERROR.TESTER_INVITE') ||
    error.errors.some(({ source }) => source?.pointer?.startsWith('/data/attributes'));
  return isOfTheItem ? 'item' : 'unknown';
}

/** What is said of a limit that is reached; codes for it are not documented. */
const LIMIT_WORDS =
  /\b(limit (is |has been |was )?(reached|exceeded)|maximum (number|amount)|at most \d|no more than \d|too many (testers|builds|groups|users)|(exceeds?|exceeded|reached) (the |your |its )?(limit|maximum|quota|max))/i;

/** Apple's first code, or a word of ours when the answer had none. */
export function codeOf(error: AscError): string {
  return error.code ?? `FLIGHTDECK.${error.kind.toUpperCase()}`;
}

/** Apple's own words, all of them: the reason that matters need not be the first. */
export function detailOf(error: AscError): string {
  return reasonsOf(error.errors).join(' ') || error.message;
}

function errorsOf(error: unknown): readonly AuditProblem[] {
  if (error instanceof AscError && error.errors.length > 0) return error.errors;
  return [{ detail: error instanceof Error ? error.message : String(error) }];
}
