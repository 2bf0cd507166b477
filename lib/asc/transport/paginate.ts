import { AscError } from '../errors';

interface PageLike {
  readonly next: string | undefined;
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
    const { next } = page;
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

/** Path and query of a `links.next`, which must stay on the configured host; throws `foreign_host` otherwise. */
export function pathOnHost(baseUrl: string, next: string): string {
  const home = new URL(baseUrl);
  const target = URL.canParse(next, home) ? new URL(next, home) : undefined;
  if (target?.origin !== home.origin || !target.pathname.startsWith('/v1/') || target.username !== '') {
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
