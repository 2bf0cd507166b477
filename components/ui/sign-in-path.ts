import { ApiError } from '@/lib/browser/api';

/** Whether the session of this page is over. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'FLIGHTDECK.SIGNED_OUT';
}

/** Where one signs in and comes back to this page. */
export function signInPath(): string {
  const { pathname, search } = location;
  return `/sign-in?next=${encodeURIComponent(pathname + search)}`;
}
