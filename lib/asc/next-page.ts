import { AscError } from './errors';
import { nextOf, pathOnHost } from './transport/paginate';

/** What was asked for: path without query, and the encoded query. */
interface Asked {
  readonly path: string;
  readonly query?: string;
}

/** Where a list goes on, and why it cannot be followed when it cannot. */
export interface NextPage {
  readonly next: string | undefined;
  readonly refusedNext?: AscError;
}

/** Servers refuse longer addresses, and a stored one has to be sent again. */
const LONGEST = 8_000;

/**
 * Reads `links.next`. No link is the end of the list; one that cannot be followed is not, so it comes with its reason: no
 * text, too long, on another host, of another list, or of another app.
 */
export function nextPage(baseUrl: string, link: unknown, asked: Asked): NextPage {
  if (link === undefined || link === null || link === '') return { next: undefined };
  const next = nextOf(isLinkObject(link) ? link.href : link, asked.path);
  if (next === undefined) return { next, refusedNext: unusable(asked, 'is not an address') };
  if (next.length > LONGEST) return { next, refusedNext: unusable(asked, 'is too long') };
  if (!URL.canParse(next, baseUrl)) return { next, refusedNext: unusable(asked, 'cannot be read') };
  try {
    const target = new URL(pathOnHost(baseUrl, next), baseUrl);
    const home = new URL(asked.path, baseUrl);
    if (decoded(target.pathname) !== decoded(home.pathname)) {
      return { next, refusedNext: unusable(asked, 'belongs to another list') };
    }
    if (!hasSameFilters(target.searchParams, new URLSearchParams(asked.query))) {
      return { next, refusedNext: unusable(asked, 'is filtered otherwise') };
    }
    return { next };
  } catch (error) {
    if (error instanceof AscError) return { next, refusedNext: error };
    throw error;
  }
}

/** A cursor may stand for the filters, but they must not turn into others. */
function hasSameFilters(next: URLSearchParams, asked: URLSearchParams): boolean {
  return [...next].every(([name, value]) => {
    const before = asked.get(name);
    return !name.startsWith('filter[') || before === null || before === value;
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** JSON:API allows a link to be an object. */
function isLinkObject(link: unknown): link is { href: unknown } {
  return typeof link === 'object' && link !== null && 'href' in link;
}

function unusable({ path }: Asked, what: string): AscError {
  return new AscError({
    kind: 'malformed_response',
    message: `The address of the next page ${what}, so the list cannot be read to its end.`,
    method: 'GET',
    path,
  });
}
