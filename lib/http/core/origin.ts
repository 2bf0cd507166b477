import { isLoopback } from '@/lib/env';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether requests of this method change nothing. */
export function isSafe(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/** Whether the request was sent to this installation's own name, and not to one that was made to point here. */
export function isOwnHost(request: Request, canonicalUrl: string): boolean {
  const host = hostOf(request);
  if (host === null) return false;
  const canonical = new URL(canonicalUrl);
  return host.host === canonical.host || isLoopback(host.hostname);
}

/**
 * Whether a change was asked for by our own pages. Browsers tell so by `Sec-Fetch-Site`, and by `Origin`; whoever
 * sends neither is refused, and when both are there both must agree.
 */
export function isOwnOrigin(request: Request, canonicalUrl: string): boolean {
  if (isSafe(request.method)) return true;
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  if (site === null && origin === null) return false;
  if (site !== null && site !== 'same-origin') return false;
  return origin === null || isCanonical(origin, request, canonicalUrl);
}

function isCanonical(origin: string, request: Request, canonicalUrl: string): boolean {
  const canonical = new URL(canonicalUrl);
  if (origin === canonical.origin) return true;
  // On one's own machine localhost and 127.0.0.1 are the same place, as long as it is the address asked.
  const host = hostOf(request);
  return (
    host !== null &&
    isLoopback(host.hostname) &&
    isLoopback(canonical.hostname) &&
    origin === `http://${host.host}`
  );
}

function hostOf(request: Request): URL | null {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  const url = `http://${host}`;
  return URL.canParse(url) && new URL(url).pathname === '/' ? new URL(url) : null;
}
