/** Where one signs in and comes back to this page. */
export function signInPath(): string {
  const { pathname, search } = location;
  return `/sign-in?next=${encodeURIComponent(pathname + search)}`;
}
