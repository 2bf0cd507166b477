import { AWAY_PAGE_POLICY, awayPage } from './away-page';
import { isPage } from './pages';
import {
  contentSecurityPolicy,
  KEPT_BY_NOBODY,
  OFFLINE_PAGE_POLICY,
  securityHeaders,
} from './security-headers';
import { misspelling } from './well-formed';

/** What of a request is looked at before it is answered. */
export interface Asked {
  /** Path and query, as they came. */
  readonly address: string;
  header(name: string): string | null | undefined;
  /** As the handlers of the API take it; made only where it is needed. */
  asRequest(): Request;
}

/** How a request goes on: with headers of its own and of its answer, or with the answer at once. */
export interface Met {
  readonly asked: readonly (readonly [name: string, value: string])[];
  readonly answered: readonly (readonly [name: string, value: string])[];
  readonly answer: Response | null;
}

/** A request with this header has been met already. */
export const MET = 'x-flightdeck-met';

/** Path and query of a request, for whoever comes back to them: a page is not told its own address. */
export const ADDRESS = 'x-flightdeck-address';

/** What start-up puts here: the proxy is bundled apart from everything that knows the store. */
const shared = globalThis as typeof globalThis & {
  flightdeckIsPageThere?: (request: Request) => Promise<boolean>;
  flightdeckWhyAway?: () => Promise<string | null>;
};

/**
 * Gives a request the headers that tell browsers what a page may do, and a nonce for its scripts, and answers what Next
 * would not hand on as it should. Who may see a page is never decided here: each page and each route asks for itself.
 */
export async function meet(asked: Asked): Promise<Met> {
  const isSecure = (process.env.NEXTAUTH_URL ?? '').startsWith('https:');
  const isDevelopment = process.env.NODE_ENV === 'development';
  const policy = contentSecurityPolicy({ isSecure, isDevelopment });
  const pathname = asked.address.split(/[?#]/, 1)[0] ?? '';
  const away = isPage(pathname) ? ((await shared.flightdeckWhyAway?.()) ?? null) : null;
  const answer = away === null ? await refusal(asked, pathname) : awayPage(away);
  const isFile = pathname === '/offline.html';
  const policies = away === null ? policy : AWAY_PAGE_POLICY;
  const isKnown = /^[\w-]{8,64}$/.test(asked.header('x-request-id') ?? '');
  return {
    asked: [
      ['content-security-policy', policy],
      [ADDRESS, asked.address],
      ...(isKnown ? [] : [['x-request-id', crypto.randomUUID()] as const]),
    ],
    answered: [
      ['Content-Security-Policy', isFile ? OFFLINE_PAGE_POLICY : policies],
      ...securityHeaders({ isSecure }),
      // Icons of apps say for themselves how long they may be kept, the stream that it may not be packed.
      ...(pathname.startsWith('/_next/') || /^\/api\/(apps\/[^/]+\/icon|stream)$/.test(pathname)
        ? []
        : [KEPT_BY_NOBODY]),
    ],
    answer,
  };
}

/** The answer to what Next would not hand on as it should: a path that is no text, and a part of a page that is gone. */
async function refusal(asked: Asked, pathname: string): Promise<Response | null> {
  const wrong = misspelling(`http://host.invalid${asked.address}`);
  if (wrong?.part === 'path') {
    const error = {
      status: '400',
      code: 'FLIGHTDECK.ADDRESS',
      title: 'The address is misspelt',
      detail: wrong.detail,
    };
    return Response.json({ errors: [error] }, { status: 400 });
  }
  const isGone =
    isPart(asked, pathname) && (await shared.flightdeckIsPageThere?.(asked.asRequest())) === false;
  // To a browser this answer means: ask for the page itself.
  return isGone ? new Response(null, { status: 404 }) : null;
}

/** Whether a part of a page is asked for: its answer begins with 200 before the page says whether it is there. */
function isPart({ address, header }: Asked, pathname: string): boolean {
  if (pathname.startsWith('/api/')) return false;
  const names = ['rsc', 'next-router-prefetch', 'next-router-segment-prefetch'];
  return names.some((name) => header(name) != null) || /[?&]_rsc(=|&|$)/.test(address);
}
