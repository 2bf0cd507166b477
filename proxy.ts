import { type NextRequest, NextResponse } from 'next/server';
import { AWAY_PAGE_POLICY, awayPage } from '@/lib/http/core/away-page';
import { isPage } from '@/lib/http/core/pages';
import {
  contentSecurityPolicy,
  OFFLINE_PAGE_POLICY,
  securityHeaders,
} from '@/lib/http/core/security-headers';
import { misspelling } from '@/lib/http/core/well-formed';

/**
 * Sets the headers that tell browsers what a page may do, and a nonce for its scripts. Who may see a page is never
 * decided here: each page and each route asks for itself.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
  const isSecure = (process.env.NEXTAUTH_URL ?? '').startsWith('https:');
  const policy = contentSecurityPolicy(nonce, {
    isSecure,
    isDevelopment: process.env.NODE_ENV === 'development',
  });
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  if (!/^[\w-]{8,64}$/.test(headers.get('x-request-id') ?? ''))
    headers.set('x-request-id', crypto.randomUUID());
  const { pathname } = request.nextUrl;
  const away = await whyAway(request);
  const page = away === null ? null : awayPage(away);
  const response = page
    ? new NextResponse(page.body, page)
    : ((await refusal(request)) ?? NextResponse.next({ request: { headers } }));
  const isFile = pathname === '/offline.html';
  const policies = away === null ? policy : AWAY_PAGE_POLICY;
  response.headers.set('Content-Security-Policy', isFile ? OFFLINE_PAGE_POLICY : policies);
  for (const [name, value] of securityHeaders({ isSecure })) response.headers.set(name, value);
  // Icons of apps say for themselves how long they may be kept, the stream that it may not be packed.
  if (!pathname.startsWith('/_next/') && !/^\/api\/(apps\/[^/]+\/icon|stream)$/.test(pathname))
    response.headers.set('Cache-Control', 'no-store');
  return response;
}

/** The answer to what Next would not hand on as it should: a path that is no text, and a part of a page that is gone. */
async function refusal(request: NextRequest): Promise<NextResponse | null> {
  const wrong = misspelling(request.url);
  if (wrong?.part === 'path') {
    const error = {
      status: '400',
      code: 'FLIGHTDECK.ADDRESS',
      title: 'The address is misspelt',
      detail: wrong.detail,
    };
    return NextResponse.json({ errors: [error] }, { status: 400 });
  }
  const isGone = isPart(request) && (await shared.flightdeckIsPageThere?.(request)) === false;
  // To a browser this answer means: ask for the page itself.
  return isGone ? new NextResponse(null, { status: 404 }) : null;
}

/** Why a page that is asked for cannot be made; null when it can, and for anything that is no page. */
async function whyAway({ nextUrl }: NextRequest): Promise<string | null> {
  return isPage(nextUrl.pathname) ? ((await shared.flightdeckWhyAway?.()) ?? null) : null;
}

/** What start-up puts here: this file is bundled apart from everything that knows the store. */
const shared = globalThis as typeof globalThis & {
  flightdeckIsPageThere?: (request: Request) => Promise<boolean>;
  flightdeckWhyAway?: () => Promise<string | null>;
};

/** Whether a part of a page is asked for: its answer begins with 200 before the page says whether it is there. */
function isPart({ headers, nextUrl }: NextRequest): boolean {
  const asked = ['rsc', 'next-router-prefetch', 'next-router-segment-prefetch'].some((name) =>
    headers.has(name),
  );
  return (asked || nextUrl.searchParams.has('_rsc')) && !nextUrl.pathname.startsWith('/api/');
}

export const config = {
  // Hashed files need no nonce and may be kept by browsers.
  // Nor does what takes large files in: the proxy would hold them in memory, and no more than ten megabytes of them.
  matcher: [
    '/((?!_next/static|_next/image|favicon.ico|api/symbols$).*)',
    {
      source: '/api/symbols',
      missing: [
        { type: 'header', key: 'content-length' },
        { type: 'header', key: 'transfer-encoding' },
      ],
    },
  ],
};
