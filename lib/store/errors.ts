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

/** What the driver said, in an error of Prisma. */
interface Wrapped {
  readonly driverAdapterError?: { readonly cause?: { readonly originalCode?: string } };
}

/** Codes of Prisma that hide the driver's, as the driver would say it. */
const OF_PRISMA: Readonly<Record<string, string>> = {
  P1001: 'ECONNREFUSED',
  P1008: 'ETIMEDOUT',
  P1017: 'ECONNRESET',
  P2034: '40001',
  P2037: '53300',
};

/** The code that a driver gave an error, Prisma's own where no driver gave one; '' when it has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  const wrapped = 'meta' in error ? (error.meta as Wrapped | undefined) : undefined;
  const code = String(error.code);
  return wrapped?.driverAdapterError?.cause?.originalCode ?? OF_PRISMA[code] ?? code;
}

/** An error of a driver or of Prisma as one of the store; any other as it is. */
export function translated(error: unknown): unknown {
  const reason = unavailability(error);
  if (reason !== null) return new DatabaseUnavailableError(reason, error);
  if (!DUPLICATES.includes(codeOf(error))) return error;
  return new DuplicateError((error as Error).message, { cause: error });
}

const DUPLICATES = ['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'];

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

/** Whether a connection to a server could not be made: nothing was sent. */
export function isUnconnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (/^(08001|08004|57P03|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(codeOf(error)))
    return true;
  return error.message === 'Connection terminated due to connection timeout';
}

/** Whether the connection to a server broke or could not be made. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isUnconnected(error) || /^(08...|57P0[1-5]|ECONN.*|EPIPE|ETIMEDOUT)$/.test(codeOf(error))) return true;
  // The driver has no codes for these.
  return /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout)/.test(
    error.message,
  );
}
