import { AscError } from '../errors';

interface PageLike {
  readonly next: string | undefined;
  readonly refusedNext?: AscError;
}

/**
 * All pages from the first on, following `next` as it comes. A `next` that was followed before ends the iteration
 * with `pagination_loop`; the pages already given stay valid.
 */
export async function* followPages<P extends PageLike>(
  first: () => Promise<P>,
  follow: (url: string) => Promise<P>,
): AsyncGenerator<P, void, undefined> {
  const followed = new Set<string>();
  let page = await first();
  for (;;) {
    yield page;
    const { next, refusedNext } = page;
    if (refusedNext) throw refusedNext;
    if (next === undefined) return;
    if (followed.has(next)) {
      throw new AscError({
        kind: 'pagination_loop',
        message: 'The list does not end: App Store Connect names the same next page again.',
        method: 'GET',
        path: next.replace(/^https?:\/\/[^/]*/, ''),
      });
    }
    followed.add(next);
    page = await follow(next);
  }
}

/** The address of the next page as it came; one that is only a query belongs to the path that was asked for. */
export function nextOf(link: unknown, path: string): string | undefined {
  if (typeof link !== 'string' || link === '') return undefined;
  return link.startsWith('?') ? path + link : link;
}

const APPLE = 'https://api.appstoreconnect.apple.com';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Apple's own name for itself, and this machine's for itself, are home too: what is asked is the configured host. */
function isHome(target: URL, home: URL): boolean {
  if (target.origin === home.origin || target.origin === APPLE) return true;
  const areLocal = LOOPBACK.has(target.hostname) && LOOPBACK.has(home.hostname);
  return areLocal && target.port === home.port && target.protocol === home.protocol;
}

/** Path and query of a `links.next`, which must stay on the configured host; throws `foreign_host` otherwise. */
export function pathOnHost(baseUrl: string, next: string): string {
  const home = new URL(baseUrl);
  const target = URL.canParse(next, home) ? new URL(next, home) : undefined;
  if (!target || !isHome(target, home) || !target.pathname.startsWith('/v1/') || target.username !== '') {
    throw new AscError({
      kind: 'foreign_host',
      message: 'The next page lies on another host and was not asked for.',
      method: 'GET',
      path: target?.pathname ?? '',
      isUnsent: true,
    });
  }
  return target.pathname + target.search;
}
