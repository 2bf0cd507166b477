import { codeOf } from './errors';

/** The database of the address cannot be opened; the message goes on after the name of the variable. */
export class OpenError extends Error {
  override name = 'OpenError';
}

/** The address as people may see it: where the server is and which database, without who asks and by which secret. */
export function shownAddress(url: string): string {
  if (!URL.canParse(url) || url.startsWith('file:')) return url;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Why a PostgreSQL cannot be opened, with what to do; null when it is something unforeseen. */
export function whyClosed(error: unknown, url: string): OpenError | null {
  if (error instanceof OpenError) return error;
  if (!(error instanceof Error)) return null;
  const { hostname, username, pathname } = new URL(url);
  const facts = {
    host: hostname,
    at: new URL(url).host || 'this machine',
    user: decoded(username),
    database: decoded(pathname.slice(1)),
    said: error.message,
  };
  const code = codeOf(error);
  const [, reason] = REASONS.find(([of]) => of.test(code) || of.test(error.message)) ?? [];
  return reason ? new OpenError(reason(facts), { cause: error }) : null;
}

interface Facts {
  readonly host: string;
  readonly at: string;
  readonly user: string;
  readonly database: string;
  /** The server's or the driver's words; they hold no secret. */
  readonly said: string;
}

/** By code, or by the driver's words where it has no code. */
const REASONS: readonly (readonly [RegExp, (facts: Facts) => string])[] = [
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    ({ host }) => `names a host that cannot be found: ${host}. Look at its spelling and at the name server.`,
  ],
  [
    /^(ECONNREFUSED|57P03)$/,
    ({ at, said }) =>
      said.includes('starting up') || said.includes('shutting down')
        ? `names a PostgreSQL that is just starting or stopping at ${at}. Try again in a moment.`
        : `names a place where no PostgreSQL answers: ${at}. Start the server, or mend host and port.`,
  ],
  [
    /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|EPIPE)$|^(timeout exceeded when trying|Connection terminated)/,
    ({ at }) =>
      `names a server that does not answer: ${at}. Look whether a firewall stands between, and whether it is PostgreSQL.`,
  ],
  [
    /^28P01$|client password must be/,
    ({ user, at }) =>
      `has a user or password that the server at ${at} refuses (user ${user}). Letters such as @ : / # % in a password are written with %: @ is %40.`,
  ],
  [/^28000$/, ({ said }) => `is not let in by the server: ${said}.`],
  [
    /^3D000$/,
    ({ database, user }) =>
      `names a database that does not exist: ${database}. Make it: CREATE DATABASE "${database}" OWNER "${user}" ENCODING 'UTF8' TEMPLATE template0;`,
  ],
  [
    /^42501$/,
    ({ database, user, said }) =>
      `names a database in which this user may not make what Flightdeck needs (${said}). Let an administrator run: ALTER DATABASE "${database}" OWNER TO "${user}"; and in it GRANT CREATE ON SCHEMA public TO "${user}";`,
  ],
  [/^3F000$/, () => 'names a database without a schema to work in. Make it: CREATE SCHEMA public;'],
  [
    /^53300$/,
    ({ at }) =>
      `names a server that has no connection free: ${at}. Raise its max_connections, or end what holds them.`,
  ],
  [/^53100$/, ({ at }) => `names a server whose disk is full: ${at}.`],
  [
    /^25006$/,
    ({ at }) => `names a server that cannot be written, such as a standby: ${at}. Name the primary.`,
  ],
  [
    /^08P01$/,
    ({ said }) =>
      `is answered by something that is no plain PostgreSQL (${said}). Name the server itself: a pooler that shares connections between transactions will not do.`,
  ],
  [
    /SSL|TLS|CERT|SELF_SIGNED|certificate/,
    ({ at, said }) =>
      `asks for an encrypted connection that ${at} does not give as asked: ${said}. Name its authority by sslrootcert=/path/to/ca.pem, or set sslmode to no-verify (a network you trust) or disable.`,
  ],
];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
