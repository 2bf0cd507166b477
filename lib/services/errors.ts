/** One entry of an error answer, as JSON:API has it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly source?: { readonly pointer?: string; readonly parameter?: string; readonly header?: string };
  readonly meta?: Readonly<Record<string, unknown>>;
}

// Next bundles start-up and routes apart, so a process may hold a class twice: its instances are known by this mark.
const MARK: unique symbol = Symbol.for('flightdeck.RefusedError');

/** A request that is refused by Flightdeck itself, for reasons a person can act on. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly [MARK] = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  readonly problems: readonly Problem[];
  /** When to try again, ms since 1970. */
  readonly retryAt: number | undefined;

  constructor(problems: Problem | readonly Problem[], retryAt?: number) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems as Problem];
    super(list[0]?.detail ?? 'Refused.');
    this.problems = list;
    this.retryAt = retryAt;
  }

  get status(): number {
    return this.problems[0]?.status ?? 400;
  }
}

/** There is no such thing, or not for this actor. */
export function notFound(detail: string, code = 'FLIGHTDECK.NOT_FOUND'): RefusedError {
  return new RefusedError({ status: 404, code, title: 'Not found', detail });
}

/** Apple does not offer this operation on the resource. */
export function notOffered(detail: string): RefusedError {
  return new RefusedError({ status: 405, code: 'FLIGHTDECK.NOT_OFFERED', title: 'Not offered', detail });
}

/** A parameter of the address is wrong. */
export function badParameter(parameter: string, detail: string): RefusedError {
  return badParameters([{ parameter, message: detail }]);
}

/** Several parameters of the address are wrong. */
export function badParameters(
  problems: readonly { readonly parameter: string; readonly message: string }[],
): RefusedError {
  return new RefusedError(
    problems.map(({ parameter, message }) => ({
      status: 400,
      code: 'FLIGHTDECK.PARAMETER',
      title: 'A parameter is wrong',
      detail: message,
      source: { parameter: parameter.slice(0, 200) },
    })),
  );
}

/** A member of the body is wrong. */
export function badMember(pointer: string, detail: string, status = 400): RefusedError {
  return badMembers([{ pointer, detail }], status);
}

/** Several members of the body are wrong: each is told. */
export function badMembers(
  problems: readonly { readonly pointer: string; readonly detail: string }[],
  status = 400,
): RefusedError {
  return new RefusedError(
    problems.map(({ pointer, detail }) => ({
      status,
      code: 'FLIGHTDECK.BODY',
      title: 'The request body is wrong',
      detail,
      source: { pointer },
    })),
  );
}

/** The state of things forbids this now. */
export function conflict(
  code: string,
  detail: string,
  meta?: Readonly<Record<string, unknown>>,
): RefusedError {
  return new RefusedError({ status: 409, code, title: 'Conflict', detail, ...(meta ? { meta } : {}) });
}

/** Too often. */
export function tooMany(detail: string, retryAt: number): RefusedError {
  return new RefusedError(
    { status: 429, code: 'FLIGHTDECK.TOO_MANY', title: 'Too many requests', detail },
    retryAt,
  );
}
