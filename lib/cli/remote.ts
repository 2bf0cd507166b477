import { openAsBlob } from 'node:fs';

/** Another installation that a command asks instead of the local one. */
export interface Remote {
  /** Its address, without a slash at the end. */
  readonly url: string;
  readonly token: string;
}

/** What the environment or the far side makes impossible; the message says what to do. */
export class RemoteError extends Error {
  override readonly name: string = 'RemoteError';
  constructor(
    message: string,
    /** What the far side calls its refusal. */
    readonly code?: string,
    /** The status of its answer; 0 where none came that could be read. */
    readonly status?: number,
    /** What it adds to its words. */
    readonly meta?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

/** Whether the far side may answer in a while: it did not, it has trouble of its own, or it was asked too often. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof RemoteError) || error.status === undefined) return false;
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

/** How long an answer may take, ms. */
const PATIENCE_MS = 30_000;

/**
 * Which installation to ask: FLIGHTDECK_URL with FLIGHTDECK_TOKEN, or null for the local one.
 * @throws RemoteError when one of the two is missing, or the token would travel unprotected
 */
export function remoteOf(env: NodeJS.ProcessEnv): Remote | null {
  const { FLIGHTDECK_URL: url, FLIGHTDECK_TOKEN: token } = env;
  if (!url && !token) return null;
  if (!url)
    throw new RemoteError('FLIGHTDECK_TOKEN is set, but FLIGHTDECK_URL does not say where Flightdeck is.');
  if (!token) throw new RemoteError('FLIGHTDECK_URL is set, but FLIGHTDECK_TOKEN is not.');
  if (!URL.canParse(url)) throw new RemoteError('FLIGHTDECK_URL is no address.');
  const { protocol, hostname } = new URL(url);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere))
    throw new RemoteError('FLIGHTDECK_URL must begin with https://, or the token could be read on the way.');
  return { url: url.replace(/\/+$/, ''), token };
}

/** Asks the far installation; what it refuses is said in its own words. @throws RemoteError */
export async function askRemote<Data>(
  remote: Remote,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<Data> {
  return told<Data>(remote, path, query, { signal: AbortSignal.timeout(PATIENCE_MS) });
}

/** Tells the far installation to do something. @throws RemoteError */
export async function tellRemote<Data>(remote: Remote, path: string, order: unknown): Promise<Data> {
  return told<Data>(
    remote,
    path,
    {},
    {
      method: 'POST',
      body: JSON.stringify(order),
      headers: { 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    },
  );
}

/** How long a large file may take, ms. */
const LONG_MS = 60 * 60_000;

/** The far installation refuses what it was sent; the message is its own. */
export class RemoteRefusal extends RemoteError {}

/** Sends a file to the far installation as it is. @throws RemoteRefusal, RemoteError */
export async function sendRemote<Data>(
  remote: Remote,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  file: string,
): Promise<Data> {
  const body = await openAsBlob(file);
  const headers = { 'Content-Type': 'application/octet-stream' };
  return told<Data>(remote, path, query, {
    method: 'POST',
    body,
    headers,
    signal: AbortSignal.timeout(LONG_MS),
  });
}

async function told<Data>(
  { url, token }: Remote,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  init: RequestInit,
): Promise<Data> {
  const address = new URL(`${url}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(name, value);
  }
  const headers = { ...init.headers, Authorization: `Bearer ${token}`, Accept: 'application/json' };
  // A redirect would carry the token to another place.
  const response = await fetch(address, { ...init, headers, redirect: 'error' }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
    throw new RemoteError(`${url} does not answer${cause ? `: ${cause}` : ''}.`, undefined, 0);
  });
  const body = (await response.json().catch(() => null)) as {
    data?: Data;
    errors?: readonly { code?: string; detail?: string; meta?: Readonly<Record<string, unknown>> }[];
  } | null;
  if (response.ok && body?.data !== undefined) return body.data;
  const reasons = (body?.errors?.flatMap(({ detail }) => detail ?? []) ?? []).join('\n');
  if (reasons !== '' && [413, 422].includes(response.status)) throw new RemoteRefusal(reasons);
  const words = reasons || `${url} answers ${response.status}, which is not Flightdeck’s way.`;
  const [first] = body?.errors ?? [];
  throw new RemoteError(words, first?.code, response.ok ? 0 : response.status, first?.meta);
}
