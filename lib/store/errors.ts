// Next bundles start-up and routes apart, so a process may hold a class twice: its instances are known by this mark.
const UNAVAILABLE: unique symbol = Symbol.for('flightdeck.DatabaseUnavailableError');
const STALE: unique symbol = Symbol.for('flightdeck.StaleWriteError');
const DUPLICATE: unique symbol = Symbol.for('flightdeck.DuplicateError');

const REASONS = {
  locked: 'The database is locked by another process.',
  full: 'The disk is full.',
  readonly: 'The database cannot be written.',
  io: 'The disk gave an error.',
  unreachable: 'The database cannot be reached.',
  exhausted: 'All connections to the database are in use.',
  slow: 'The database took too long to answer.',
  unsure: 'The database went away while it was being written; whether the change is in it is not known.',
} as const;

/** The store cannot be used now, for the reason it names: nothing was written, unless the reason is `unsure`. */
export class DatabaseUnavailableError extends Error {
  override name = 'DatabaseUnavailableError';
  readonly [UNAVAILABLE] = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && UNAVAILABLE in value;
  }

  constructor(
    readonly reason: keyof typeof REASONS,
    cause: unknown,
  ) {
    super(REASONS[reason], { cause });
  }
}

/** A statement changed another number of rows than it had to: someone else was faster. Nothing was written. */
export class StaleWriteError extends Error {
  override name = 'StaleWriteError';
  readonly [STALE] = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && STALE in value;
  }
}

/** There is a row with this key already. Nothing was written. */
export class DuplicateError extends Error {
  override name = 'DuplicateError';
  readonly [DUPLICATE] = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && DUPLICATE in value;
  }
}

/** The code that a driver gave an error; '' when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Why the store could not be used, or null when the error is about something else. */
export function unavailability(error: unknown): DatabaseUnavailableError['reason'] | null {
  if (error instanceof DatabaseUnavailableError) return error.reason;
  if (error instanceof Error && error.message === 'timeout exceeded when trying to connect')
    return 'exhausted';
  return isLost(error) ? 'unreachable' : reasonOf(codeOf(error));
}

/** Codes of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const OF_POSTGRES: Readonly<Record<string, DatabaseUnavailableError['reason']>> = {
  '40001': 'locked',
  '40P01': 'locked',
  '55P03': 'locked',
  '53100': 'full',
  '53200': 'io',
  '53300': 'exhausted',
  '58030': 'io',
  '25006': 'readonly',
  '57014': 'slow',
};

function reasonOf(code: string): DatabaseUnavailableError['reason'] | null {
  if (Object.hasOwn(OF_POSTGRES, code)) return OF_POSTGRES[code] ?? null;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'locked';
  if (code === 'SQLITE_FULL') return 'full';
  if (code.startsWith('SQLITE_READONLY')) return 'readonly';
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN') return 'io';
  return null;
}

/** Whether the connection to a server broke or could not be made. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (/^(08...|57P0[1-5]|ECONN.*|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code))
    return true;
  // The driver has no codes for these.
  return /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(
    error.message,
  );
}
