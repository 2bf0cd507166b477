/** Longer than any address of ours, characters. */
const LONGEST = 2_000;
/** Stands for this installation while an address is read: no address can lead there by accident. */
const HERE = 'http://here.invalid';
/** Letters that look like a slash, or that some program on the way turns into one. */
const SLASHES = /[\\\u2044\u2215\u2216\u29F5\u29F8\u29F9\uFE68\uFF0F\uFF3C]/;
/** Places that are no page to come back to: they answer machines, or would begin the way anew. */
const NO_PAGE = /^\/(?:api|_next|sign-in|new-password|setup)(?:\/|$)/;

/**
 * Where to go when the target comes from outside (an address, a form, a cookie): a path of this installation as the
 * browser would read it, else `/`. What browsers and servers read differently is no path of ours.
 */
export function ownPath(target: unknown): string {
  if (typeof target !== 'string' || target.length > LONGEST) return '/';
  // Browsers drop tabs and line breaks wherever they stand, and blanks at the ends, before they read an address.
  if (!target.startsWith('/') || /[\p{C}\p{Z}]/u.test(target) || SLASHES.test(target)) return '/';
  if (!URL.canParse(target, HERE)) return '/';
  const { origin, pathname, search, hash } = new URL(target, HERE);
  if (origin !== HERE || NO_PAGE.test(pathname)) return '/';
  const path = decoded(pathname);
  // Dots are resolved by now: `/.//host` has become `//host`.
  const isPlain = path !== null && !path.includes('//') && !/[\p{C}\\]/u.test(path) && !SLASHES.test(path);
  return isPlain ? pathname + search + hash : '/';
}

/** The same for a whole address: a path of `baseUrl`, else its start page. */
export function ownAddress(target: unknown, baseUrl: string): string {
  if (typeof target !== 'string') return baseUrl;
  const { origin } = new URL(baseUrl);
  const rest = target.startsWith(`${origin}/`) ? target.slice(origin.length) : target;
  const path = ownPath(rest);
  return path === '/' ? baseUrl : origin + path;
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
