import { type NextRequest, NextResponse } from 'next/server';
import { contentSecurityPolicy, securityHeaders } from '@/lib/http/security-headers';

/**
 * Sets the headers that tell browsers what a page may do, and a nonce for its scripts. Who may see a page is never
 * decided here: each page and each route asks for itself.
 */
export function proxy(request: NextRequest): NextResponse {
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
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  for (const [name, value] of securityHeaders({ isSecure })) response.headers.set(name, value);
  const { pathname } = request.nextUrl;
  // Icons of apps say for themselves how long they may be kept.
  if (!pathname.startsWith('/_next/') && !/^\/api\/apps\/[^/]+\/icon$/.test(pathname))
    response.headers.set('Cache-Control', 'no-store');
  return response;
}

export const config = {
  // Hashed files need no nonce and may be kept by browsers.
  matcher: ['/((?!_next/static|_next/image|favicon.ico).*)'],
};
