import { AscError } from '@/lib/asc/errors';
import type { AuditProblem } from '@/lib/audit/entry';
import type { Trouble } from '@/lib/jobs/types';
import { DatabaseUnavailableError, type Statement } from '@/lib/mirror/store';
import { RefusedError } from '../errors';

/** A call of a job failed, and what its audit rows become depends on what that means. */
export class ItemCallError extends Error {
  override readonly name = 'ItemCallError';
  constructor(
    override readonly cause: unknown,
    /** The audit outcome that goes with it: nothing was done, or nobody knows. */
    readonly statementsFor: (
      outcome: 'failed' | 'unknown',
      errors: readonly AuditProblem[],
    ) => readonly Statement[],
  ) {
    super('A call of a job failed.');
  }
}

const UNTOLD_WAIT_MS = 60_000;
const RETRY_MS = 5000;

/** What an error of an item means for the item and its job. */
export function troubleOf(error: unknown, now: number): Trouble {
  if (error instanceof ItemCallError) {
    const trouble = troubleOf(error.cause, now);
    const outcome = trouble.kind === 'unknown' ? 'unknown' : 'failed';
    return { ...trouble, statements: error.statementsFor(outcome, errorsOf(error.cause)) };
  }
  if (error instanceof AscError) return appleTrouble(error, now);
  if (error instanceof RefusedError) return { kind: 'stop', reason: error.message };
  if (error instanceof DatabaseUnavailableError) {
    return { kind: 'wait', until: now + RETRY_MS, reason: error.message };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { kind: 'unknown', code: 'FLIGHTDECK.FAULT', detail };
}

function appleTrouble(error: AscError, now: number): Trouble {
  switch (error.kind) {
    case 'rate_limited':
    case 'breaker_open':
      return { kind: 'wait', until: error.retryAt ?? now + UNTOLD_WAIT_MS, reason: error.message };
    case 'unauthorized':
    case 'bad_credential':
    case 'agreement_missing':
    case 'clock_skew':
      return { kind: 'stop', reason: error.message };
    case 'forbidden':
      return { ...refused(error), systemic: true };
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
  return { kind: 'refused', code: codeOf(error), detail: detailOf(error) } as const;
}

/** Apple's first code, or a word of ours when the answer had none. */
export function codeOf(error: AscError): string {
  return error.code ?? `FLIGHTDECK.${error.kind.toUpperCase()}`;
}

/** Apple's own words, those of associated errors included: the real reason often sits there. */
export function detailOf(error: AscError): string {
  const [first] = error.errors;
  const associated = Object.values(first?.associatedErrors ?? {}).flat();
  const told = [first?.detail ?? first?.title, ...associated.map((one) => one.detail ?? one.title)];
  const words = told.filter((text): text is string => text !== undefined && text !== '');
  return words.length > 0 ? [...new Set(words)].join(' ') : error.message;
}

function errorsOf(error: unknown): readonly AuditProblem[] {
  if (error instanceof AscError && error.errors.length > 0) return error.errors;
  return [{ detail: error instanceof Error ? error.message : String(error) }];
}
