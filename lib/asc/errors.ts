import { redact } from './redact';

/** What went wrong, as a closed set a caller can switch over. */
export type AscErrorKind =
  | 'unauthorized'
  | 'forbidden'
  | 'agreement_missing'
  | 'not_found'
  | 'conflict'
  | 'unprocessable'
  | 'invalid_request'
  | 'rate_limited'
  | 'server'
  /** Answered by a proxy, firewall or login page on the way, not by Apple. */
  | 'intermediary'
  | 'network'
  | 'timeout'
  | 'aborted'
  | 'malformed_response'
  | 'too_large'
  | 'foreign_host'
  | 'clock_skew'
  | 'bad_credential'
  | 'pagination_loop'
  | 'breaker_open'
  | 'outcome_unknown';

/** One entry of Apple's `errors[]`, kept as it came. */
export interface AppleError {
  readonly id?: string;
  readonly status?: string;
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly source?: { readonly pointer?: string; readonly parameter?: string };
  /** Resource path → the errors of that resource; the real reason often sits here. */
  readonly associatedErrors?: Readonly<Record<string, readonly AppleError[]>>;
}

export interface AscErrorInit {
  readonly kind: AscErrorKind;
  readonly message: string;
  readonly method?: string | undefined;
  /** Path and query; filter values are removed because they may hold e-mail addresses. */
  readonly path?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly errors?: readonly AppleError[] | undefined;
  /** When to try again, ms since the epoch. */
  readonly retryAt?: number | undefined;
  /** HTTP attempts made for this call. */
  readonly attempts?: number | undefined;
  /** Our clock minus Apple's, ms; set with kind `clock_skew`. */
  readonly skewMs?: number | undefined;
  /** The request certainly did not reach Apple. */
  readonly isUnsent?: boolean | undefined;
  /** With kind `breaker_open`: how the last request failed that went out. */
  readonly after?: AscErrorKind | undefined;
  readonly cause?: unknown | undefined;
}

// Next bundles start-up and routes apart, so a process may hold a class twice: its instances are known by this mark.
const MARK: unique symbol = Symbol.for('flightdeck.AscError');

/** Any failure of a call to App Store Connect; never carries a token, a key or a body we sent. */
export class AscError extends Error {
  override readonly name = 'AscError';
  readonly [MARK] = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  readonly kind: AscErrorKind;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly errors: readonly AppleError[];
  readonly retryAt: number | undefined;
  readonly attempts: number | undefined;
  readonly skewMs: number | undefined;
  readonly isUnsent: boolean;
  readonly after: AscErrorKind | undefined;

  constructor(init: AscErrorInit) {
    super(redact(init.message));
    this.kind = init.kind;
    this.method = init.method;
    this.path = init.path === undefined ? undefined : safePath(init.path);
    this.status = init.status;
    this.requestId = init.requestId;
    this.errors = redactErrors(init.errors ?? []);
    this.retryAt = init.retryAt;
    this.attempts = init.attempts;
    this.skewMs = init.skewMs;
    this.isUnsent = init.isUnsent ?? false;
    this.after = init.after;
    // Only the name and text of a cause are kept: undici's errors can hold the request with its headers.
    if (init.cause instanceof Error) this.cause = `${init.cause.name}: ${redact(init.cause.message)}`;
  }

  /** Whether the error is of one of these kinds. */
  is(...kinds: readonly AscErrorKind[]): boolean {
    return kinds.includes(this.kind);
  }

  /** Apple's first code, such as `STATE_ERROR.TESTER_INVITE.ALREADY_ACCEPTED`. */
  get code(): string | undefined {
    return this.errors[0]?.code;
  }

  /** Whether any of Apple's codes equals the prefix or continues it with a dot. */
  hasCode(prefix: string): boolean {
    return allCodes(this.errors).some((code) => code === prefix || code.startsWith(`${prefix}.`));
  }

  /** Everything a log line or an API answer may show. */
  toJSON(): Record<string, unknown> {
    const shown = {
      name: this.name,
      kind: this.kind,
      message: this.message,
      method: this.method,
      path: this.path,
      status: this.status,
      requestId: this.requestId,
      errors: this.errors,
      retryAt: this.retryAt,
      attempts: this.attempts,
      skewMs: this.skewMs,
    };
    return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
  }
}

/** Whether a caught value is an {@link AscError}; ask {@link AscError.is} for its kind. */
export function isAscError(value: unknown): value is AscError {
  return value instanceof AscError;
}

/** The same error with some facts replaced, such as the number of attempts. */
export function withFacts(error: AscError, facts: Partial<AscErrorInit>): AscError {
  const { kind, message, method, path, status, requestId, errors, retryAt, attempts, skewMs, isUnsent } =
    error;
  const known = { method, path, status, requestId, retryAt, attempts, skewMs, after: error.after };
  return new AscError({ kind, message, errors, isUnsent, ...known, ...facts });
}

function allCodes(errors: readonly AppleError[]): string[] {
  return errors.flatMap((error) => [
    ...(error.code === undefined ? [] : [error.code]),
    ...Object.values(error.associatedErrors ?? {}).flatMap(allCodes),
  ]);
}

function redactErrors(errors: readonly AppleError[]): readonly AppleError[] {
  return errors.map((error) => ({
    ...error,
    ...(error.title === undefined ? {} : { title: redact(error.title) }),
    ...(error.detail === undefined ? {} : { detail: redact(error.detail) }),
    ...(error.associatedErrors === undefined
      ? {}
      : {
          associatedErrors: Object.fromEntries(
            Object.entries(error.associatedErrors).map(([path, list]) => [path, redactErrors(list)]),
          ),
        }),
  }));
}

/** A path and query without what people typed into filters; for errors and logs. */
export function safePath(path: string): string {
  const [pathname = '', query] = path.split('?', 2);
  if (query === undefined) return redact(pathname);
  const shown = query.split('&').map((part) => {
    const [name = '', value = ''] = part.split('=', 2);
    return /^(filter|cursor)/.test(name) ? `${name}=…` : `${name}=${value}`;
  });
  return redact(`${pathname}?${shown.join('&')}`);
}

/** The reasons of all errors and associated errors, each once: the one that matters need not be the first. */
export function reasonsOf(errors: readonly AppleError[]): string[] {
  const told = errors.flatMap(({ title, detail, associatedErrors = {} }) => [
    detail || title,
    ...reasonsOf(Object.values(associatedErrors).flat()),
  ]);
  return [...new Set(told.filter((text): text is string => text !== undefined && text !== ''))];
}

/** All that Apple said, titles included, in the order in which it came. */
export function wordsOf(errors: readonly AppleError[]): string {
  return [...new Set(errors.flatMap(saidBy))].join(' ');
}

function saidBy({ title, detail, associatedErrors = {} }: AppleError): string[] {
  // A detail that begins with the title says everything.
  const own = detail?.startsWith(title ?? '') ? [detail] : [title, detail];
  const said = own.filter((text) => text !== undefined && text !== '').join(' ');
  return [...(said === '' ? [] : [said]), ...Object.values(associatedErrors).flat().flatMap(saidBy)];
}
